import {
  concat,
  input,
  matmul,
  rank,
  reshape,
  split,
  squeeze,
  type Tensor,
  unsqueeze,
} from '../engine/index.ts';
import { type ChosenObjective, WEIGHTS } from '../objective/index.ts';
import { type AggregatedGradients, type Batches, questions } from './asked-gradients.ts';
import { StepExtras } from './carried.ts';
import type { SharedLeaves } from './compared.ts';
import type { TaskRows } from './task-rows.ts';

/** Methods that look at the coordinates of J: what they make of its rows takes their place, or is the direction. */
export function byCoordinates(
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
