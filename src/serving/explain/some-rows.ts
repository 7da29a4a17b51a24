import { RandomStream } from '../../common/random.ts';
import type { Table } from '../../common/table.ts';
import { takeRows } from '../../data/index.ts';

/** At most so many rows, drawn by chance, in their order. */
export function someRows(table: Table, most: number, seed: number): Table {
  if (table.rows <= most) return table;
  const drawn = new RandomStream(seed, 'explained rows').permutation(table.rows).slice(0, most);
  return takeRows(table, drawn.sort());
}
