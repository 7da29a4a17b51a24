import type { Command } from 'commander';
import { act } from '../command.ts';
import { addProblem, type ProblemOptions, problemConfig } from '../problem.ts';
import { followed } from '../run.ts';
import { addSettings, inFlags } from '../settings.ts';

export function addAffinity(program: Command): void {
  const command = program
    .command('affinity')
    .summary('what each task gains from each other, from one training')
    .description(
      'Trains one model for all tasks, measures on the way what each task gains from each other, and proposes which to learn together. With a run folder in place of data it reads what that run has measured.',
    );
  addProblem(command);
  addSettings(command, false).addHelpText('after', EXAMPLES);
  act(command, async (io, options: ProblemOptions, files: string[]): Promise<undefined> => {
    const { affinityOf, isRun, measureAffinity } = await import('../../experiment/index.ts');
    const measure = async () => {
      try {
        const config = await problemConfig(files, options);
        return await followed(io, { timeLimit: config.timeLimit }, (hooks) => measureAffinity(config, hooks));
      } catch (error) {
        throw inFlags(error, options);
      }
    };
    const [first] = files;
    const reads = files.length === 1 && options.task === undefined && (await isRun(first!));
    const result = reads ? await affinityOf(first!) : await measure();
    if (!io.json) {
      const { renderAffinity } = await import('../../experiment/report/grouping/terminal.ts');
      io.print(renderAffinity(result, { colour: io.colour, width: io.width }));
    }
    io.answer(result);
  });
}

const EXAMPLES = `
Examples:
  polytask affinity people.csv --task income --task hours --task age
  polytask affinity fields.csv --task mine --by field --epochs 50
  polytask affinity runs/2026-01-31_12-00-00-000`;
