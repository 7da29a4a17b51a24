import { identifier, literal, withDuckDB } from '../../data/sources/duckdb.ts';
import type { OutputColumn } from './flatten.ts';
import { rowsOf } from './formats.ts';

const ROWS_PER_CHUNK = 2048;

/** Writes columns as a Parquet file through DuckDB. */
export async function writeParquet(path: string, columns: readonly OutputColumn[]): Promise<void> {
  await withDuckDB({}, async (connection) => {
    const { BOOLEAN, DOUBLE, DuckDBDataChunk, VARCHAR } = await import('@duckdb/node-api');
    const types = columns.map(({ values }) => {
      const present = values.filter((value) => value !== null);
      if (present.length > 0 && present.every((value) => typeof value === 'number')) return DOUBLE;
      return present.length > 0 && present.every((value) => typeof value === 'boolean') ? BOOLEAN : VARCHAR;
    });
    const declared = columns.map(({ name }, c) => `${identifier(name)} ${types[c]}`).join(', ');
    await connection.run(`CREATE TABLE predictions (${declared})`);
    const appender = await connection.createAppender('predictions');
    for (let start = 0; start < rowsOf(columns); start += ROWS_PER_CHUNK) {
      const rows = Math.min(ROWS_PER_CHUNK, rowsOf(columns) - start);
      const chunk = DuckDBDataChunk.create(types, rows);
      chunk.setColumns(
        columns.map(({ values }, c) =>
          values
            .slice(start, start + rows)
            .map((value) => (value === null || types[c] !== VARCHAR ? value : String(value))),
        ),
      );
      appender.appendDataChunk(chunk);
    }
    appender.flushSync();
    appender.closeSync();
    await connection.run(`COPY predictions TO ${literal(path)} (FORMAT parquet)`);
  });
}
