import type { DuckDBAppender, DuckDBType } from '@duckdb/node-api';
import { identifier, literal, openDuckDB } from '../../data/sources/duckdb.ts';
import type { OutputColumn } from './flatten.ts';
import { rowsOf } from './formats.ts';
import type { ColumnWriter } from './write.ts';

const ROWS_PER_CHUNK = 2048;

/** Writes a Parquet file through DuckDB, which keeps rows in temporary files where there are many. */
export async function openParquet(path: string): Promise<ColumnWriter> {
  const { BOOLEAN, DOUBLE, DuckDBDataChunk, VARCHAR } = await import('@duckdb/node-api');
  const { connection, close } = await openDuckDB({ bounded: true });
  const typeOf = ({ values }: OutputColumn): DuckDBType | undefined => {
    const present = values.find((value) => value !== null);
    if (present === undefined) return undefined;
    return { number: DOUBLE, boolean: BOOLEAN }[typeof present as string] ?? VARCHAR;
  };
  let appender: DuckDBAppender | undefined;
  let names: readonly string[] = [];
  /** As which a column is kept, and what its first value is: it may begin with rows that have none. */
  let kept: readonly DuckDBType[] = [];
  let types: (DuckDBType | undefined)[] = [];

  const begin = async (columns: readonly OutputColumn[]): Promise<DuckDBAppender> => {
    names = columns.map(({ name }) => name);
    types = columns.map(typeOf);
    kept = types.map((type) => type ?? VARCHAR);
    const declared = names.map((name, c) => `${identifier(name)} ${kept[c]}`).join(', ');
    await connection.run(`CREATE TABLE predictions (${declared})`);
    return connection.createAppender('predictions');
  };

  return {
    write: async (columns) => {
      appender ??= await begin(columns);
      columns.forEach((column, c) => {
        types[c] ??= typeOf(column);
      });
      for (let start = 0; start < rowsOf(columns); start += ROWS_PER_CHUNK) {
        const rows = Math.min(ROWS_PER_CHUNK, rowsOf(columns) - start);
        const chunk = DuckDBDataChunk.create(kept, rows);
        chunk.setColumns(
          columns.map(({ values }, c) =>
            values
              .slice(start, start + rows)
              .map((value) => (value === null || kept[c] !== VARCHAR ? value : String(value))),
          ),
        );
        appender.appendDataChunk(chunk);
      }
    },
    finish: async () => {
      appender?.flushSync();
      appender?.closeSync();
      const columns = names.map(
        (name, c) => `CAST(${identifier(name)} AS ${types[c] ?? VARCHAR}) AS ${identifier(name)}`,
      );
      await connection.run(
        `COPY (SELECT ${columns.join(', ')} FROM predictions) TO ${literal(path)} (FORMAT parquet)`,
      );
      await close();
    },
    abandon: close,
  };
}
