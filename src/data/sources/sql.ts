import type { DuckDBConnection } from '@duckdb/node-api';
import { PolytaskError } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import { translating, withDuckDB } from './duckdb.ts';
import { readRelation, typedReadings, warnOfLosses } from './relation.ts';
import type { SourceOptions, SqlSpec } from './spec.ts';

/** A query that DuckDB runs in memory. */
export async function openSql({ sql }: SqlSpec, options: SourceOptions): Promise<Table> {
  return withDuckDB(options, (connection) => queryTable(connection, sql, options));
}

/** Runs a user's query; an error of DuckDB becomes one that shows its words. */
export async function queryTable(
  connection: DuckDBConnection,
  sql: string,
  options: SourceOptions,
): Promise<Table> {
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
  return translating(
    () => tableOf(connection, statement, options),
    (message, cause) =>
      new PolytaskError('sql-invalid', {
        cause,
        path: 'sql',
        expected: 'one SELECT that DuckDB can run',
        found: message.replace(/ Did you mean.*$/, ''),
        help:
          /Did you mean "[^"]*"\?/.exec(message)?.[0] ??
          'See https://duckdb.org/docs/stable/sql/introduction for its SQL; file names stand in single quotes.',
      }),
  );
}

/** Runs a query of our own in a fresh DuckDB. */
export async function openQuery(sql: string, options: SourceOptions): Promise<Table> {
  return withDuckDB(options, (connection) => tableOf(connection, sql, options));
}

async function tableOf(connection: DuckDBConnection, sql: string, options: SourceOptions): Promise<Table> {
  const limit = options.limit === undefined ? '' : ` LIMIT ${Math.max(0, Math.floor(options.limit))}`;
  await connection.run(`CREATE TEMP TABLE raw AS SELECT * FROM (\n${sql}\n)${limit}`);
  const readings = await typedReadings(connection, 'raw', options);
  if (options.warn !== undefined) await warnOfLosses(connection, 'raw', readings, options, options.warn);
  return readRelation(connection, 'raw', readings, options);
}
