import {
  add,
  concat,
  constant,
  expand,
  gradient,
  input,
  matmul,
  mul,
  rank,
  reduceSum,
  reshape,
  slice,
  split,
  squeeze,
  stack,
  type Tensor,
  transpose,
  unsqueeze,
} from '../engine/index.ts';
import { type ChosenObjective, CROSS, GRAMIAN, LOSSES, PRESENT, WEIGHTS } from '../objective/index.ts';
import { StepExtras } from './carried.ts';
import { checkCompared, comparedBy, groupsOf, type SharedLeaves } from './compared.ts';
import type { Descended } from './differentiate.ts';
import type { TaskLosses } from './losses.ts';
import { type TaskRows, taskRows } from './task-rows.ts';

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

/**
 * Tasks up to which the Jacobian is kept for the direction. Beyond, one more backward pass of the weighted losses costs
 * less than writing T times the parameters, and the memory of a step does not grow with their product.
 */
const KEPT_TASKS = 16;

/** The terms of all that a step looks at, under the weights of the batch that is descended. */
export function batchesOf({ losses, compared, objective }: Descended): Batches {
  const termsOf = (of: TaskLosses): Tensor =>
    of === losses ? objective.terms : mul(objective.weights, of.losses);
  return { ...losses, terms: objective.terms, compared: compared.map(termsOf) };
}

/**
 * The direction of the shared parameters by an aggregation of the tasks' gradients. J comes from one backward pass that
 * carries all tasks on an axis; its Gramian goes to the host, whose answer weighs the rows of J, or, where J is not
 * kept, the losses of one more backward pass.
 */
export function aggregatedGradients(
  chosen: ChosenObjective,
  batch: Batches,
  shared: SharedLeaves,
  lead: readonly number[],
): AggregatedGradients {
  checkCompared(chosen, shared);
  const { terms } = batch;
  const compared = comparedBy(chosen.over, shared);
  const { transform, direction, batches = 1 } = chosen.aggregation!.aggregation;
  const rowsOf = (of: Tensor): TaskRows[] => taskRows(of, compared, shared.views, lead);
  if (batches > 1) return byCross(batch, batch.compared.map(rowsOf), shared, lead);
  const parts = rowsOf(batch.compared[0]!);
  if (transform !== undefined || direction !== undefined)
    return byCoordinates(chosen, parts, batch, shared, lead);
  const names = shared.names.filter((_, i) => compared.includes(shared.leaves[i]!));
  const groups = groupsOf(chosen.by, names.length === 0 ? [''] : names);
  const gramians = groups.map((group) => sumOver(group, (i) => parts[i]!.squared()));
  const extras = new StepExtras('aggregation', lead);
  const whole = gramians.reduce((a, b) => add(a, b));
  const tasks = terms.shape.at(-1) as number;
  if (groups.length === 1) {
    const answer = input(WEIGHTS, [...lead, tasks], { role: 'step' });
    const keeps = chosen.over === 'shared' && tasks <= KEPT_TASKS;
    const gradients = keeps
      ? shared.leaves.map((leaf, i) => weighted(answer, parts[i]!.rows(), leaf))
      : gradient(reduceSum(mul(terms, answer)), shared.leaves);
    return { gradients, weights: answer, gramian: whole, asked: questions(whole, batch), answer, extras };
  }
  const answer = input(WEIGHTS, [...lead, groups.length, tasks], { role: 'step' });
  const gradients = shared.leaves.map((leaf, i) => {
    const group = groups.findIndex((own) => own.includes(i));
    const own = squeeze(slice(answer, -2, group, group + 1), -2);
    return weighted(own, parts[i]!.rows(), leaf);
  });
  const asked = questions(stack(gramians, lead.length), batch);
  const weights = mul(reduceSum(answer, -2), 1 / groups.length);
  return { gradients, weights, gramian: whole, asked, answer, extras };
}

const questions = (of: Tensor, { losses, present }: Batches): Record<string, Tensor> => ({
  [GRAMIAN]: of,
  [LOSSES]: losses,
  [PRESENT]: present,
});

function sumOver(places: readonly number[], of: (place: number) => Tensor): Tensor {
  return places.map(of).reduce((a, b) => add(a, b));
}

/** Σ αₜ gₜ of one leaf. */
function weighted(weights: Tensor, rows: Tensor, leaf: Tensor): Tensor {
  return reshape(matmul(unsqueeze(weights, -2), rows), leaf.shape);
}

/** Methods that want J₁J₂ᵀ of two batches for the weights of a third one. */
function byCross(
  batch: Batches,
  [first, second]: readonly (readonly TaskRows[])[],
  shared: SharedLeaves,
  lead: readonly number[],
): AggregatedGradients {
  const cross = first!.map((part, i) => part.times(second![i]!)).reduce((a, b) => add(a, b));
  // Its symmetric part estimates the Gramian without the noise of a batch that meets itself.
  const symmetric = mul(add(cross, swapped(cross)), 0.5);
  const held = heldGradients(batch.terms, shared, lead);
  const asked = { ...questions(symmetric, batch), [CROSS]: cross };
  return { ...held, gramian: symmetric, asked };
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

function swapped(matrix: Tensor): Tensor {
  const axes = matrix.shape.map((_, axis) => axis);
  return transpose(matrix, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

/** Methods that look at the coordinates of J: what they make of its rows takes their place, or is the direction. */
function byCoordinates(
  { aggregation }: ChosenObjective,
  parts: readonly TaskRows[],
  batch: Batches,
  { leaves }: SharedLeaves,
  lead: readonly number[],
): AggregatedGradients {
  const { aggregation: method, options } = aggregation!;
  const extras = new StepExtras('aggregation', lead);
  const each = parts.map((part) => part.rows());
  const rows = each.length === 1 ? each[0]! : concat(each, -1);
  const context = {
    losses: batch.losses,
    present: batch.present,
    lead,
    state: (name: string, initial: readonly number[]) => extras.carry(name, initial).leaf,
    next: (name: string, value: Tensor) => extras.follow(name, value),
    noise: (name: string, size: number) => extras.noise(name, size),
    zeros: (name: string, shape: readonly number[]) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return extras.carry(name, new Array<number>(size).fill(0), shape).leaf;
    },
  };
  const own = method.transform?.(rows, context, options) ?? rows;
  const whole = matmul(own, own, { transposeB: true });
  if (method.direction !== undefined) {
    const { direction, weights } = method.direction(own, context, options);
    const gradients = unpackRow(direction, leaves, lead);
    return { gradients, gramian: whole, extras, ...(weights && { weights }) };
  }
  const answer = input(WEIGHTS, [...lead, rows.shape.at(-2)!], { role: 'step' });
  const gradients = unpackRow(squeeze(matmul(unsqueeze(answer, -2), own), -2), leaves, lead);
  return { gradients, weights: answer, gramian: whole, asked: questions(whole, batch), answer, extras };
}

/** A direction [...lead, n] as gradients of the leaves. */
function unpackRow(direction: Tensor, leaves: readonly Tensor[], lead: readonly number[]): Tensor[] {
  const sizes = leaves.map(({ shape }) => (shape.slice(lead.length) as number[]).reduce((a, b) => a * b, 1));
  const parts = sizes.length === 1 ? [direction] : split(direction, sizes, rank(direction) - 1);
  return parts.map((part, i) => reshape(part, leaves[i]!.shape));
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
