import {
  matmul,
  mul,
  rank,
  reduceSum,
  reshape,
  type Tensor,
  transpose,
  unsqueeze,
} from '../../../engine/index.ts';
import { type Encoder, runLayers } from '../../encoder.ts';
import { type Mode, swapRows } from '../../layers.ts';
import type { LayerView } from '../../view.ts';
import { sideBySide } from './side-by-side.ts';

/**
 * The outputs of experts that stand on an axis before the batch.
 *
 * @param view parameters with an axis of experts
 * @param x [..., batch, D]
 * @param name of their parameters and dropout masks
 * @returns [..., E, batch, H]
 */
export function runExperts(encoder: Encoder, view: LayerView, x: Tensor, mode: Mode, name: string): Tensor {
  if (!encoder.unitwise || encoder.widths.length !== 1)
    return runLayers(encoder, view, unsqueeze(x, -3), mode, { name });
  // Experts of one layer that see the same x are the columns of one product, in the order in which they are mixed. Of
  // deeper ones the turn to the order of the next layer's products would cost what this saves.
  const columns = encoder.layer(0, sideBySide(view), x, mode, name);
  const width = encoder.widths[0]!;
  const experts = (columns.shape.at(-1) as number) / width;
  return swapRows(reshape(columns, [...columns.shape.slice(0, -1), experts, width]));
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

/** Names of alike things: "shared 0", "shared 1", … */
export const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name} ${i}`);
