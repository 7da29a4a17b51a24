import { PolytaskError } from '../../common/error.ts';
import { type TensorData, tensorData } from '../tensor-data.ts';
import { RowNumbering } from './row-numbering.ts';

export interface CompactOptions {
  /** U, the width of `unique`: at least the most distinct rows of any step, which is the default. */
  readonly width?: number;
  /** V, the rows of the full table, where they may be fewer than the indices: bounds what is set aside. */
  readonly tableRows?: number;
}

/** What a chunk of K steps needs of an embedding table. */
export interface CompactRows {
  /** The rows of the full table that the chunk touches, in the order in which it does. */
  readonly rows: Int32Array;
  /** [K, U] int32: the rows of the compact table that each step uses; the rest points at the scratch row. */
  readonly unique: TensorData;
  /** [K, …] int32: where in its step's row of `unique` each index went. */
  readonly inverse: TensorData;
}

/**
 * Collects the distinct rows that a chunk of steps touches and renumbers its indices, so that the graph trains a
 * compact table of these rows and one scratch row at the end: its cost follows the rows used, not the table's size.
 *
 * Replicas, or columns that share a width, are rows of one table: add s·V to the indices of replica s.
 *
 * @param indices row-major elements, each from 0 to 2³¹ − 2
 * @param shape [K, …], steps first
 * @throws `parameters-invalid` for an index beyond the table and where a step uses more than `width` rows
 * @example
 * const { rows, unique, inverse } = compactRows(Int32Array.of(7, 3, 7, 9), [2, 2]);
 * // rows 7 3 9; unique [[0, 1], [0, 2]]; inverse [[0, 1], [0, 1]]
 */
export function compactRows(
  indices: Int32Array,
  shape: readonly number[],
  options: CompactOptions = {},
): CompactRows {
  const steps = shape[0] ?? 0;
  const perStep = shape.slice(1).reduce((a, b) => a * b, 1);
  const inverse = tensorData(indices.slice(), shape, 'int32');
  const positions = inverse.data as Int32Array;
  const most = Math.min(indices.length, options.tableRows ?? indices.length);
  const numbering = new RowNumbering(most);
  const used: Int32Array[] = [];
  const lastStep = new Int32Array(most).fill(-1);
  const place = new Int32Array(most);
  for (let k = 0; k < steps; k++) {
    const own = new Int32Array(Math.min(perStep, most));
    let count = 0;
    for (let i = k * perStep; i < (k + 1) * perStep; i++) {
      const index = positions[i]!;
      if (index < 0)
        throw invalid('row numbers of at least 0', `${index}`, 'Encode missing values as row 0.');
      if (index >= (options.tableRows ?? Number.POSITIVE_INFINITY))
        throw invalid(`rows below ${options.tableRows}`, `${index}`, 'Encode unseen values as row 0.');
      const row = numbering.number(index);
      if (lastStep[row] !== k) {
        lastStep[row] = k;
        place[row] = count;
        own[count++] = row;
      }
      positions[i] = place[row]!;
    }
    used.push(own.subarray(0, count));
  }
  const rows = numbering.keys();
  const widest = Math.max(0, ...used.map(({ length }) => length));
  const width = options.width ?? widest;
  if (widest > width)
    throw invalid(`at most ${width} distinct rows a step`, `${widest}`, 'Give a width of the batch size.');
  const unique = new Int32Array(steps * width).fill(rows.length);
  used.forEach((own, k) => {
    unique.set(own, k * width);
  });
  return { rows, unique: tensorData(unique, [steps, width], 'int32'), inverse };
}

function invalid(expected: string, found: string, help: string): PolytaskError {
  return new PolytaskError('parameters-invalid', { path: 'compactRows', expected, found, help });
}
