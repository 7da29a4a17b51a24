import { PolytaskError } from '../../common/error.ts';
import type { Column, Table } from '../../common/table.ts';
import { compactStrings, makeTable, stringColumn } from '../columns.ts';
import type { ColumnType, ColumnValues, Row, Source, SourceOptions } from './spec.ts';
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

/** A typed column from plain values, typed arrays included. */
export function columnFromValues(name: string, given: ColumnValues, options: SourceOptions = {}): Column {
  if (!Array.isArray(given) && !ArrayBuffer.isView(given)) {
    throw new PolytaskError('source-invalid', {
      path: name,
      expected: 'an array or a typed array',
      found: describe(given),
      help: 'Give every column as an array of values.',
    });
  }
  const missing = new Set<unknown>(options.missing ?? []);
  const plain = Array.from(given as ArrayLike<unknown>, (value) =>
    missing.has(value) ? null : plainCell(value),
  );
  const values = options.limit === undefined ? plain : plain.slice(0, options.limit);
  const type = options.types?.[name] ?? commonType(values);
  return BUILD[type](name, values);
}

type Plain = number | boolean | string | Date | null;

const BUILD: Record<ColumnType, (name: string, values: Plain[]) => Column> = {
  number: (name, cells) => {
    const values = Float64Array.from(cells, toNumber);
    return { type: 'number', name, values, integer: allIntegers(values) };
  },
  boolean: (name, cells) => ({ type: 'boolean', name, values: Float64Array.from(cells, toBoolean) }),
  date: (name, cells) => ({ type: 'date', name, values: Float64Array.from(cells, toTime) }),
  string: (name, cells) =>
    compactStrings(
      stringColumn(
        name,
        cells.map((cell) =>
          cell === null ? null : cell instanceof Date ? cell.toISOString() : String(cell),
        ),
      ),
    ),
};

/** Whether every value that is there is a whole number. */
export function allIntegers(values: Float64Array): boolean {
  return values.every((value) => Number.isNaN(value) || Number.isInteger(value));
}

function commonType(values: readonly Plain[]): ColumnType {
  const types = new Set(
    values.filter((value) => value !== null).map((value) => (value instanceof Date ? 'date' : typeof value)),
  );
  if (types.size === 0) return 'number';
  return types.size === 1 ? ([...types][0] as ColumnType) : 'string';
}

/** Lists of scalars become text joined with "|" (labels of one row), other nested values JSON. */
function plainCell(value: unknown): Plain {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value;
  if (typeof value === 'string') {
    const text = value.trim();
    return text === '' ? null : text;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value) && value.every(isScalar)) return value.join('|');
  return JSON.stringify(value) ?? String(value);
}

/** A number out of any cell; what is no number is NaN. */
export function toNumber(cell: unknown): number {
  if (typeof cell === 'string') return cell.trim() === '' ? Number.NaN : Number(cell);
  if (cell instanceof Date) return cell.getTime();
  return typeof cell === 'number' || typeof cell === 'boolean' || typeof cell === 'bigint'
    ? Number(cell)
    : Number.NaN;
}

/** 1, 0 or NaN out of any cell: true/false, yes/no, t/f, y/n, 1/0. */
export function toBoolean(cell: unknown): number {
  const text = String(cell).trim().toLowerCase();
  if (['true', 't', 'yes', 'y', '1'].includes(text)) return 1;
  return ['false', 'f', 'no', 'n', '0'].includes(text) ? 0 : Number.NaN;
}

/** Milliseconds since 1970 UTC out of a Date, a number of milliseconds or ISO 8601 text without zone as UTC. */
export function toTime(cell: unknown): number {
  if (cell instanceof Date) return cell.getTime();
  if (typeof cell === 'number') return cell;
  if (typeof cell !== 'string') return Number.NaN;
  const text = cell.trim().replace(/^(\d{4}-\d\d-\d\d) /, '$1T');
  return Date.parse(/T[\d:.]+$/.test(text) ? `${text}Z` : text);
}

function isColumns(spec: object): boolean {
  const values = Object.values(spec);
  return values.length > 0 && values.every((value) => Array.isArray(value) || ArrayBuffer.isView(value));
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function describe(value: unknown): string {
  return Array.isArray(value) ? 'an array' : value === null ? 'null' : typeof value;
}
