import { constant, type Tensor } from '../../engine/index.ts';

/**
 * One number for each slot of each column, [columns, 1, slots]; columns have as many slots as the longest needs.
 *
 * @param of what stands in slot t of a column with these edges
 */
export function edgeTable(
  edges: readonly (readonly number[])[],
  slots: number,
  of: (own: readonly number[], t: number) => number,
): Tensor {
  const data = edges.flatMap((own) => Array.from({ length: slots }, (_, t) => of(own, t)));
  return constant(data, { shape: [edges.length, 1, slots] });
}
