import type { Command } from 'commander';
import { act, collect } from '../command.ts';
import { type ColumnOptions, columnConfig } from '../fit-config.ts';
import { carryOut } from '../run.ts';
import { addSettings, applySettings, inFlags, type SettingOptions } from '../settings.ts';
import { addSourceOptions, type SourceChoice, sourceOf } from '../source.ts';

type Options = SourceChoice & ColumnOptions & SettingOptions;

export function addFit(program: Command): void {
  const command = program
    .command('fit')
    .summary('learn tasks together and apart, compare, keep the better model')
    .description(
      'Learns the tasks together and each alone over the same split, seeds and budget, and says which is better.',
    )
    .argument('[source...]', 'one file or several: .csv .tsv .txt .json .ndjson (also .gz), .parquet')
    .option('-t, --task <column[:kind]>', 'a column to predict; may be repeated', collect)
    .option('--by <column>', 'every value of this column is a task (then one --task)')
    .option('--exclude <columns>', 'columns to leave out: a,b', collect)
    .option('--split <column|shares>', 'a column that says train, validation, test; or shares: 0.6/0.2/0.2')
    .option('--group <column>', 'no value of this column on two sides of the split')
    .option('--time <column>', 'the earliest rows train, the latest test')
    .option('--weight <column>', 'how much each row counts');
  addSourceOptions(command);
  addSettings(command);
  command.addHelpText('after', EXAMPLES);
  act(command, async (io, options: Options, files: string[]) => {
    const data = sourceOf(files, options);
    const { openSource } = await import('../../data/sources/index.ts');
    const { runFit } = await import('../../experiment/index.ts');
    const read = (await applySettings({}, options)).read as object | undefined;
    try {
      const { columns } = await openSource(data, { ...read, limit: 1 });
      const base = { data, ...columnConfig(options, [...columns.keys()]) };
      const config = (await applySettings(base, options)) as unknown as Parameters<typeof runFit>[0];
      return await carryOut(io, { timeLimit: config.timeLimit }, (hooks) => runFit(config, hooks));
    } catch (error) {
      throw inFlags(error, options);
    }
  });
}

const EXAMPLES = `
Examples:
  polytask fit people.csv --task income --task hours:regression
  polytask fit students.parquet --task score --by school --split 0.6/0.2/0.2
  polytask fit --sql "SELECT * FROM 'rows.parquet' WHERE year > 2020" --task a --task b`;
