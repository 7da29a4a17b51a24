import { availableParallelism, totalmem } from 'node:os';
import type { DuckDBConnection } from '@duckdb/node-api';
import { closingOnError } from '../../common/closing.ts';
import { PolytaskError } from '../../common/error.ts';
import type { LoadOptions } from './spec.ts';
import { nameTemporaryFolder } from './temporary.ts';

/** A DuckDB of one's own. */
export interface DuckDB {
  readonly connection: DuckDBConnection;
  close(): Promise<void>;
}

/** Bytes that DuckDB may hold in memory where memory is bounded; the rest goes to a temporary folder. */
const BOUND: number = Math.min(2 ** 30, totalmem() / 2);
/** Each thread has buffers of its own. */
const MOST_THREADS = 4;

/** Opens a fresh in-memory DuckDB. */
export async function openDuckDB({ directory, bounded = false }: LoadOptions): Promise<DuckDB> {
  const { DuckDBInstance } = await import('@duckdb/node-api').catch((cause: unknown) => {
    throw new PolytaskError('source-unreadable', {
      expected: 'the package @duckdb/node-api',
      found: 'it cannot be loaded',
      help: 'Install it with `npm install @duckdb/node-api`, or pass rows in memory.',
      cause,
    });
  });
  // DuckDB makes the folder when it needs one.
  const spill = bounded ? nameTemporaryFolder() : undefined;
  const instance = await DuckDBInstance.create(':memory:', {
    // Nothing is fetched from the network behind the user's back.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(spill && {
      temp_directory: spill.path,
      memory_limit: `${Math.floor(BOUND)}B`,
      threads: String(Math.min(MOST_THREADS, availableParallelism())),
    }),
  });
  const connection = await instance.connect();
  const close = async (): Promise<void> => {
    connection.closeSync();
    instance.closeSync();
    await spill?.remove();
  };
  if (directory === undefined) return { connection, close };
  return closingOnError(close, async () => {
    await connection.run(`SET file_search_path = ${literal(directory)}`);
    return { connection, close };
  });
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
