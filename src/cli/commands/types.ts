import type { Command } from 'commander';
import { act } from '../command.ts';

interface TypesFlags {
  readonly out?: string;
  readonly browser?: boolean;
}

export function addTypes(program: Command): void {
  const command = program
    .command('types')
    .summary("TypeScript declarations of a model's rows and predictions")
    .description(
      'Writes what a model takes and predicts as TypeScript, so that load<ModelTasks, ModelRow>(…) knows columns, categories and classes.',
    )
    .argument('<model>', 'the folder "model" of a run, or a model in a single file')
    .option('-o, --out <file>', 'where to write, such as model.d.ts (default: stdout)')
    .option('--browser', 'for polytask/browser');
  act(command, async (io, { out, browser = false }: TypesFlags, model: string): Promise<undefined> => {
    const { readArtefact, typesFile } = await import('../../artefact/index.ts');
    const { openFiles } = await import('../../serving/model-place.ts');
    const artefact = await readArtefact(await openFiles(model));
    const text = typesFile(artefact, { module: browser ? 'polytask/browser' : 'polytask' });
    if (out === undefined) io.print(text.trimEnd());
    else await (await import('../output/write-text.ts')).writeText(io, out, text);
    io.answer({ model, ...(out === undefined ? { types: text } : { out }) });
  });
}
