import type { DuckDBConnection } from '@duckdb/node-api';
import { own } from '../../common/own.ts';
import type { Column, Table } from '../../common/table.ts';
import { allIntegers, type ColumnType } from '../cells.ts';
import { compactStrings, makeTable } from '../columns.ts';
import type { Warn } from '../warning.ts';
import { identifier, query } from './duckdb.ts';
import { MISSING_TEXTS, type SourceOptions } from './spec.ts';

/** How a column of a DuckDB relation is read: its type here and the SQL expression that gives it. */
export interface ColumnReading {
  readonly name: string;
  readonly type: ColumnType;
  /** DOUBLE for numbers (milliseconds for dates, 1 or 0 for booleans), VARCHAR for strings. */
  readonly sql: string;
  /** Whether empty text is a value: a list without labels is not a missing list. */
  readonly keepEmpty?: boolean;
  /** Whether what does not fit the type counts as missing. */
  readonly forced?: boolean;
}

/** Reads a relation column by column: numbers as whole vectors, strings as codes of an ENUM that DuckDB builds. */
export async function readRelation(
  connection: DuckDBConnection,
  relation: string,
  readings: readonly ColumnReading[],
  options: SourceOptions,
): Promise<Table> {
  const dictionaries: (readonly string[] | undefined)[] = [];
  const expressions: string[] = [];
  for (const [i, { type, sql }] of readings.entries()) {
    if (type !== 'string') {
      dictionaries.push(undefined);
      expressions.push(numberSql(sql));
      continue;
    }
    // The cast to an ENUM is a dictionary encoding inside DuckDB, many times faster than reading texts row by row.
    await connection.run(
      `CREATE TEMP TABLE words${i} AS SELECT DISTINCT ${sql} AS word FROM ${relation} WHERE ${sql} IS NOT NULL`,
    );
    const words = (await connection.runAndReadAll(`SELECT word FROM words${i}`)).getColumns()[0] as string[];
    dictionaries.push(words ?? []);
    if ((words?.length ?? 0) === 0) {
      expressions.push('-1::INTEGER');
    } else {
      await connection.run(`CREATE TEMP TYPE code${i} AS ENUM (SELECT word FROM words${i})`);
      expressions.push(`coalesce(enum_code((${sql})::code${i})::INTEGER, -1::INTEGER)`);
    }
    await connection.run(`DROP TABLE words${i}`);
  }
  const result = await connection.run(`SELECT ${expressions.join(', ')} FROM ${relation}`);
  const chunks = await result.fetchAllChunks();
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
  const columns = readings.map(({ name, keepEmpty }, c): Column => {
    const dictionary = dictionaries[c];
    const data = dictionary === undefined ? new Float64Array(rows) : new Int32Array(rows);
    let at = 0;
    for (const chunk of chunks) {
      const vector = chunk.getColumnVector(c) as unknown as { items: Float64Array | Int32Array };
      data.set(vector.items.subarray(0, chunk.rowCount), at);
      at += chunk.rowCount;
    }
    if (dictionary !== undefined) {
      return tidyStrings(name, data as Int32Array, dictionary, options.missing ?? [], keepEmpty ?? false);
    }
    return numericColumn(readings[c]!, data as Float64Array, options.missing ?? []);
  });
  return makeTable(columns, rows);
}

/** Trims every distinct text, merges those that become equal and drops those that mean "missing". */
function tidyStrings(
  name: string,
  codes: Int32Array,
  words: readonly string[],
  missing: readonly (string | number)[],
  keepEmpty: boolean,
): Column {
  const tidy = tidier(missing, keepEmpty);
  const codeOf = new Map<string, number>();
  const dictionary: string[] = [];
  const renumbered = words.map((word) => {
    const text = tidy(word);
    if (text === null) return -1;
    let code = codeOf.get(text);
    if (code === undefined) codeOf.set(text, (code = dictionary.push(text) - 1));
    return code;
  });
  return compactStrings({
    type: 'string',
    name,
    codes: codes.map((code) => (code < 0 ? -1 : renumbered[code]!)),
    dictionary,
  });
}

/** What a text is once it is trimmed; null where it means "missing". */
export function tidier(
  missing: readonly (string | number)[],
  keepEmpty: boolean,
): (word: string) => string | null {
  const dropped = new Set([...MISSING_TEXTS, ...missing.map(String)]);
  if (keepEmpty) dropped.delete('');
  return (word) => {
    const text = word.trim();
    return dropped.has(text) ? null : text;
  };
}

/** A column of what is not text, from values in which NaN and those of `missing` are missing. */
export function numericColumn(
  { name, type }: ColumnReading,
  values: Float64Array,
  missing: readonly (string | number)[],
): Column {
  const numbers = missing.map(Number).filter((value) => !Number.isNaN(value));
  for (let row = 0; numbers.length > 0 && row < values.length; row++) {
    if (numbers.includes(values[row]!)) values[row] = Number.NaN;
  }
  if (type === 'number') return { type, name, values, integer: allIntegers(values) };
  return { type: type as 'boolean' | 'date', name, values };
}

/** The SQL of numbers without NULL. */
export const numberSql = (sql: string): string => `coalesce(${sql}, 'nan'::DOUBLE)`;

/** How the columns of a relation with DuckDB types are read. */
export async function typedReadings(
  connection: DuckDBConnection,
  relation: string,
  options: SourceOptions,
): Promise<ColumnReading[]> {
  const described = await query(connection, `SELECT column_name, column_type FROM (DESCRIBE ${relation})`);
  return described.map(([column, logical]) => {
    const name = String(column);
    const asked = own(options.types, name);
    const reading = naturalReading(name, String(logical));
    return asked === undefined || asked === reading.type ? reading : castReading(name, asked);
  });
}

/** The reading that forces a type; what does not fit is NULL. */
export function castReading(name: string, type: ColumnType): ColumnReading {
  const column = identifier(name);
  const sql = {
    number: `TRY_CAST(${column} AS DOUBLE)`,
    boolean: `TRY_CAST(TRY_CAST(${column} AS BOOLEAN) AS DOUBLE)`,
    date: `epoch_ms(TRY_CAST(${column} AS TIMESTAMP))::DOUBLE`,
    string: `CAST(${column} AS VARCHAR)`,
  }[type];
  return { name, type, sql, forced: true };
}

/** Tells the user when a forced type lost values. */
export async function warnOfLosses(
  connection: DuckDBConnection,
  relation: string,
  readings: readonly ColumnReading[],
  warn: Warn,
): Promise<void> {
  for (const { name, type, sql, forced } of readings) {
    if (forced !== true || type === 'string') continue;
    const column = identifier(name);
    const [row] = await query(
      connection,
      `SELECT count(*)::DOUBLE, min(${column}::VARCHAR) FROM ${relation} WHERE ${column} IS NOT NULL AND ${sql} IS NULL`,
    );
    if (Number(row?.[0]) > 0) {
      warn({
        code: 'values-unreadable',
        column: name,
        message: `${row?.[0]} values of "${name}" are no ${type}, the first in order being "${row?.[1]}"; they count as missing.`,
        help: `Correct them, name them in \`missing\`, or leave "${name}" out of \`types\`.`,
      });
    }
  }
}

function naturalReading(name: string, logical: string): ColumnReading {
  const column = identifier(name);
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/.test(logical)) {
    return { name, type: 'number', sql: `${column}::DOUBLE` };
  }
  if (logical === 'BOOLEAN') return { name, type: 'boolean', sql: `${column}::INTEGER::DOUBLE` };
  if (/^(DATE|TIMESTAMP.*)$/.test(logical) && !logical.endsWith(']')) {
    return { name, type: 'date', sql: `epoch_ms(${column})::DOUBLE` };
  }
  if (/^(VARCHAR|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)\[\d*\]$/.test(logical)) {
    return { name, type: 'string', sql: `array_to_string(${column}, '|')`, keepEmpty: true };
  }
  // A JSON cell that is a plain string is read without its quotes.
  if (logical === 'JSON')
    return { name, type: 'string', sql: `coalesce(${column}->>'$', ${column}::VARCHAR)` };
  if (/^(STRUCT|MAP)\b|\]$/.test(logical)) {
    return { name, type: 'string', sql: `to_json(${column})::VARCHAR` };
  }
  return { name, type: 'string', sql: `${column}::VARCHAR` };
}
