import { PolytaskError } from '../common/error.ts';
import type { Column, Table } from '../common/table.ts';
import { type EncoderSet, requireColumn, tableFromRows } from '../data/index.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Columns of equal length; typed arrays too. */
export type Columns<R extends Row = Row> = {
  readonly [Name in keyof R]: ArrayLike<R[Name]>;
};

/** Whether something is columns and no row: all its values are lists. */
export function isColumns(value: Row | Columns): value is Columns {
  const lists = Object.values(value);
  return lists.length > 0 && lists.every((list) => Array.isArray(list) || ArrayBuffer.isView(list));
}

/** Columns as rows. @throws `source-invalid` for columns of unequal length */
export function rowsOf(columns: Columns): Row[] {
  const names = Object.keys(columns);
  const rows = columns[names[0]!]!.length;
  const other = names.find((name) => columns[name]!.length !== rows);
  if (other === undefined)
    return Array.from({ length: rows }, (_, i) =>
      Object.fromEntries(names.map((name) => [name, columns[name]![i]])),
    );
  throw new PolytaskError('source-invalid', {
    path: other,
    expected: `${rows} values, as in "${names[0]}"`,
    found: `${columns[other]!.length} values`,
    help: 'Give every column the same number of values.',
  });
}

/** Columns that some row has, as a table. */
export function tableOf(rows: readonly Row[], columns: readonly string[]): Table {
  const given = columns.filter((name) => rows.some((row) => row[name] !== undefined));
  const picked = rows.map((row) => Object.fromEntries(given.map((name) => [name, row[name]])));
  return given.length === 0 ? { rows: rows.length, columns: new Map() } : tableFromRows(picked);
}

/** The name of a row's task. */
export const nameOf = (cell: unknown): string | undefined =>
  cell === undefined || cell === null ? undefined : String(cell);

/** The column of tasks; rows of one new task need none. */
export function taskColumn(table: Table, by: string, optional: boolean): Column | undefined {
  return optional ? table.columns.get(by) : requireColumn(table, by, 'by');
}

/** A table with every column that encoders read, and which ones it lacked. */
export function withAllColumns(
  table: Table,
  { columns: read }: EncoderSet,
): { readonly complete: Table; readonly absent: readonly string[] } {
  const absent = read.filter((column) => !table.columns.has(column));
  if (absent.length === 0) return { complete: table, absent };
  const columns = new Map(table.columns);
  for (const name of absent)
    columns.set(name, { type: 'string', name, codes: new Int32Array(table.rows).fill(-1), dictionary: [] });
  return { complete: { rows: table.rows, columns }, absent };
}
