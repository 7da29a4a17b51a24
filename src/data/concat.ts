import { nearestName, PolytaskError } from '../common/error.ts';
import type { Column, Table } from '../common/table.ts';
import { compactStrings, makeTable } from './columns.ts';

/** The columns whose type differs between tables, all as strings: what they must be read as to be joined. */
export function stringsWhereTypesDiffer(tables: readonly Table[]): Record<string, 'string'> {
  const types = new Map<string, Column['type']>();
  const strings: Record<string, 'string'> = {};
  for (const table of tables) {
    for (const [name, column] of table.columns) {
      if (isAllMissing(column)) continue;
      const other = types.get(name);
      if (other !== undefined && other !== column.type) strings[name] = 'string';
      types.set(name, column.type);
    }
  }
  return strings;
}

/** One table after the other; all must have the same columns, but for those that are optional. */
export function concatTables(
  tables: readonly Table[],
  names: readonly string[],
  optional: readonly string[] = [],
): Table {
  const all = new Set(tables.flatMap((table) => [...table.columns.keys()]));
  // The first source sets the example, so the others are looked at first.
  [...tables.keys()].reverse().forEach((i) => {
    const table = tables[i]!;
    for (const column of all) {
      if (table.columns.has(column) || optional.includes(column)) continue;
      const owner = tables.findIndex((other) => other.columns.has(column));
      const extra = [...table.columns.keys()].filter((name) => !tables[owner]!.columns.has(name));
      const near = nearestName(column, extra);
      throw new PolytaskError('source-columns', {
        path: names[i]!,
        expected: `a column "${column}", as in ${names[owner]}`,
        found: extra.length === 0 ? 'no such column' : `instead ${extra.slice(0, 5).join(', ')}`,
        help:
          near === undefined
            ? 'Give all sources the same columns, or name the column under `optional`.'
            : `Is "${near}" the same column? Rename one of the two.`,
      });
    }
  });
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return makeTable(
    [...all].map((name) => concatColumn(name, tables, rows)),
    rows,
  );
}

function concatColumn(name: string, tables: readonly Table[], rows: number): Column {
  const parts = tables.map((table) => ({ rows: table.rows, column: table.columns.get(name) }));
  const present = parts.flatMap(({ column }) => (column === undefined ? [] : [column]));
  const sample = present.find((column) => !isAllMissing(column)) ?? present[0]!;
  if (sample.type === 'string') {
    const codes = new Int32Array(rows).fill(-1);
    const codeOf = new Map<string, number>();
    const dictionary: string[] = [];
    let at = 0;
    for (const part of parts) {
      if (part.column?.type === 'string') {
        const renumbered = part.column.dictionary.map((text) => {
          const known = codeOf.get(text) ?? dictionary.push(text) - 1;
          codeOf.set(text, known);
          return known;
        });
        codes.set(
          part.column.codes.map((code) => (code < 0 ? -1 : renumbered[code]!)),
          at,
        );
      }
      at += part.rows;
    }
    return compactStrings({ type: 'string', name, codes, dictionary });
  }
  const values = new Float64Array(rows).fill(Number.NaN);
  let at = 0;
  for (const part of parts) {
    if (part.column !== undefined && part.column.type !== 'string') values.set(part.column.values, at);
    at += part.rows;
  }
  return { ...sample, values, ...(sample.type === 'number' && { integer: values.every(isWhole) }) } as Column;
}

/** Whether no row has a value there. */
export function isAllMissing(column: Column): boolean {
  return column.type === 'string'
    ? column.codes.every((code) => code < 0)
    : column.values.every(Number.isNaN);
}

function isWhole(value: number): boolean {
  return Number.isNaN(value) || Number.isInteger(value);
}
