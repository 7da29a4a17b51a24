import { PolytaskError } from '../common/error.ts';
import { own } from '../common/own.ts';
import type { Column } from '../common/table.ts';
import { compactStrings, stringColumn } from './columns.ts';

export type ColumnType = Column['type'];

export type ColumnValues = readonly unknown[] | Exclude<ArrayBufferView, DataView>;

export interface CellOptions {
  readonly missing?: readonly (string | number)[];
  readonly types?: Readonly<Record<string, ColumnType>>;
  readonly limit?: number;
}

/** A typed column from plain values, typed arrays included. */
export function columnFromValues(name: string, given: ColumnValues, options: CellOptions = {}): Column {
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
  const type = own(options.types, name) ?? commonType(values);
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
  string: (name, cells) => compactStrings(stringColumn(name, cells.map(textOf))),
};

/** The text of a cell, as a column of strings holds it. */
export function textOf(cell: Plain): string | null {
  if (typeof cell === 'string' || cell === null) return cell;
  return cell instanceof Date ? cell.toISOString() : String(cell);
}

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
export function plainCell(value: unknown): Plain {
  if (typeof value === 'string') {
    const text = value.trim();
    return text === '' ? null : text;
  }
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value;
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

/** How cells of a column that is no text become numbers. */
export const BUILD_VALUE: Readonly<Record<Exclude<ColumnType, 'string'>, (cell: unknown) => number>> = {
  number: toNumber,
  boolean: toBoolean,
  date: toTime,
};

const ISO_8601 = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/;

/** Milliseconds since 1970 UTC out of a Date, a number of milliseconds or ISO 8601 text (UTC where no zone is said). */
export function toTime(cell: unknown): number {
  if (cell instanceof Date) return cell.getTime();
  if (typeof cell === 'number') return cell;
  const match = typeof cell === 'string' ? ISO_8601.exec(cell.trim()) : null;
  return match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2] ?? '00:00'}${match[3] ?? 'Z'}`);
}

export function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

export function describe(value: unknown): string {
  return Array.isArray(value) ? 'an array' : value === null ? 'null' : typeof value;
}
