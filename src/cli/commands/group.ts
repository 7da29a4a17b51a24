import type { Command } from 'commander';
import { Option } from 'commander';
import { PolytaskError } from '../../common/error.ts';
import type { GroupMeasure } from '../../experiment/grouping/result.ts';
import { act } from '../command.ts';
import { followed } from '../run.ts';
import { number } from '../settings.ts';

interface GroupFlags {
  readonly most?: number;
  readonly overlap: boolean;
  readonly by: GroupMeasure;
  readonly verify?: boolean;
}

export function addGroup(program: Command): void {
  const command = program
    .command('group')
    .summary('which tasks of a run belong together')
    .description(
      'Proposes groups of tasks from what a finished run has measured; with --verify each group is trained and compared with all tasks together and each alone. Stopped, it goes on where it was.',
    )
    .argument('<run>', 'the folder of a finished run')
    .option('--most <k>', 'groups at most (default: as many as gain, then 2, 3 and 4)', (value) =>
      number(value, '--most'),
    )
    .option('--no-overlap', 'each task in exactly one group')
    .addOption(
      new Option('--by <measure>', 'what groups are chosen by')
        .choices(['affinity', 'cosine'])
        .default('affinity'),
    )
    .option('--verify', 'train the groups, and say what each task gains')
    .addHelpText('after', EXAMPLES);
  act(command, async (io, { most, overlap, by, verify }: GroupFlags, run: string): Promise<undefined> => {
    const { groupRun } = await import('../../experiment/index.ts');
    const options = { most, overlap, by, verify };
    const grouped = verify
      ? followed(io, { folder: run }, (hooks) => groupRun(run, options, hooks))
      : groupRun(run, options);
    const result = await grouped.catch((error) => {
      throw error instanceof PolytaskError && error.path === 'grouping.most' ? error.at('--most') : error;
    });
    if (!io.json) {
      const { renderGroups } = await import('../../experiment/report/grouping/terminal.ts');
      io.print(renderGroups(result, { colour: io.colour, width: io.width }));
    }
    io.answer(result);
  });
}

const EXAMPLES = `
Examples:
  polytask group runs/people
  polytask group runs/people --most 2 --no-overlap --verify`;
