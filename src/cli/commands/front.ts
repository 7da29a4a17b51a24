import type { Command } from 'commander';
import { PolytaskError } from '../../common/error.ts';
import { act } from '../command.ts';
import { addProblem, type ProblemOptions, problemConfig } from '../problem.ts';
import { carryOutFront } from '../run.ts';
import { addSettings, inFlags, number } from '../settings.ts';

type Options = ProblemOptions & { readonly preferences?: number };

export function addFront(program: Command): void {
  const command = program
    .command('front')
    .summary('trace what one task gains where another gives way')
    .description(
      'Trains a model for each of several preferences among the tasks, over the same split, seeds and budget, and says which no other one beats: their Pareto front. The objective is one that takes preferences, stch by default.',
    );
  addProblem(command).option(
    '--preferences <n>',
    'how many preferences to try, 2 to 50 (default 5); more than two tasks take the next lattice',
    (value) => number(value, '--preferences'),
  );
  addSettings(command, false).addHelpText('after', EXAMPLES);
  act(command, async (io, { preferences, ...options }: Options, files: string[]) => {
    try {
      const config = await problemConfig(files, options);
      const { runFront } = await import('../../experiment/index.ts');
      return await carryOutFront(io, { timeLimit: config.timeLimit }, (hooks) =>
        runFront({ ...config, preferences }, hooks),
      );
    } catch (error) {
      if (error instanceof PolytaskError && error.path === 'preferences') throw error.at('--preferences');
      throw inFlags(error, options);
    }
  });
}

const EXAMPLES = `
Examples:
  polytask front people.csv --task income --task hours:regression
  polytask front people.csv --task income --task hours --task age --preferences 10 --objective cagrad
  polytask front people.csv --task income --task hours --objective stch:mu=0.5 --out runs/front`;
