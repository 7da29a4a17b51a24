import type { Table } from '../../common/table.ts';
import type { SplitSpec } from './spec.ts';
import { strataKeys, stratifiedOrder } from './strata.ts';

/**
 * A part of the rows, drawn by seed, with every task and class in proportion and none left out. Parts are nested: a smaller
 * share draws from what a larger one draws.
 *
 * Row i of the n of its stratum, in random order, stands at i / n; a part is the rows that stand first.
 *
 * @param share in (0, 1]
 * @returns ascending; about share · rows of them, and at least one of each stratum
 */
export function nestedRows(
  table: Table,
  rows: Int32Array,
  share: number,
  spec: SplitSpec,
  seed: number,
): Int32Array {
  const order = stratifiedOrder(table, rows, spec, seed, 'fraction');
  const keys = strataKeys(table, spec);
  const begins = (i: number): boolean => i === 0 || keys.some((key) => key[order[i]!] !== key[order[i - 1]!]);
  const starts = Array.from(order.keys()).filter(begins);
  const place = new Float64Array(order.length);
  starts.forEach((start, s) => {
    const end = starts[s + 1] ?? order.length;
    for (let i = start; i < end; i++) place[i] = (i - start) / (end - start);
  });
  const count = Math.max(starts.length, Math.round(share * order.length));
  return Int32Array.from(order.keys())
    .sort((a, b) => place[a]! - place[b]! || a - b)
    .slice(0, count)
    .map((i) => order[i]!)
    .sort();
}
