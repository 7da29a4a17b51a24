import { resolve } from 'node:path';
import type { Command } from 'commander';
import { act, collect } from '../command.ts';
import { type ColumnOptions, columnConfig } from '../fit-config.ts';
import { addSourceOptions, type SourceChoice, sourceOf } from '../source.ts';

interface Options extends SourceChoice, ColumnOptions {
  readonly out?: string;
}

export function addInit(program: Command): void {
  const command = program
    .command('init')
    .summary('write a commented config for a source')
    .description('Looks at the columns of a source and writes a YAML config to begin with.')
    .argument('[source...]', 'one file or several')
    .option('-t, --task <column[:kind]>', 'a column to predict; may be repeated (default: a guess)', collect)
    .option('--by <column>', 'every value of this column is a task')
    .option('--exclude <columns>', 'columns to leave out: a,b', collect)
    .option('--split <column|shares>', 'a column that says train, validation, test; or shares: 0.6/0.2/0.2')
    .option('-o, --out <file>', 'where to write (default: stdout)');
  addSourceOptions(command);
  act(command, async (io, options: Options, files: string[]): Promise<undefined> => {
    const source = sourceOf(files, options);
    const { openSource } = await import('../../data/sources/index.ts');
    const { describeConfig, relativeSource } = await import('../init-config.ts');
    const table = await openSource(source);
    const names = [...table.columns.keys()];
    const asked = options.task === undefined ? undefined : columnConfig(options, names);
    if (asked === undefined) columnConfig({ ...options, task: [names[0]!] }, names);
    const data = options.out === undefined ? source : relativeSource(source, options.out);
    const text = describeConfig(data, table, { ...options, ...(asked && { tasks: asked.tasks }) });
    if (options.out === undefined) {
      io.print(text.trimEnd());
      io.answer({ config: text });
      return;
    }
    const { refuseExisting } = await import('../output/write.ts');
    await refuseExisting(options.out);
    const { writeAtomic } = await import('../../experiment/files.ts');
    await writeAtomic(resolve(options.out), text);
    io.note(`Written: ${options.out}. Now: polytask train --config ${options.out}`);
    io.answer({ out: options.out, config: text });
  });
}
