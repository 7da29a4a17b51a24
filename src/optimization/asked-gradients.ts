import { add, constant, expand, gradient, input, mul, reduceSum, type Tensor } from '../engine/index.ts';
import { GRAMIAN, LOSSES, PRESENT, WEIGHTS } from '../objective/index.ts';
import { StepExtras } from './carried.ts';
import type { SharedLeaves } from './compared.ts';
import type { Descended } from './differentiate.ts';
import type { TaskLosses } from './losses.ts';

/** What a step says of its tasks, batch by batch. */
export interface Batches extends TaskLosses {
  /** Each task's weighted loss, [...lead, T]: of the batch that is descended. */
  readonly terms: Tensor;
  /** The same of what is compared: this batch, or others that know nothing of each other. */
  readonly compared: readonly Tensor[];
}

export interface AggregatedGradients {
  /** In the order of the shared leaves. */
  readonly gradients: readonly Tensor[];
  /** αₜ, [...lead, T], where the direction is Σ αₜ gₜ; the mean over groups, where each has its own. */
  readonly weights?: Tensor;
  /** [...lead, T, T] */
  readonly gramian: Tensor;
  /** What the host is asked between the halves of the step, and the leaf of its answer; absent for a direction. */
  readonly asked?: Readonly<Record<string, Tensor>>;
  readonly answer?: Tensor;
  readonly extras: StepExtras;
}

/** The terms of all that a step looks at, under the weights of the batch that is descended. */
export function batchesOf({ losses, compared, objective }: Descended): Batches {
  const termsOf = (of: TaskLosses): Tensor =>
    of === losses ? objective.terms : mul(objective.weights, of.losses);
  return { ...losses, terms: objective.terms, compared: compared.map(termsOf) };
}

/** What the host is asked in any case. */
export const questions = (of: Tensor, { losses, present }: Batches): Record<string, Tensor> => ({
  [GRAMIAN]: of,
  [LOSSES]: losses,
  [PRESENT]: present,
});

/** The direction of one more backward pass, of the losses as the answer weighs them. */
export function askedFor(
  of: Tensor,
  batch: Batches,
  shared: SharedLeaves,
  lead: readonly number[],
  more: Readonly<Record<string, Tensor>> = {},
): AggregatedGradients {
  const held = heldGradients(batch.terms, shared, lead);
  return { ...held, gramian: of, asked: { ...questions(of, batch), ...more } };
}

/** The direction where the weights come without being asked for: one backward pass of the weighted losses. */
export function heldGradients(
  terms: Tensor,
  { leaves }: Pick<SharedLeaves, 'leaves'>,
  lead: readonly number[],
): AggregatedGradients {
  const tasks = terms.shape.at(-1) as number;
  const answer = input(WEIGHTS, [...lead, tasks], { role: 'step' });
  return {
    gradients: gradient(reduceSum(mul(terms, answer)), leaves),
    weights: answer,
    // Zeros say that nothing was compared.
    gramian: expand(constant(0), [...lead, tasks, tasks]),
    answer,
    extras: new StepExtras('aggregation', lead),
  };
}

/** Adds what no task's term holds, such as a penalty, to the direction of the shared parameters. */
export function withBeside(
  gradients: readonly Tensor[],
  beside: Tensor | undefined,
  leaves: readonly Tensor[],
): readonly Tensor[] {
  if (beside === undefined) return gradients;
  const own = gradient(beside, leaves);
  return gradients.map((part, i) => add(part, own[i]!));
}
