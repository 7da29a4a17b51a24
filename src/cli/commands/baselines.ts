import type { Command } from 'commander';
import { act } from '../command.ts';
import { addProblem, type ProblemOptions, problemConfig } from '../problem.ts';
import { carryOut } from '../run.ts';
import { addSettings, inFlags } from '../settings.ts';

export function addBaselines(program: Command): void {
  const command = program
    .command('baselines')
    .summary('train each task alone, to compare with later')
    .description(
      'Trains each task alone and leaves a run folder that compare takes, and that fit --baseline uses in place of training the same again.',
    );
  addProblem(command);
  addSettings(command, false).addHelpText('after', EXAMPLES);
  act(command, async (io, options: ProblemOptions, files: string[]) => {
    try {
      const { aloneConfig, runFit } = await import('../../experiment/index.ts');
      const config = aloneConfig(await problemConfig(files, options));
      return await carryOut(io, { timeLimit: config.timeLimit }, (hooks) => runFit(config, hooks));
    } catch (error) {
      throw inFlags(error, options);
    }
  });
}

const EXAMPLES = `
Examples:
  polytask baselines people.csv --task income --task hours --out runs/alone
  polytask fit people.csv --task income --task hours --baseline runs/alone --sharing mmoe`;
