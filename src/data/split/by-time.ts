import { PolytaskError } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import { requireColumn } from '../columns.ts';
import { type SplitSpec, sharesOf } from './spec.ts';

/** The earliest rows train, the latest test; rows of one moment stay together where that leaves no side empty. */
export function splitByTime(table: Table, spec: SplitSpec): Int32Array {
  const column = requireColumn(table, spec.time!, 'split.time');
  const misfit = (found: string): PolytaskError =>
    new PolytaskError('column-type', {
      path: `split.time: ${column.name}`,
      expected: 'a date or a number in every row',
      found,
      help: 'Name a column of dates or numbers, or read it as one with `types`.',
    });
  if (column.type === 'string' || column.type === 'boolean') throw misfit(`a column of type ${column.type}`);
  const times = column.values;
  const missing = times.findIndex((time) => !Number.isFinite(time));
  if (missing >= 0) throw misfit(`no value in row ${missing + 1}`);
  const order = Int32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
  const shares = sharesOf(spec);
  const n = order.length;
  const moment = (i: number): number => times[order[i]!]!;
  const cut = (share: number, least: number, most: number): number => {
    const wanted = Math.min(most, Math.max(least, Math.round(share * n)));
    for (let i = wanted; i <= most; i++) if (moment(i - 1) !== moment(i)) return i;
    for (let i = wanted; i >= least; i--) if (moment(i - 1) !== moment(i)) return i;
    return wanted;
  };
  const first = cut(shares[0], 1, n - 2);
  const second = cut(shares[0] + shares[1], first + 1, n - 1);
  const sides = new Int32Array(n);
  order.forEach((row, i) => {
    sides[row] = i < first ? 0 : i < second ? 1 : 2;
  });
  return sides;
}
