import { RandomStream } from '../../common/random.ts';
import type { Table } from '../../common/table.ts';
import { codesOf, requireColumn } from '../columns.ts';
import { allot } from './allot.ts';
import type { SplitSpec } from './spec.ts';
import { stratifiedOrder } from './strata.ts';

/** What stays on one side of a split: each row alone, or whole groups. */
export interface Units {
  /** In the order in which sides are filled. */
  readonly order: Int32Array;
  /** Rows of each unit. */
  readonly sizes: Uint32Array;
  /** The unit of each row. */
  readonly unitOf: Int32Array;
}

/** Rows, neighbours alike, or the groups of `spec.group`. */
export function unitsOf(table: Table, spec: SplitSpec, seed: number): Units {
  if (spec.group !== undefined) return groups(table, spec.group, seed);
  const rows = Int32Array.from({ length: table.rows }, (_, row) => row);
  return {
    order: stratifiedOrder(table, rows, spec, seed),
    sizes: new Uint32Array(table.rows).fill(1),
    unitOf: rows,
  };
}

/** Whole groups by seed, the largest first so that sides come near their shares; a row without group is its own. */
function groups(table: Table, name: string, seed: number): Units {
  const { codes, values } = codesOf(requireColumn(table, name, 'split.group'));
  let count = values.length;
  const unitOf = codes.map((code) => (code < 0 ? count++ : code));
  const sizes = new Uint32Array(count);
  for (const group of unitOf) sizes[group]!++;
  const used = Int32Array.from(sizes.keys()).filter((group) => sizes[group]! > 0);
  const order = new RandomStream(seed, 'split').shuffle(used).sort((a, b) => sizes[b]! - sizes[a]!);
  return { order, sizes, unitOf };
}

/**
 * Gives units to sides by their shares.
 *
 * @param order the units to divide
 * @returns the side of each unit, −1 where it is not among them
 */
export function divide(units: Units, shares: readonly number[], order: Int32Array = units.order): Int32Array {
  const sideOf = new Int32Array(units.sizes.length).fill(-1);
  allot(
    order.map((unit) => units.sizes[unit]!),
    shares,
  ).forEach((side, i) => {
    sideOf[order[i]!] = side;
  });
  return sideOf;
}
