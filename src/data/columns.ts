import { PolytaskError, suggest } from '../common/error.ts';
import type { Cell, Column, StringColumn, Table } from '../common/table.ts';

/** A table from columns of equal length; a name that occurs twice is an error. */
export function makeTable(columns: readonly Column[], rows?: number): Table {
  const byName = new Map<string, Column>();
  const length = rows ?? (columns[0] === undefined ? 0 : columnLength(columns[0]));
  for (const column of columns) {
    if (byName.has(column.name)) {
      throw new PolytaskError('header-duplicate', {
        path: column.name,
        expected: 'every column name once',
        found: `"${column.name}" at least twice`,
        help: 'Rename one of the two columns.',
      });
    }
    if (columnLength(column) !== length) {
      throw new PolytaskError('source-invalid', {
        path: column.name,
        expected: `${length} values, as in "${columns[0]?.name}"`,
        found: `${columnLength(column)} values`,
        help: 'Give every column the same number of values.',
      });
    }
    byName.set(column.name, column);
  }
  return { rows: length, columns: byName };
}

/** The column called `name`; where there is none, an error that suggests the nearest. */
export function requireColumn<C = Column>(
  table: { readonly columns: ReadonlyMap<string, C> },
  name: string,
  path: string = name,
): C {
  const column = table.columns.get(name);
  if (column !== undefined) return column;
  throw new PolytaskError('column-unknown', {
    path,
    expected: 'a column of the table',
    found: name,
    help: suggest(name, [...table.columns.keys()]),
  });
}

export function columnLength(column: Column): number {
  return column.type === 'string' ? column.codes.length : column.values.length;
}

/** Whether the cell has no usable value; an infinite one counts as missing. */
export function isMissing(column: Column, row: number): boolean {
  return column.type === 'string' ? column.codes[row]! < 0 : !Number.isFinite(column.values[row]!);
}

/** A single cell as a plain value: dates as ISO 8601 text, missing as null. */
export function cellAt(column: Column, row: number): Cell {
  if (isMissing(column, row)) return null;
  if (column.type === 'string') return column.dictionary[column.codes[row]!]!;
  const value = column.values[row]!;
  if (column.type === 'boolean') return value === 1;
  return column.type === 'date' ? new Date(value).toISOString() : value;
}

/** The cell as text, as categories and class names are written; undefined where missing. */
export function textAt(column: Column, row: number): string | undefined {
  const cell = cellAt(column, row);
  return cell === null ? undefined : String(cell);
}

/** Distinct values of a column by number. */
export interface Codes {
  /** −1 where missing. */
  readonly codes: Int32Array;
  readonly count: number;
  /** The text of a code. */
  textOf(code: number): string;
  /** The texts of all codes; of numbers they are written when asked for. */
  readonly values: readonly string[];
}

/**
 * Any column as codes of distinct values.
 * A string column answers with its own codes, so its dictionary may hold values that no row uses.
 */
export function codesOf(column: Column): Codes {
  if (column.type === 'string') {
    const { codes, dictionary } = column;
    return { codes, count: dictionary.length, values: dictionary, textOf: (code) => dictionary[code]! };
  }
  const seen = new Map<number, number>();
  const firsts: number[] = [];
  const codes = new Int32Array(column.values.length);
  for (let row = 0; row < codes.length; row++) {
    const value = column.values[row]!;
    let code = Number.isFinite(value) ? seen.get(value) : -1;
    if (code === undefined) {
      code = firsts.push(row) - 1;
      seen.set(value, code);
    }
    codes[row] = code;
  }
  const textOf = (code: number): string => textAt(column, firsts[code]!)!;
  return {
    codes,
    count: firsts.length,
    textOf,
    get values() {
      return firsts.map((_, code) => textOf(code));
    },
  };
}

/** A string column from texts; null and undefined are missing. */
export function stringColumn(name: string, texts: ArrayLike<string | null | undefined>): StringColumn {
  const codeOf = new Map<string, number>();
  const dictionary: string[] = [];
  const codes = new Int32Array(texts.length);
  for (let row = 0; row < texts.length; row++) {
    const text = texts[row];
    if (text === null || text === undefined) {
      codes[row] = -1;
      continue;
    }
    let code = codeOf.get(text);
    if (code === undefined) {
      code = dictionary.push(text) - 1;
      codeOf.set(text, code);
    }
    codes[row] = code;
  }
  return { type: 'string', name, codes, dictionary };
}

/** The column restricted to `rows`, in that order. */
export function takeColumn(column: Column, rows: ArrayLike<number>): Column {
  if (column.type === 'string') {
    const codes = Int32Array.from(rows, (row) => column.codes[row]!);
    return compactStrings({ ...column, codes });
  }
  return { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) };
}

/** The table restricted to `rows`, in that order. */
export function takeRows(table: Table, rows: ArrayLike<number>): Table {
  return makeTable(
    [...table.columns.values()].map((column) => takeColumn(column, rows)),
    rows.length,
  );
}

/** Rows from `start` to before `end`. */
export function sliced(table: Table, start: number, end: number): Table {
  if (start === 0 && end >= table.rows) return table;
  return takeRows(
    table,
    Int32Array.from({ length: Math.min(end, table.rows) - start }, (_, row) => start + row),
  );
}

/** The same column with a dictionary in order of first appearance, without values that no row uses. */
export function compactStrings(column: StringColumn): StringColumn {
  const renumbered = new Int32Array(column.dictionary.length).fill(-1);
  const dictionary: string[] = [];
  const codes = new Int32Array(column.codes.length);
  for (let row = 0; row < codes.length; row++) {
    const code = column.codes[row]!;
    if (code >= 0 && renumbered[code]! < 0) {
      renumbered[code] = dictionary.push(column.dictionary[code]!) - 1;
    }
    codes[row] = code < 0 ? -1 : renumbered[code]!;
  }
  return { ...column, codes, dictionary };
}
