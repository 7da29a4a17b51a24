import type { DuckDBConnection } from '@duckdb/node-api';
import { closingOnError } from '../../common/closing.ts';
import type { PolytaskError } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import { openDuckDB, query, translating } from './duckdb.ts';
import { type ColumnReading, readRelation, warnOfLosses } from './relation.ts';
import type { LoadOptions, SourceOptions } from './spec.ts';

/** The table that holds the rows of a source. */
export const RAW = 'raw';

/** What a way of loading has to say of its rows. */
export interface Loading {
  /** How columns are read, where some types are asked for. */
  readings(types: SourceOptions['types']): Promise<ColumnReading[]>;
  /** What DuckDB throws while rows are read, in words of the source. */
  translate(message: string, cause: unknown): PolytaskError;
}

/** Rows that DuckDB holds in the table `raw`: they can be read at once, or in chunks. */
export interface Loaded extends Loading {
  readonly connection: DuckDBConnection;
  readonly rows: number;
  close(): Promise<void>;
}

/** Has a source fill the table `raw` of a fresh DuckDB. */
export async function loadRows(
  options: LoadOptions,
  fill: (connection: DuckDBConnection) => Promise<Loading>,
): Promise<Loaded> {
  const { connection, close } = await openDuckDB(options);
  return closingOnError(close, async () => {
    const loading = await fill(connection);
    const [[rows]] = (await query(connection, `SELECT count(*)::DOUBLE FROM ${RAW}`)) as [[number]];
    return { ...loading, connection, rows, close };
  });
}

/** Reads loaded rows into memory, and closes what held them. */
export async function readLoaded(loaded: Loaded, options: SourceOptions): Promise<Table> {
  try {
    const readings = await readingsOf(loaded, options, options.types);
    return await translating(
      () => readRelation(loaded.connection, RAW, readings, options),
      (message, cause) => loaded.translate(message, cause),
    );
  } finally {
    await loaded.close();
  }
}

/** How loaded columns are read; who asked for types is told of values that they lose. */
export function readingsOf(
  { connection, readings, translate }: Loaded,
  options: SourceOptions,
  types: SourceOptions['types'],
): Promise<ColumnReading[]> {
  return translating(async () => {
    const found = await readings(types);
    if (options.warn !== undefined) await warnOfLosses(connection, RAW, found, options.warn);
    return found;
  }, translate);
}
