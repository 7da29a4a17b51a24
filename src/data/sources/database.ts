import { PolytaskError, suggest } from '../../common/error.ts';
import { identifier, literal, query, translating } from './duckdb.ts';
import { type Loaded, loadRows } from './loaded.ts';
import { resolveFile } from './paths.ts';
import type { DatabaseSpec, LoadOptions } from './spec.ts';
import { fillByUser } from './sql.ts';

/** A table of a DuckDB database file, or a query over it; the file is never written. */
export async function loadDatabase(spec: DatabaseSpec, options: LoadOptions): Promise<Loaded> {
  const path = spec.database;
  const full = await resolveFile(path, options);
  return loadRows(options, async (connection) => {
    await translating(
      async () => void (await connection.run(`ATTACH ${literal(full)} AS source (TYPE duckdb, READ_ONLY)`)),
      (message, cause) =>
        /lock/i.test(String(cause))
          ? new PolytaskError('source-unreadable', {
              cause,
              path,
              expected: 'a database that no other process is writing',
              found: message,
              help: 'Close the program that has it open, or read a copy.',
            })
          : new PolytaskError('source-corrupt', {
              cause,
              path,
              expected: 'a DuckDB database file',
              found: message.replace(full, path),
              help: 'A newer DuckDB may have written it, or it is another kind of file: CSV, Parquet and JSON are given by path.',
            }),
    );
    await connection.run('USE source');
    if (spec.sql !== undefined) return fillByUser(connection, spec.sql, options);
    const tables = (
      await query(
        connection,
        `SELECT table_name FROM information_schema.tables WHERE table_catalog = 'source'`,
      )
    ).map(([name]) => String(name));
    const table = spec.table ?? (tables.length === 1 ? tables[0]! : undefined);
    if (table === undefined || !tables.includes(table)) {
      throw new PolytaskError('table-unknown', {
        path,
        expected: table === undefined ? 'the name of a table' : 'a table of the database',
        found: table ?? 'none',
        help: tables.length === 0 ? 'The database has no tables.' : suggest(table ?? '', tables),
      });
    }
    return fillByUser(connection, `SELECT * FROM ${identifier(table)}`, options);
  });
}
