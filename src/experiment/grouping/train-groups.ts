import type { Runtime } from '../../engine/index.ts';
import { chooseSharing } from '../../model/index.ts';
import { chooseObjective, needsBaselines } from '../../objective/index.ts';
import { Scorer } from '../../optimization/index.ts';
import { baselinesOf } from '../baselines.ts';
import { predictWith } from '../judge.ts';
import { ofTasks } from '../of-tasks.ts';
import { type Part, wholeOf } from '../part.ts';
import type { Prepared } from '../prepare.ts';
import { type RunConfig, seedList } from '../run-config.ts';
import type { Checkpoints } from '../run-folder.ts';
import { type LearningHooks, trainKept } from '../train-kept.ts';
import type { Trial } from '../trial.ts';

/** A run's settings and data, and where the trainings of its groups keep how far they got. */
export interface GroupsOfRun {
  readonly config: RunConfig;
  readonly prepared: Prepared;
  readonly runtime: Runtime;
  readonly folder: Checkpoints;
}

/** A trained model of some tasks, and primary metrics on the validation rows, [seed][task of the model]. */
export interface TrainedGroup {
  readonly part: Part;
  readonly scores: readonly (readonly (number | null)[])[];
}

export interface TrainedGroups {
  readonly seeds: readonly number[];
  /** Each task alone. */
  readonly alone: TrainedGroup;
  /** In the order of the groups. */
  readonly groups: readonly TrainedGroup[];
}

/** The name of the training of each task alone. */
export const ALONE = 'alone';

/** Trains each task alone and each group of tasks, with a run's settings, split and seeds. */
export async function trainGroups(
  { config, prepared, runtime, folder }: GroupsOfRun,
  groups: readonly (readonly string[])[],
  hooks: LearningHooks,
): Promise<TrainedGroups> {
  const names = prepared.dataset.tasks.map(({ name }) => name);
  const seeds = seedList(config);
  const train = async (
    trial: Omit<Trial, 'config' | 'seeds'>,
    name: string,
    turn: number,
  ): Promise<TrainedGroup> => {
    const told = {
      ...{ name, trial: turn, trials: groups.length + 1 },
      sharing: chooseSharing(trial.sharing).sharing.name,
    };
    const part = wholeOf(await trainKept(runtime, folder, { ...trial, config, seeds }, told, hooks));
    const outputs = await predictWith(runtime, trial.prepared, [part], 'validation');
    const scorer = new Scorer(trial.prepared.dataset, trial.prepared.split.validation);
    return { part, scores: seeds.map((_, s) => scorer.metrics(outputs, s)) };
  };
  const alone = await train({ sharing: 'independent', flow: 'none', objective: 'equal', prepared }, ALONE, 1);
  const baselines = needsBaselines(chooseObjective(config.objective))
    ? await baselinesOf(runtime, alone.part.kept, names.length)
    : undefined;
  const { sharing, flow } = config.model;
  const trained: TrainedGroup[] = [];
  for (const [i, group] of groups.entries()) {
    const own = baselines?.map((seed) => seed.filter((_, t) => group.includes(names[t]!)));
    const trial = { sharing, flow, prepared: ofTasks(prepared, group), ...(own && { baselines: own }) };
    trained.push(await train(trial, fileOf(group, names), i + 2));
  }
  return { seeds, alone, groups: trained };
}

/** A name for a group's files: its tasks as bits, four to a digit. */
export function fileOf(group: readonly string[], names: readonly string[]): string {
  const bits = names.map((name) => Number(group.includes(name)));
  const digits = Array.from({ length: Math.ceil(bits.length / 4) }, (_, d) =>
    bits.slice(4 * d, 4 * d + 4).reduce((sum, bit, i) => sum + bit * 2 ** i, 0),
  );
  return `group-${digits.map((digit) => digit.toString(16)).join('')}`;
}
