import { matmul, mul, rank, reduceSum, type Tensor, transpose, unsqueeze } from '../../../engine/index.ts';
import { type Encoder, runLayers } from '../../encoder.ts';
import type { Mode } from '../../layers.ts';
import type { LayerView } from '../../view.ts';

/**
 * The outputs of experts that stand on an axis before the batch.
 *
 * @param view parameters with an axis of experts
 * @param x [..., batch, D]
 * @param name of their parameters and dropout masks
 * @returns [..., E, batch, H]
 */
export function runExperts(encoder: Encoder, view: LayerView, x: Tensor, mode: Mode, name: string): Tensor {
  return runLayers(encoder, view, unsqueeze(x, -3), mode, { name });
}

/**
 * Σₑ gₑ fₑ, for all tasks at once.
 *
 * @param weights g, shared [..., batch, E] or each task's own
 * @param outputs f [..., E, batch, H] of experts that tasks share, or with the axis of tasks in front of E
 * @param rowwise whether the axis of tasks in g follows the batch, as for rows of one task each
 * @returns [..., batch, H] where g is shared, else each task's own
 */
export function mix(weights: Tensor, outputs: Tensor, rowwise: boolean): Tensor {
  if (rank(outputs) > rank(weights)) return reduceSum(mul(outputs, unsqueeze(transpose(weights), -1)), -3);
  // Many gates over the same experts: a product [tasks, E] [E, H] for each row stores nothing of size tasks × E × H.
  const ofRow = swapRows(outputs);
  return rowwise ? matmul(weights, ofRow) : swapRows(matmul(swapRows(weights), ofRow));
}

/** [..., n, batch, ·] → [..., batch, n, ·]. */
export function swapRows(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  const [before, rows, last] = axes.slice(-3) as [number, number, number];
  return transpose(x, [...axes.slice(0, -3), rows, before, last]);
}

/** Names of alike things: "shared 0", "shared 1", … */
export const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name} ${i}`);
