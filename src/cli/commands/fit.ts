import type { Command } from 'commander';
import { act } from '../command.ts';
import { addProblem, type ProblemOptions, problemConfig } from '../problem.ts';
import { carryOut } from '../run.ts';
import { addSettings, inFlags } from '../settings.ts';

export function addFit(program: Command): void {
  const command = program
    .command('fit')
    .summary('learn tasks together and apart, compare, keep the better model')
    .description(
      'Learns the tasks together and each alone over the same split, seeds and budget, and says which is better.',
    );
  addProblem(command);
  addSettings(command);
  command.option('--studio', 'watch it in the browser, where it stays open when the run is done');
  command.addHelpText('after', EXAMPLES);
  act(command, async (io, options: ProblemOptions & { readonly studio?: boolean }, files: string[]) => {
    try {
      const { studio, ...problem } = options;
      const config = await problemConfig(files, problem);
      const { runFit } = await import('../../experiment/index.ts');
      return await carryOut(io, { timeLimit: config.timeLimit, studio }, (hooks) => runFit(config, hooks));
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
