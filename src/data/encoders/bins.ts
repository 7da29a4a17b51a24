import type { Table } from '../../common/table.ts';
import { isMissing, takeColumn } from '../columns.ts';
import type { FittedEncoder } from './encoder.ts';
import { lowerBound } from './transforms.ts';

/**
 * The edges of quantile bins of every numeric feature, in the units that a model is fed; none where a feature has fewer
 * than three values. Rows in which the column is missing do not count.
 *
 * @param rows that are fitted on
 * @param bins of a feature at most
 */
export function fitBins(
  encoders: readonly FittedEncoder[],
  table: Table,
  rows: ArrayLike<number>,
  bins: number,
): number[][] {
  return encoders.flatMap((encoder) => {
    if (encoder.shape.numeric.length === 0) return [];
    const column = table.columns.get(encoder.column)!;
    const present = Int32Array.from(rows).filter((row) => !isMissing(column, row));
    const { numeric = [] } = encoder.encode(takeColumn(column, present));
    return numeric.map((values) => (new Set(values).size < 3 ? [] : quantileEdges(values, bins)));
  });
}

/** Distinct values at the quantiles 0, 1/bins, … 1; every value where there are no more of them. */
export function quantileEdges(values: Float32Array | Float64Array, bins: number): number[] {
  const sorted = values.toSorted();
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  if (distinct.length > 0 && distinct.length <= bins + 1) return [...distinct];
  const edges = Array.from(
    { length: bins + 1 },
    (_, k) => sorted[Math.round((k / bins) * (sorted.length - 1))] ?? 0,
  );
  return edges.filter((edge, k) => lowerBound(edges, edge) === k);
}
