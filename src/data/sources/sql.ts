import type { DuckDBConnection } from '@duckdb/node-api';
import { PolytaskError } from '../../common/error.ts';
import { translating } from './duckdb.ts';
import { type Loaded, type Loading, loadRows, RAW } from './loaded.ts';
import { typedReadings } from './relation.ts';
import type { LoadOptions, SqlSpec } from './spec.ts';

/** A query that DuckDB runs in memory. */
export function loadSql({ sql }: SqlSpec, options: LoadOptions): Promise<Loaded> {
  return loadRows(options, (connection) => fillByUser(connection, sql, options));
}

/** Runs a user's query; an error of DuckDB becomes one that shows its words. */
export async function fillByUser(
  connection: DuckDBConnection,
  sql: string,
  options: LoadOptions,
): Promise<Loading> {
  const statement = sql.trim().replace(/;+$/, '');
  if (statement === '') {
    throw new PolytaskError('sql-invalid', {
      path: 'sql',
      expected: 'a query',
      found: 'nothing',
      help: `Write a query, such as "SELECT * FROM 'rows.parquet'".`,
    });
  }
  // A query need not order its rows, and parallel workers then deliver them in another order each time: one thread
  // keeps a run, its split and its resumption the same.
  await connection.run('SET threads TO 1');
  return fill(connection, statement, options, notOurs);
}

function notOurs(message: string, cause: unknown): PolytaskError {
  return new PolytaskError('sql-invalid', {
    cause,
    path: 'sql',
    expected: 'one SELECT that DuckDB can run',
    found: message.replace(/ Did you mean.*$/, ''),
    help:
      /Did you mean "[^"]*"\?/.exec(message)?.[0] ??
      'See https://duckdb.org/docs/stable/sql/introduction for its SQL; file names stand in single quotes.',
  });
}

/** Runs a query of our own in a fresh DuckDB. */
export function loadQuery(
  sql: string,
  options: LoadOptions,
  translate: Loading['translate'],
): Promise<Loaded> {
  return loadRows(options, (connection) => fill(connection, sql, options, translate));
}

async function fill(
  connection: DuckDBConnection,
  sql: string,
  options: LoadOptions,
  translate: Loading['translate'],
): Promise<Loading> {
  const limit = options.limit === undefined ? '' : ` LIMIT ${Math.max(0, Math.floor(options.limit))}`;
  await translating(
    async () => void (await connection.run(`CREATE TEMP TABLE ${RAW} AS SELECT * FROM (\n${sql}\n)${limit}`)),
    translate,
  );
  return {
    translate,
    readings: (types) => typedReadings(connection, RAW, { ...options, ...(types && { types }) }),
  };
}
