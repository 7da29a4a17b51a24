import type { Table } from '../../common/table.ts';
import { codesOf, requireColumn } from '../columns.ts';
import { allot } from './allot.ts';
import { carveOf, invalid, SIDES, type Side, type SplitSpec } from './spec.ts';
import { stratifiedOrder } from './strata.ts';

const WORDS: Readonly<Record<Side, readonly string[]>> = {
  train: ['train', 'training', 'tr', 'fit'],
  validation: ['validation', 'valid', 'val', 'dev', 'development', 'eval'],
  test: ['test', 'testing', 'te', 'holdout', 'hold-out'],
};

/** The side that a column says; without a validation value, validation is carved from training by seed. */
export function splitByColumn(table: Table, spec: SplitSpec, seed: number): Int32Array {
  const name = spec.column!;
  const { codes, values } = codesOf(requireColumn(table, name, 'split.column'));
  const words = spec.values ?? WORDS;
  const sideOf = values.map((value) =>
    SIDES.findIndex((side) =>
      words[side]?.some((word) => String(word).toLowerCase() === value.toLowerCase()),
    ),
  );
  const sides = codes.map((code) => (code < 0 ? -1 : sideOf[code]!));
  const row = sides.indexOf(-1);
  if (row >= 0) {
    const found = codes[row]! < 0 ? 'a missing value' : `"${values[codes[row]!]}"`;
    throw invalid(
      `split.column: ${name}`,
      'train, validation or test in every row',
      `${found} in row ${row + 1}`,
      'Say what other values mean: `values: { train: ["a", "b"], test: ["c"] }`.',
    );
  }
  if (!sides.includes(1)) {
    const training = Int32Array.from(sides.keys()).filter((i) => sides[i] === 0);
    const order = stratifiedOrder(table, training, spec, seed);
    const carve = carveOf(spec);
    allot(new Uint8Array(order.length).fill(1), [1 - carve, carve]).forEach((side, i) => {
      sides[order[i]!] = side;
    });
  }
  return sides;
}
