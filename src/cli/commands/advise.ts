import type { Command } from 'commander';
import { act } from '../command.ts';
import { Stopped } from '../exit.ts';
import { followed } from '../run.ts';

interface AdviseOptions {
  readonly probe: boolean;
}

export function addAdvise(program: Command): void {
  const command = program
    .command('advise')
    .summary('why sharing helped or hurt, and what to do next')
    .description(
      'Says why sharing helped or hurt in a finished run, and what to try next. Trains its models once more, twice as wide, where that was not done, to tell whether they are too narrow.',
    )
    .argument('<run>', 'the run folder')
    .option('--no-probe', 'do not train models of twice the width')
    .addHelpText('after', EXAMPLES);
  act(command, async (io, { probe }: AdviseOptions, run: string): Promise<undefined> => {
    const { adviseRun } = await import('../../experiment/index.ts');
    const { answerOf } = await import('../advice.ts');
    const advised = await followed(io, { folder: run }, (hooks) => adviseRun(run, { ...hooks, probe })).catch(
      (error: unknown) => {
        throw error instanceof Stopped ? new Stopped(run, 'advise') : error;
      },
    );
    const answer = answerOf(advised);
    if (!io.json) {
      const { renderAdvice } = await import('../../experiment/report/causes/terminal.ts');
      io.print(renderAdvice(advised.result, answer.next, { colour: io.colour, width: io.width }));
    }
    io.answer(answer);
  });
}

const EXAMPLES = `
Examples:
  polytask advise runs/first
  polytask advise runs/first --no-probe --json`;
