import { add, mul, reduceMean, reshape, sub, type Tensor, unsqueeze } from '../../../engine/index.ts';
import { type ParameterOptions, sharedView, taskView } from '../../view.ts';
import type { SharingContext } from '../sharing.ts';

/** Weights of all tasks, and what is each task's own in them: [...lead, tasks, ...shape] both. */
export interface Deviating {
  readonly stack: Tensor;
  readonly own: Tensor;
}

/**
 * θₜ = θ₀ + s vₜ: tasks start as one, at θ₀, and each has a deviation of its own.
 *
 * @param scale s
 * @returns θ, and s v
 */
export function deviating(
  { set, tasks }: SharingContext,
  name: string,
  shape: readonly number[],
  { initialiser, decays = true }: ParameterOptions,
  scale: number,
): Deviating {
  const common = sharedView(set, name).parameter('common', shape, { initialiser, decays });
  const zeros = { initialiser: { kind: 'zeros' }, decays } as const;
  const own = mul(taskView(set, name, tasks).parameter('deviation', shape, zeros), scale);
  return { stack: add(unsqueeze(common, set.lead.length), own), own };
}

/**
 * What is left of a stack when the mean over tasks is taken off, as matrices: [...lead, tasks, rows, units].
 *
 * @param lead how many axes stand before that of tasks
 */
export function fromMean(stack: Tensor, lead: number): Tensor {
  return asMatrices(sub(stack, reduceMean(stack, lead, { keepDims: true })), lead);
}

/** A stack of each task's parameter as matrices of rows and units. */
export function asMatrices(stack: Tensor, lead: number): Tensor {
  const sizes = stack.shape as readonly number[];
  const rows = sizes.slice(lead + 1, -1).reduce((a, b) => a * b, 1);
  return reshape(stack, [...sizes.slice(0, lead + 1), rows, sizes.at(-1)!]);
}

/**
 * The s for a penalty of curvature k on s v: s = 1/√(1 + k) bounds the curvature on v by 1, so that no strength is too
 * large for a learning rate, and a task's steps vanish as the strength grows.
 */
export function stepScale(curvature: number): number {
  return 1 / Math.sqrt(1 + curvature);
}
