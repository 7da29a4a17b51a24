import type { DuckDBConnection } from '@duckdb/node-api';
import { PolytaskError } from '../../common/error.ts';
import type { SourceOptions } from './spec.ts';

/** Runs `work` with a fresh in-memory DuckDB, and closes it whatever happens. */
export async function withDuckDB<T>(
  options: SourceOptions,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { DuckDBInstance } = await import('@duckdb/node-api').catch((cause: unknown) => {
    throw new PolytaskError('source-unreadable', {
      expected: 'the package @duckdb/node-api',
      found: 'it cannot be loaded',
      help: 'Install it with `npm install @duckdb/node-api`, or pass rows in memory.',
      cause,
    });
  });
  // Nothing is fetched from the network behind the user's back.
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    const connection = await instance.connect();
    try {
      if (options.directory !== undefined) {
        await connection.run(`SET file_search_path = ${literal(options.directory)}`);
      }
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** A string as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A query's result as arrays, one a row. */
export async function query(connection: DuckDBConnection, sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRowsJS() as unknown[][];
}

/** DuckDB's words without its echo of the query, its settings and its hints. */
export function duckMessage(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text
    .split(/\n\s*\n|\nLINE |\nPossible /)[0]!
    .trim()
    .replace(/\s*\n\s*/g, ' ');
}

/** Runs `work`; what DuckDB throws becomes the error that `translate` makes of its message. */
export async function translating<T>(
  work: () => Promise<T>,
  translate: (message: string, cause: unknown) => PolytaskError,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof PolytaskError) throw cause;
    throw translate(duckMessage(cause), cause);
  }
}
