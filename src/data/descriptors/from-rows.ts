import type { Column, Table } from '../../common/table.ts';
import { cellAt, isMissing, requireColumn } from '../columns.ts';
import type { Features } from '../features.ts';

type Values = Record<string, unknown>;

/** What columns say of each task. */
export interface ColumnDescriptions {
  /** One for each task. */
  readonly descriptions: readonly Values[];
  /** Columns that do not have one value in a task. */
  readonly varying: readonly string[];
}

/**
 * Columns that describe tasks, read off their rows: the value that all rows of a task have, else the mean of numbers and
 * the most common one of anything else.
 *
 * @param rowsOf the rows of each task
 */
export function describeByColumns(
  table: Table,
  names: readonly string[],
  rowsOf: readonly Int32Array[],
): ColumnDescriptions {
  const columns = names.map((name) => requireColumn(table, name, 'model.descriptor.columns'));
  const varying = new Set<string>();
  const descriptions = rowsOf.map((rows) =>
    Object.fromEntries(
      columns.map((column) => {
        const { value, distinct } = summarise(column, rows);
        if (distinct > 1) varying.add(column.name);
        return [column.name, value];
      }),
    ),
  );
  return { descriptions, varying: [...varying] };
}

function summarise(column: Column, rows: Int32Array): { value: unknown; distinct: number } {
  const counts = new Map<unknown, number>();
  let sum = 0;
  let count = 0;
  for (const row of rows) {
    if (isMissing(column, row)) continue;
    const cell = column.type === 'string' ? cellAt(column, row) : column.values[row]!;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
    sum += Number(cell);
    count++;
  }
  if (count === 0) return { value: undefined, distinct: 0 };
  if (column.type === 'number') return { value: sum / count, distinct: counts.size };
  const [most] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best));
  const value =
    column.type === 'boolean' ? most === 1 : column.type === 'date' ? new Date(most as number) : most;
  return { value, distinct: counts.size };
}

/** Categories of more values say little by their shares, and take much room. */
const MOST_SHARES = 32;

/**
 * The mean inputs of each task: of numbers their mean, of categories the share of each.
 *
 * @param rowsOf the rows of each task
 */
export function describeByMeans(features: Features, rowsOf: readonly Int32Array[]): Values[] {
  const { numeric, categorical } = features;
  const [numbers, columns] = [numeric.names.length, categorical.names.length];
  return rowsOf.map((rows) => {
    const means: Record<string, number> = {};
    const mean = (name: string, of: (row: number) => number): void => {
      means[name] = rows.reduce((sum, row) => sum + of(row), 0) / Math.max(1, rows.length);
    };
    numeric.names.forEach((name, c) => {
      mean(name, (row) => numeric.data[row * numbers + c]!);
    });
    categorical.names.forEach((name, c) => {
      const size = categorical.cardinalities[c]!;
      if (size > MOST_SHARES) return;
      for (let code = 0; code < size; code++)
        mean(`${name}=${code}`, (row) => Number(categorical.codes[row * columns + c] === code));
    });
    return means;
  });
}
