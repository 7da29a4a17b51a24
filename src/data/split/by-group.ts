import { RandomStream } from '../../common/random.ts';
import type { Table } from '../../common/table.ts';
import { codesOf, requireColumn } from '../columns.ts';
import { allot } from './allot.ts';
import { type SplitSpec, sharesOf } from './spec.ts';

/** Whole groups by seed, the largest first so that sides come near their shares; a row without group is its own. */
export function splitByGroup(table: Table, spec: SplitSpec, seed: number): Int32Array {
  const { codes, values } = codesOf(requireColumn(table, spec.group!, 'split.group'));
  let groups = values.length;
  const groupOf = codes.map((code) => (code < 0 ? groups++ : code));
  const sizes = new Uint32Array(groups);
  for (const group of groupOf) sizes[group]!++;
  const used = Int32Array.from(sizes.keys()).filter((group) => sizes[group]! > 0);
  const order = new RandomStream(seed, 'split').shuffle(used).sort((a, b) => sizes[b]! - sizes[a]!);
  const sideOf = new Int32Array(groups);
  allot(
    order.map((group) => sizes[group]!),
    sharesOf(spec),
  ).forEach((side, i) => {
    sideOf[order[i]!] = side;
  });
  return groupOf.map((group) => sideOf[group]!);
}
