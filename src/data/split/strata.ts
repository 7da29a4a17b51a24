import { RandomStream } from '../../common/random.ts';
import type { Column, Table } from '../../common/table.ts';
import { codesOf, requireColumn } from '../columns.ts';
import { lowerBound } from '../encoders/transforms.ts';
import type { SplitSpec } from './spec.ts';

/** A number with more distinct values than this is stratified by tenths of its range of ranks. */
const MANY_VALUES = 50;
const TENTHS = 10;

/** Rows shuffled, then brought together by task and class, so that neighbours are alike. */
export function stratifiedOrder(
  table: Table,
  rows: Int32Array,
  spec: SplitSpec,
  seed: number,
  stream: string = 'split',
): Int32Array {
  const order = new RandomStream(seed, stream).shuffle(rows.slice());
  // Sorting is stable: by class first, then by task, keeps the shuffled order within each pair.
  for (const key of strataKeys(table, spec)) order.sort((a, b) => key[a]! - key[b]!);
  return order;
}

/** What tells strata apart, [key][row]: the class, then the task. */
export function strataKeys(table: Table, spec: SplitSpec): Int32Array[] {
  const keys: Int32Array[] = [];
  if (spec.stratify !== undefined) keys.push(strataOf(requireColumn(table, spec.stratify, 'split.stratify')));
  if (spec.by !== undefined) keys.push(codesOf(requireColumn(table, spec.by, 'split.by')).codes);
  return keys;
}

function strataOf(column: Column): Int32Array {
  const { codes, values } = codesOf(column);
  if (column.type === 'string' || values.length <= MANY_VALUES) return codes;
  const sorted = column.values.filter(Number.isFinite).toSorted();
  return Int32Array.from(column.values, (value) =>
    Number.isFinite(value) ? Math.floor((TENTHS * lowerBound(sorted, value)) / sorted.length) : -1,
  );
}
