import type { Command } from 'commander';
import type { Architecture } from '../../model/index.ts';
import { act } from '../command.ts';
import type { Io } from '../io.ts';

interface DescribeOptions {
  readonly svg?: string;
}

export function addDescribe(program: Command): void {
  const command = program
    .command('describe')
    .summary('what a trained model takes, predicts and is made of')
    .description('Prints the tasks, the inputs, the origin and the architecture of a model folder.')
    .argument('<model>', 'the folder "model" of a run, or a model in a single file')
    .option('--svg <file>', 'write the drawing of the architecture');
  act(command, async (io, { svg }: DescribeOptions, folder: string): Promise<undefined> => {
    const { load } = await import('../../serving/index.ts');
    const model = await load(folder);
    try {
      const { signature, encoders } = model;
      const inputs = encoders.encoders.map((encoder) => ({
        column: encoder.column,
        ...kindOf(encoder.toJSON()),
      }));
      const tasks = signature.tasks.map(({ fitted, output }) => ({ ...fitted, output }));
      const { sharing, seed, seeds, polytask, by, architecture } = signature;
      const whose = seeds === undefined ? `seed ${seed}` : `the mean of seeds ${seeds.join(', ')}`;
      io.print(
        `sharing ${sharing}, ${whose}, polytask ${polytask}${by === undefined ? '' : `, a task for each ${by}`}`,
      );
      const { methodLines } = await import('../architecture.ts');
      for (const line of methodLines(signature.model ?? {})) io.print(line);
      for (const { tasks: served, model: own } of signature.parts ?? []) {
        io.print(`\none model for ${served.join(', ')}`);
        for (const line of methodLines(own)) io.print(line);
      }
      io.print('\ntasks');
      for (const { name, kind, labelled } of tasks)
        io.print(`  ${name}: ${kind}, learned from ${labelled} labels`);
      io.print('\ninputs');
      for (const { column, encoder, type } of inputs) io.print(`  ${column}: ${type}, ${encoder}`);
      if (architecture !== undefined) await printArchitecture(io, architecture);
      if (svg !== undefined)
        await writeDrawing(
          io,
          svg,
          folder,
          architecture,
          tasks.map(({ name }) => name),
        );
      io.answer({
        model: folder,
        polytask,
        sharing,
        seed,
        ...(seeds && { seeds }),
        ...(signature.parts && { parts: signature.parts }),
        ...(by !== undefined && { by }),
        tasks,
        inputs,
        ...(architecture && { architecture }),
      });
    } finally {
      await model.close();
    }

    function kindOf({ kind, column }: { kind: string; column: string }): { encoder: string; type: string } {
      return { encoder: kind, type: model.signature.types[column] ?? 'unknown' };
    }
  });
}

async function printArchitecture(io: Io, architecture: Architecture): Promise<void> {
  const { architectureLines } = await import('../architecture.ts');
  io.print('');
  for (const line of architectureLines(architecture)) io.print(line);
}

async function writeDrawing(
  io: Io,
  path: string,
  folder: string,
  architecture: Architecture | undefined,
  tasks: readonly string[],
): Promise<void> {
  const { PolytaskError } = await import('../../common/error.ts');
  if (architecture === undefined)
    throw new PolytaskError('model-invalid', {
      path: folder,
      expected: 'a model that carries its architecture',
      found: 'one of an older version',
      help: 'Train it again with this version.',
    });
  const { renderDrawing } = await import('../../experiment/report/drawing.ts');
  const { writeText } = await import('../output/write-text.ts');
  await writeText(io, path, renderDrawing(architecture, tasks));
}
