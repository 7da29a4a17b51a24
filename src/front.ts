import type { SourceSpec } from './data/index.ts';
import {
  type FrontConfigInput,
  type FrontHooks,
  type FrontResult,
  resumeFront as resume,
  runFront,
} from './experiment/index.ts';
import type { FitInput } from './fit.ts';
import type { Tasks } from './problem/index.ts';

/** A problem, its data and settings, as for `fit`, and for how many preferences a model is trained. */
export interface FrontInput extends FitInput<Tasks> {
  /** From 2 to 50, default 5: two tasks take as many, more tasks the next lattice on the simplex. */
  readonly preferences?: number;
}

/**
 * Traces the trade-off between tasks: trains one model for each of several preferences among them, over the same split,
 * seeds and budget, and tells by the validation rows which of them no other one beats, their Pareto front.
 *
 * The objective takes preferences: `stch` (default), `fixed`, `pbi`, `cosmos`, or an aggregation such as `cagrad`.
 *
 * X. Lin, H. Zhen, Z. Li, Q. Zhang, S. Kwong: Pareto multi-task learning. NeurIPS 2019.
 *
 * @param input data (a path, `{ sql }`, rows, columns …), tasks, settings
 * @returns the points with their metrics, the hypervolume of the front, and the folder with a model for each
 * @throws PolytaskError for whatever is wrong with data, settings or machine
 * @example
 * const rows = Array.from({ length: 300 }, (_, i) => {
 *   const x = Math.sin(i);
 *   return { x, near: x > 0 ? 'yes' : 'no', far: 3 * x + Math.cos(7 * i) };
 * });
 * const front = await traceFront({
 *   data: rows,
 *   tasks: { near: binary(), far: regression() },
 *   preferences: 3,
 *   seeds: 1,
 *   training: { maxEpochs: 5 },
 * });
 * for (const { preference, gain, front: onFront, model } of front.points)
 *   console.log(preference.near, gain.near, gain.far, onFront ? 'on the front' : 'beaten', model);
 */
export async function traceFront(input: FrontInput, hooks: FrontHooks = {}): Promise<FrontResult> {
  return runFront(input as unknown as FrontConfigInput, hooks);
}

/**
 * Goes on with a front that was stopped or killed; models that are done are kept.
 *
 * @param hooks the rows again as `data`, where they came from memory
 * @example const front = await resumeFront('runs/2026-01-31_12-00-00-000');
 */
export async function resumeFront(
  folder: string,
  hooks: FrontHooks & { readonly data?: SourceSpec } = {},
): Promise<FrontResult> {
  const { data, ...rest } = hooks;
  return resume(folder, rest, data);
}
