import { hashString } from '../../common/random.ts';
import type { Column } from '../../common/table.ts';
import { codesOf } from '../columns.ts';
import type { Split } from '../split/spec.ts';
import type { Warning } from '../warning.ts';

/** Held-out rows whose inputs, all of them, also stand in a training row. */
export function inspectDuplicates(columns: readonly Column[], split: Split): Warning[] {
  if (columns.length === 0) return [];
  const keys = rowKeys(columns);
  const train = new Set<number>();
  for (const row of split.train) train.add(keys[row]!);
  const count = (rows: Int32Array): number => rows.filter((row) => train.has(keys[row]!)).length;
  const test = count(split.test);
  const validation = count(split.validation);
  if (test + validation === 0) return [];
  const share = (found: number, rows: Int32Array): string =>
    `${found} of ${rows.length} (${((100 * found) / rows.length).toFixed(1)} %)`;
  return [
    {
      code: 'duplicates',
      message: `The inputs of ${share(test, split.test)} test and ${share(validation, split.validation)} validation rows also stand in a training row.`,
      help: 'If they are the same thing recorded twice, remove the copies or split by a `group`; if the inputs are few and coarse, this is to be expected.',
    },
  ];
}

/** A 53-bit hash of each row's cells. */
function rowKeys(columns: readonly Column[]): Float64Array {
  const rows = codesOf(columns[0]!).codes.length;
  const low = new Uint32Array(rows);
  const high = new Uint32Array(rows);
  for (const column of columns) {
    const { codes, values } = codesOf(column);
    const hashes = Uint32Array.from(values, (value) => hashString(value, 17));
    for (let row = 0; row < rows; row++) {
      const cell = codes[row]! < 0 ? 0x7feb352d : hashes[codes[row]!]!;
      low[row] = Math.imul(low[row]! ^ cell, 0x85ebca6b) + 0x165667b1;
      high[row] = Math.imul(((high[row]! << 7) | (high[row]! >>> 25)) ^ cell, 0xc2b2ae35) + 0x27d4eb2f;
    }
  }
  return Float64Array.from(low, (word, row) => (high[row]! & 0x1fffff) * 2 ** 32 + word);
}
