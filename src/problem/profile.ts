import type { Column } from '../common/table.ts';

/** Distinct values are listed up to this many; beyond, a column is no longer a handful of anything. */
export const LISTED_VALUES = 1001;

/** What the choice of a kind looks at: a summary of a column's present values. */
export interface Profile {
  readonly name: string;
  readonly type: Column['type'];
  /** Rows with a value. */
  readonly labelled: number;
  /** Distinct values as text, at most `LISTED_VALUES`. */
  readonly values: readonly string[];
  /** Of numbers: whether all are whole, and moments. */
  readonly numbers?: {
    readonly whole: boolean;
    readonly low: number;
    readonly high: number;
    readonly mean: number;
    readonly skewness: number;
  };
}

/** Summarises the present values of a column among some rows, or all. */
export function profile(column: Column, rows?: Int32Array): Profile {
  return column.type === 'string' ? profileTexts(column, rows) : profileNumbers(column, rows);
}

function profileTexts(column: Column & { type: 'string' }, rows?: Int32Array): Profile {
  const counts = new Int32Array(column.dictionary.length);
  let labelled = 0;
  const look = (row: number): void => {
    if (column.codes[row]! < 0) return;
    counts[column.codes[row]!]!++;
    labelled++;
  };
  if (rows === undefined) for (let row = 0; row < column.codes.length; row++) look(row);
  else rows.forEach(look);
  const values: string[] = [];
  for (let code = 0; code < counts.length && values.length < LISTED_VALUES; code++)
    if (counts[code]! > 0) values.push(column.dictionary[code]!);
  return { name: column.name, type: 'string', labelled, values };
}

function profileNumbers(column: Exclude<Column, { type: 'string' }>, rows?: Int32Array): Profile {
  const { name, type, values } = column;
  const distinct = new Set<number>();
  const kept = (rows === undefined ? values : Float64Array.from(rows, (row) => values[row]!)).filter(
    (value) => !Number.isNaN(value),
  );
  let [whole, low, high, mean] = [true, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const value of kept) {
    if (distinct.size < LISTED_VALUES) distinct.add(value);
    whole &&= Number.isInteger(value);
    low = Math.min(low, value);
    high = Math.max(high, value);
    mean += value / kept.length;
  }
  let [second, third] = [0, 0];
  for (const value of kept) {
    second += (value - mean) ** 2 / kept.length;
    third += (value - mean) ** 3 / kept.length;
  }
  const skewness = second > 0 ? third / second ** 1.5 : 0;
  const texts =
    type === 'boolean' ? [...distinct].map((value) => String(value === 1)) : [...distinct].map(String);
  return {
    name,
    type,
    labelled: kept.length,
    values: texts,
    ...(type === 'number' && { numbers: { whole, low, high, mean, skewness } }),
  };
}
