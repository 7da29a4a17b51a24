import type { Command } from 'commander';
import type { RunConfigInput } from '../experiment/run-config.ts';
import { collect } from './command.ts';
import { type ColumnOptions, columnConfig } from './fit-config.ts';
import { applySettings, type SettingOptions } from './settings.ts';
import { addSourceOptions, type SourceChoice, sourceOf } from './source.ts';

/** Options that say where rows are, what their columns are, and how to learn. */
export type ProblemOptions = SourceChoice & ColumnOptions & SettingOptions;

/** The source and its columns; settings come beside. */
export function addProblem(command: Command): Command {
  command
    .argument('[source...]', 'one file or several: .csv .tsv .txt .json .ndjson (also .gz), .parquet')
    .option('-t, --task <column[:kind]>', 'a column to predict; may be repeated', collect)
    .option('--by <column>', 'every value of this column is a task (then one --task)')
    .option('--exclude <columns>', 'columns to leave out: a,b', collect)
    .option('--split <column|shares>', 'a column that says train, validation, test; or shares: 0.6/0.2/0.2')
    .option('--group <column>', 'no value of this column on two sides of the split')
    .option('--time <column>', 'the earliest rows train, the latest test')
    .option('--weight <column>', 'how much each row counts');
  return addSourceOptions(command);
}

/** What the options say of data, tasks and settings; looks at the columns of the source. */
export async function problemConfig(
  files: readonly string[],
  options: ProblemOptions,
): Promise<RunConfigInput> {
  const data = sourceOf(files, options);
  const { openSource } = await import('../data/sources/index.ts');
  const read = (await applySettings({}, options)).read as object | undefined;
  const { columns } = await openSource(data, { ...read, limit: 1 });
  const base = { data, ...columnConfig(options, [...columns.keys()]) };
  return (await applySettings(base, options)) as unknown as RunConfigInput;
}
