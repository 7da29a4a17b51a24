import { PolytaskError } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import { type ColumnValues, columnFromValues, describe, isScalar } from '../cells.ts';
import { makeTable } from '../columns.ts';
import type { Row, Source, SourceOptions } from './spec.ts';
import { isRecord } from './spec.ts';

/** An array of objects; a key that a row lacks is missing there. */
export const rowsSource: Source = {
  name: 'rows',
  matches: (spec) =>
    (Array.isArray(spec) && !spec.some((item) => typeof item === 'string')) ||
    (isRecord(spec) && Array.isArray(spec.rows) && spec.rows.every((row) => !isScalar(row))),
  open: async (spec: readonly Row[] | { rows: readonly Row[] }, options) =>
    tableFromRows(Array.isArray(spec) ? spec : (spec as { rows: readonly Row[] }).rows, options),
};

/** A record of arrays or typed arrays. */
export const columnsSource: Source = {
  name: 'columns',
  matches: (spec) =>
    isRecord(spec) && (isColumns(spec) || (Object.keys(spec).length === 1 && isRecord(spec.columns))),
  open: async (spec: Record<string, ColumnValues> | { columns: Record<string, ColumnValues> }, options) =>
    tableFromColumns((isColumns(spec) ? spec : spec.columns) as Record<string, ColumnValues>, options),
};

/** A table that is already in memory. */
export const tableSource: Source = {
  name: 'table',
  matches: (spec) => isRecord(spec) && typeof spec.rows === 'number' && spec.columns instanceof Map,
  open: async (spec: Table) => spec,
};

/** A table from an array of objects, with the union of their keys as columns. */
export function tableFromRows(rows: readonly Row[], options: SourceOptions = {}): Table {
  const taken = options.limit === undefined ? rows : rows.slice(0, options.limit);
  const values = new Map<string, unknown[]>();
  taken.forEach((row, i) => {
    if (!isRecord(row)) {
      throw new PolytaskError('source-invalid', {
        path: `rows[${i}]`,
        expected: 'an object with a value a column',
        found: describe(row),
        help: 'Give the rows as [{ column: value, … }, …].',
      });
    }
    for (const key of Object.keys(row)) {
      let list = values.get(key);
      if (list === undefined) values.set(key, (list = new Array(taken.length).fill(null)));
      list[i] = row[key];
    }
  });
  return tableFromColumns(Object.fromEntries(values), options);
}

/** A table from a record of arrays or typed arrays of equal length. */
export function tableFromColumns(
  record: Readonly<Record<string, ColumnValues>>,
  options: SourceOptions = {},
): Table {
  const names = Object.keys(record);
  if (names.length === 0) {
    throw new PolytaskError('source-empty', {
      expected: 'at least one column',
      found: 'none',
      help: 'Give rows as [{ column: value }] or columns as { column: [values] }.',
    });
  }
  return makeTable(names.map((name) => columnFromValues(name, record[name]!, options)));
}

function isColumns(spec: object): boolean {
  const values = Object.values(spec);
  return values.length > 0 && values.every((value) => Array.isArray(value) || ArrayBuffer.isView(value));
}
