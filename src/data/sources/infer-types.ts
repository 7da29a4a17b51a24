import type { DuckDBConnection } from '@duckdb/node-api';
import { own } from '../../common/own.ts';
import { identifier, literal, query } from './duckdb.ts';
import { type ColumnReading, castReading } from './relation.ts';
import { MISSING_TEXTS, type SourceOptions } from './spec.ts';

/** A type that texts may turn out to have: `sql` gives DOUBLE, or NULL where a text does not fit. */
interface Candidate {
  readonly type: 'number' | 'date';
  readonly fits: (text: string) => boolean;
  readonly sql: (column: string) => string;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^[+-]?inf(inity)?$/i;
/** 007 and 00501 are codes; 0, 0.5 and -0 are numbers. */
const CODE = /^0\d/;

const FORMATS: readonly [RegExp, string][] = [
  [/^\d{1,2}\/\d{1,2}\/\d{4}$/, '%m/%d/%Y'],
  [/^\d{1,2}\/\d{1,2}\/\d{4}$/, '%d/%m/%Y'],
  [/^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d{2}$/, '%m/%d/%Y %H:%M'],
  [/^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d{2}$/, '%d/%m/%Y %H:%M'],
  [/^\d{1,2}\.\d{1,2}\.\d{4}$/, '%d.%m.%Y'],
  [/^\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}$/, '%d.%m.%Y %H:%M'],
  [/^\d{4}\/\d{1,2}\/\d{1,2}$/, '%Y/%m/%d'],
  [/^[A-Za-z]{3}-\d{4}$/, '%b-%Y'],
];

const CANDIDATES: readonly Candidate[] = [
  {
    type: 'number',
    fits: (text) => (NUMBER.test(text) && !CODE.test(text)) || INFINITE.test(text),
    sql: (column) => `TRY_CAST(${column} AS DOUBLE)`,
  },
  {
    type: 'date',
    fits: (text) => /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text),
    sql: (column) => `epoch_ms(TRY_CAST(${column} AS TIMESTAMP))::DOUBLE`,
  },
  ...FORMATS.map(
    ([pattern, format]): Candidate => ({
      type: 'date',
      fits: (text) => pattern.test(text),
      sql: (column) => `epoch_ms(try_strptime(trim(${column}), ${literal(format)}))::DOUBLE`,
    }),
  ),
];

/** Decimal commas, as files with ";" between cells have them. */
const DECIMAL_COMMA: Candidate = {
  type: 'number',
  fits: (text) => NUMBER.test(text.replace(',', '.')) && !CODE.test(text),
  sql: (column) => `TRY_CAST(replace(${column}, ',', '.') AS DOUBLE)`,
};

const SAMPLE = 2000;

/**
 * Types for a relation of texts: a sample proposes candidates, then DuckDB tests them on all rows, so that a single
 * late word makes a column a string column instead of a crash.
 */
export async function inferReadings(
  connection: DuckDBConnection,
  relation: string,
  names: readonly string[],
  options: SourceOptions,
  delimiter: string,
): Promise<ColumnReading[]> {
  const dropped = new Set([...MISSING_TEXTS, ...(options.missing ?? []).map(String)]);
  const rows = Number((await query(connection, `SELECT count(*)::DOUBLE FROM ${relation}`))[0]?.[0] ?? 0);
  const stride = Math.max(1, Math.floor(rows / SAMPLE));
  // A column of that name hides DuckDB's own row numbers.
  const hidden = names.some((name) => name.toLowerCase() === 'rowid');
  const some = hidden ? `LIMIT ${SAMPLE}` : `WHERE rowid % ${stride} = 0`;
  const sample = await query(
    connection,
    `SELECT ${names.map(identifier).join(', ')} FROM ${relation} ${some}`,
  );
  const candidates = delimiter === ';' ? [...CANDIDATES, DECIMAL_COMMA] : CANDIDATES;
  const open = names.map((name, c) => {
    const texts = sample
      .map((row) => (row[c] === null ? '' : String(row[c]).trim()))
      .filter((text) => !dropped.has(text));
    const asked = own(options.types, name);
    if (asked === 'string' || asked === 'boolean') return [];
    return candidates.filter(
      ({ type, fits }) => texts.every(fits) && (asked === undefined || asked === type) && texts.length > 0,
    );
  });
  const chosen = await firstThatFitsAll(connection, relation, names, open);
  return names.map((name, c) => {
    const candidate = chosen[c];
    if (candidate !== undefined) {
      return { name, type: candidate.type, sql: candidate.sql(identifier(name)) };
    }
    return castReading(name, own(options.types, name) ?? 'string');
  });
}

async function firstThatFitsAll(
  connection: DuckDBConnection,
  relation: string,
  names: readonly string[],
  open: readonly (readonly Candidate[])[],
): Promise<(Candidate | undefined)[]> {
  const tests: { column: number; candidate: Candidate; sql: string }[] = [];
  open.forEach((candidates, column) => {
    for (const candidate of candidates) {
      const name = identifier(names[column]!);
      const code = candidate.type === 'number' ? ` OR regexp_matches(${name}, '^\\s*0\\d')` : '';
      const sql = `count(*) FILTER (${name} IS NOT NULL AND (${candidate.sql(name)} IS NULL${code}))::DOUBLE`;
      tests.push({ column, candidate, sql });
    }
  });
  const chosen: (Candidate | undefined)[] = names.map(() => undefined);
  if (tests.length === 0) return chosen;
  const [misfits] = await query(
    connection,
    `SELECT ${tests.map(({ sql }) => sql).join(', ')} FROM ${relation}`,
  );
  tests.forEach(({ column, candidate }, i) => {
    if (misfits?.[i] === 0) chosen[column] ??= candidate;
  });
  return chosen;
}
