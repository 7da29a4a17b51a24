import type { InputColumn } from '../artefact/index.ts';
import type { Cell, Column, Table } from '../common/table.ts';
import { type ColumnPlan, cellAt, codesOf, isMissing } from '../data/index.ts';

/** What a model takes, before it is known which columns its predictions depend on. */
export type DescribedInput = Omit<InputColumn, 'read'>;

const MOST_CATEGORIES = 1000;

/** What the training rows hold of every input column; texts are kept to themselves. */
export function describeInputs(
  table: Table,
  plans: readonly ColumnPlan[],
  trainRows: Int32Array,
): DescribedInput[] {
  return plans.flatMap(({ name, role, encoder }) => {
    if (role !== 'input' || encoder === undefined) return [];
    const column = table.columns.get(name)!;
    const present = trainRows.filter((row) => !isMissing(column, row));
    const missing = trainRows.length === 0 ? 0 : 1 - present.length / trainRows.length;
    const described = { name, type: column.type, encoder: encoder.kind, missing };
    if (encoder.kind === 'text') return [{ ...described, typical: null }];
    const isListed = encoder.kind === 'categorical' || column.type === 'string' || column.type === 'boolean';
    return [{ ...described, ...(isListed ? listed(column, present) : ranging(column, present)) }];
  });
}

function listed(column: Column, rows: Int32Array): Pick<InputColumn, 'typical' | 'categories'> {
  const { codes, count, textOf } = codesOf(column);
  const counts = new Uint32Array(count);
  const first = new Int32Array(count);
  for (const row of rows) if (counts[codes[row]!]!++ === 0) first[codes[row]!] = row;
  const used = Array.from(counts.keys()).filter((code) => counts[code]! > 0);
  used.sort((a, b) => counts[b]! - counts[a]! || first[a]! - first[b]!);
  return {
    typical: used.length === 0 ? null : cellAt(column, first[used[0]!]!),
    ...(column.type !== 'boolean' && { categories: used.slice(0, MOST_CATEGORIES).map(textOf) }),
  };
}

function ranging(column: Column, rows: Int32Array): Pick<InputColumn, 'typical' | 'range'> {
  if (rows.length === 0 || column.type === 'string') return { typical: null };
  const rising = rows.toSorted((a, b) => column.values[a]! - column.values[b]!);
  const cell = (at: number): Cell => cellAt(column, rising[at]!);
  return {
    typical: cell(rising.length >> 1),
    range: { min: cell(0), max: cell(rising.length - 1) },
  };
}
