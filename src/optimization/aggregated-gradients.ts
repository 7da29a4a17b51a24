import {
  add,
  input,
  matmul,
  mul,
  reduceSum,
  reshape,
  slice,
  squeeze,
  stack,
  type Tensor,
  transpose,
  unsqueeze,
} from '../engine/index.ts';
import { type ChosenObjective, CROSS, WEIGHTS } from '../objective/index.ts';
import { type AggregatedGradients, askedFor, type Batches, questions } from './asked-gradients.ts';
import { byCoordinates } from './by-coordinates.ts';
import { StepExtras } from './carried.ts';
import { checkCompared, comparedBy, groupsOf, type SharedLeaves } from './compared.ts';
import { readoutGramian, type TaskRows, taskRows } from './task-rows.ts';

/**
 * Tasks up to which the Jacobian is kept for the direction. Beyond, one more backward pass of the weighted losses costs
 * less than writing T times the parameters, and the memory of a step does not grow with their product.
 */
const KEPT_TASKS = 16;

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
  if (chosen.over === 'representation' && shared.readout !== undefined)
    return askedFor(readoutGramian(terms, shared.readout), batch, shared, lead);
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
    if (chosen.over !== 'shared' || tasks > KEPT_TASKS) return askedFor(whole, batch, shared, lead);
    const answer = input(WEIGHTS, [...lead, tasks], { role: 'step' });
    const gradients = shared.leaves.map((leaf, i) => weighted(answer, parts[i]!.rows(), leaf));
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
  return askedFor(symmetric, batch, shared, lead, { [CROSS]: cross });
}

function swapped(matrix: Tensor): Tensor {
  const axes = matrix.shape.map((_, axis) => axis);
  return transpose(matrix, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}
