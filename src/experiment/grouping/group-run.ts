import { join } from 'node:path';
import { type PreparedEvent, type RunHooks, reopenRun, withRuntime } from '../begin-run.ts';
import { readCheckpoint, writeCheckpoint } from '../checkpoint-file.ts';
import { makeFolder } from '../files.ts';
import { openFinished } from '../finished-run.ts';
import { withNumeric } from '../prepare.ts';
import type { Checkpoints, RunFolder } from '../run-folder.ts';
import { settledConfig } from '../search/settings.ts';
import type { TrainingEvent } from '../train-kept.ts';
import { nameOf } from '../ways.ts';
import { affinityIn } from './affinity-run.ts';
import { affinityBy, proposals } from './proposals.ts';
import type { GroupingChoice, GroupResult } from './result.ts';
import { ALONE, fileOf } from './train-groups.ts';
import { verifyGroups } from './verify.ts';

export interface GroupHooks extends RunHooks {
  onEvent?(event: PreparedEvent | TrainingEvent): void;
}

export interface GroupOptions extends GroupingChoice {
  /** Whether the groups are trained, and compared with all tasks together and each alone. */
  readonly verify?: boolean | undefined;
  /** The rows again, where they came from memory. */
  readonly data?: unknown;
}

const FOLDER = 'groups';

/**
 * Which tasks of a finished run belong together, by what they gained from each other while it was trained; with `verify` the
 * groups are trained, in RUN/groups, and go on from there when they were stopped.
 *
 * @throws `run-folder`, `affinity-invalid`, `grouping-invalid`, `run-changed`, `cancelled`
 */
export async function groupRun(
  path: string,
  { verify = false, data, ...choice }: GroupOptions = {},
  hooks: GroupHooks = {},
): Promise<GroupResult> {
  const run = await openFinished(path);
  const by = choice.by ?? 'affinity';
  const measured = affinityIn(run.result);
  const affinity = affinityBy(measured, by);
  const groupings = proposals(affinity, choice);
  const result: GroupResult = { version: 1, run: run.folder.path, tasks: measured.tasks, by, groupings };
  if (!verify) return result;
  const begun = await reopenRun(run, hooks, data);
  const { folder } = begun;
  const config = settledConfig(begun.config, run.result.search);
  const prepared = withNumeric(begun.prepared, config.model.numeric);
  await makeFolder(folder.file(FOLDER));
  // What the run has trained is not trained again, where it trained just these on all of its rows.
  const { search, folds } = run.result;
  const isPlain = search === undefined && folds === undefined;
  const { sharing, flow } = config.model;
  const known = new Map([
    [ALONE, nameOf({ sharing: 'independent', flow: 'none', objective: 'equal' })],
    [fileOf(measured.tasks, measured.tasks), nameOf({ sharing, flow, objective: config.objective })],
  ]);
  const verification = await withRuntime(
    begun,
    (event) => hooks.onEvent?.(event),
    (runtime) =>
      verifyGroups(
        { config, prepared, runtime, folder: checkpointsIn(folder, isPlain ? known : new Map()) },
        affinity.toJSON(),
        groupings,
        hooks,
      ),
  );
  const verified = { ...result, verification };
  await folder.write(join(FOLDER, 'groups.json'), `${JSON.stringify(verified)}\n`);
  return verified;
}

/**
 * Where the groups of a run keep how far they got.
 *
 * @param known trainings of the run itself that are those of a group: its file to theirs
 */
function checkpointsIn(folder: RunFolder, known: ReadonlyMap<string, string>): Checkpoints {
  const file = (name: string): string => folder.file(join(FOLDER, `${name}.ckpt`));
  return {
    readCheckpoint: async (name) => {
      const own = known.get(name);
      return (await readCheckpoint(file(name))) ?? (own === undefined ? own : folder.readCheckpoint(own));
    },
    writeCheckpoint: (name, checkpoint) => writeCheckpoint(file(name), checkpoint),
  };
}
