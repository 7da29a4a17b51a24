import type { Column, Table } from '../../common/table.ts';
import { makeTable, stringColumn } from '../columns.ts';
import { translating } from './duckdb.ts';
import { type Loaded, RAW } from './loaded.ts';
import { type ColumnReading, numberSql, numericColumn, tidier } from './relation.ts';
import type { SourceOptions } from './spec.ts';

/** What is copied from DuckDB's vectors until a chunk is full. */
interface Filling {
  take(vector: { getItem(row: number): unknown; items?: unknown }, from: number, rows: number): void;
  /** The column of what was taken; the next one begins. */
  cut(): Column;
}

/** Reads loaded rows in order, `size` at a time and fewer in the end. */
export async function* streamLoaded(
  { connection, translate }: Loaded,
  readings: readonly ColumnReading[],
  size: number,
  { missing = [] }: SourceOptions,
): AsyncGenerator<Table> {
  const expressions = readings.map(({ type, sql }) => (type === 'string' ? sql : numberSql(sql)));
  const columns = readings.map((reading) =>
    reading.type === 'string' ? texts(reading, missing) : numbers(reading, missing, size),
  );
  const result = await translating(
    () => connection.stream(`SELECT ${expressions.join(', ')} FROM ${RAW}`),
    translate,
  );
  let filled = 0;
  const cut = (): Table => {
    const rows = filled;
    filled = 0;
    return makeTable(
      columns.map((column) => column.cut()),
      rows,
    );
  };
  for (;;) {
    const chunk = await translating(() => result.fetchChunk(), translate);
    if (chunk === null || chunk.rowCount === 0) break;
    const vectors = readings.map((_, c) => chunk.getColumnVector(c));
    for (let from = 0; from < chunk.rowCount; ) {
      const rows = Math.min(chunk.rowCount - from, size - filled);
      columns.forEach((column, c) => void column.take(vectors[c]!, from, rows));
      from += rows;
      filled += rows;
      if (filled === size) yield cut();
    }
  }
  if (filled > 0) yield cut();
}

function numbers(reading: ColumnReading, missing: readonly (string | number)[], size: number): Filling {
  let values = new Float64Array(0);
  let at = 0;
  return {
    take: ({ items }, from, rows) => {
      // A chunk of all rows there are is asked for as one of any size.
      if (at + rows > values.length) {
        const more = new Float64Array(Math.min(size, Math.max(at + rows, 2 * values.length)));
        more.set(values.subarray(0, at));
        values = more;
      }
      values.set((items as Float64Array).subarray(from, from + rows), at);
      at += rows;
    },
    cut: () => {
      const column = numericColumn(reading, values.slice(0, at), missing);
      at = 0;
      return column;
    },
  };
}

function texts({ name, keepEmpty }: ColumnReading, missing: readonly (string | number)[]): Filling {
  const tidy = tidier(missing, keepEmpty ?? false);
  let cells: (string | null)[] = [];
  return {
    take: (vector, from, rows) => {
      for (let row = from; row < from + rows; row++) {
        const word = vector.getItem(row) as string | null;
        cells.push(word === null ? null : tidy(word));
      }
    },
    cut: () => {
      const column = stringColumn(name, cells);
      cells = [];
      return column;
    },
  };
}
