import type { SourceSpec } from './data/index.ts';
import {
  type AffinityResult,
  affinityOf,
  type FitHooks,
  type GroupHooks,
  type GroupResult,
  groupRun,
  measureAffinity as measure,
  type RunConfigInput,
} from './experiment/index.ts';
import type { FitInput } from './fit.ts';
import type { Tasks } from './problem/index.ts';

/**
 * Measures what each task gains from each other in one training of all of them, and proposes groups. Nothing is trained
 * alone, unless `baseline` says so. The measure is `affinity`: by default a look ahead (TAG), or, where each row belongs to
 * one task, products of gradients, which tell of all pairs at once.
 *
 * C. Fifty et al.: Efficiently identifying task groupings for multi-task learning. NeurIPS 2021.
 *
 * @param input data (a path, `{ sql }`, rows, columns …), tasks, settings, as for `fit`
 * @returns the affinity as JSON, with what its rows are; groups, as many as gain and at most 2, 3, 4; the run folder
 * @throws PolytaskError for whatever is wrong with data, settings or machine
 * @example
 * const rows = Array.from({ length: 400 }, (_, i) => {
 *   const [x, y] = [Math.sin(i), Math.cos(3 * i)];
 *   return { x, y, a: x + y, b: x + 0.9 * y, c: x - y };
 * });
 * const { run, affinity, groupings } = await measureAffinity({
 *   data: rows,
 *   tasks: { a: regression(), b: regression(), c: regression() },
 *   model: { hidden: [16] },
 *   training: { maxEpochs: 20 },
 *   seeds: 1,
 * });
 * console.log(affinityFrom(affinity.values).benefit(0, 1)); // what a gains from b
 * for (const { most, groups } of groupings) console.log(most, groups);
 * console.log(run); // where it lies, for groupTasks
 */
export async function measureAffinity(input: FitInput<Tasks>, hooks: FitHooks = {}): Promise<AffinityResult> {
  return measure(input as unknown as RunConfigInput, hooks);
}

/**
 * What a finished run has measured of its tasks' affinity.
 *
 * @param run the folder of a run of `fit` or `measureAffinity`
 * @throws `run-folder`, `affinity-invalid` where it measured none
 * @example const { groupings } = await readAffinity('runs/2026-01-31_12-00-00-000');
 */
export function readAffinity(run: string): Promise<AffinityResult> {
  return affinityOf(run);
}

/** How tasks of a run are grouped. */
export interface GroupTasksOptions {
  /** Groups at most; default: what is proposed for as many as gain, and for 2, 3 and 4. */
  readonly most?: number;
  /** Whether a task may help in several groups, of which one serves it; default true. */
  readonly overlap?: boolean;
  /** What groups are chosen by: what tasks gain from each other (default), or how their gradients agree. */
  readonly by?: 'affinity' | 'cosine';
  /** Trains the groups, in RUN/groups, and compares them with one model for all and with each task alone. */
  readonly verify?: boolean;
  /** The rows again, where they came from memory. */
  readonly data?: SourceSpec;
}

/**
 * Which tasks of a finished run belong together, and, with `verify`, what that is worth: the groups are trained with the
 * run's settings, split and seeds; the best are chosen by the validation rows and judged on the test rows. Stopped, it
 * goes on from its checkpoints.
 *
 * @param run the folder of a run of `fit` or `measureAffinity`
 * @throws `run-folder`, `run-changed`, `affinity-invalid`, `grouping-invalid`, `cancelled`
 * @example
 * const { groupings, verification } = await groupTasks('runs/2026-01-31_12-00-00-000', { verify: true });
 * console.log(groupings[0].groups, verification?.best, verification?.correlation);
 */
export function groupTasks(
  run: string,
  options: GroupTasksOptions = {},
  hooks: GroupHooks = {},
): Promise<GroupResult> {
  return groupRun(run, options, hooks);
}
