import { hashString } from '../common/random.ts';
import type { Table } from '../common/table.ts';

/**
 * A 128-bit hash of the table's content (names, types, values, in order) as 32 hexadecimal digits.
 *
 * It tells whether two tables are equal, whatever file they came from; it is no protection against forgery.
 *
 * @example
 * fingerprint(await openSource('a.csv')) === fingerprint(await openSource('a.parquet'))
 */
export function fingerprint(table: Table): string {
  const state = Uint32Array.of(0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f);
  mix(state, Uint32Array.of(table.rows, table.columns.size));
  for (const [name, column] of table.columns) {
    mix(state, Uint32Array.of(hashString(name), hashString(column.type)));
    if (column.type === 'string') {
      mix(
        state,
        Uint32Array.from(column.dictionary, (text) => hashString(text)),
      );
      mix(
        state,
        Uint32Array.from(column.dictionary, (text) => hashString(text, 0x51ab)),
      );
      mix(state, new Uint32Array(column.codes.buffer, column.codes.byteOffset, column.codes.length));
    } else {
      const { buffer, byteOffset, length } = canonical(column.values);
      mix(state, new Uint32Array(buffer, byteOffset, length * 2));
    }
  }
  return [...state].map((word) => word.toString(16).padStart(8, '0')).join('');
}

/** NaN has many bit patterns and zero has two; the hash must not see them. */
function canonical(values: Float64Array): Float64Array {
  return values.map((value) => (Number.isNaN(value) ? Number.NaN : value + 0));
}

function mix(state: Uint32Array, words: Uint32Array): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number];
  for (let i = 0; i < words.length; i++) {
    a = Math.imul(a ^ words[i]!, 0xcc9e2d51);
    a = ((a << 15) | (a >>> 17)) + b;
    b = Math.imul(b ^ a, 0x1b873593);
    b = ((b << 13) | (b >>> 19)) + c;
    c = Math.imul(c ^ b, 0xe6546b64 | 1);
    c = ((c << 17) | (c >>> 15)) + d;
    d = (Math.imul(d ^ c, 0x38b34ae5) + i) | 0;
  }
  state.set([a, b, c, d]);
}
