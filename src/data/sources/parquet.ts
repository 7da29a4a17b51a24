import { open } from 'node:fs/promises';
import { PolytaskError } from '../../common/error.ts';
import { literal } from './duckdb.ts';
import type { Loaded } from './loaded.ts';
import type { LoadOptions } from './spec.ts';
import { loadQuery } from './sql.ts';

/** Loads a .parquet file. */
export async function loadParquet(path: string, full: string, options: LoadOptions): Promise<Loaded> {
  const corrupt = (found: string, cause?: unknown): PolytaskError =>
    new PolytaskError('source-corrupt', {
      path,
      expected: 'a Parquet file',
      found,
      help: 'Copy or write the file again; it was cut short, or is not what its ending says.',
      cause,
    });
  const handle = await open(full);
  try {
    const { size } = await handle.stat();
    const marks = Buffer.alloc(8);
    if (size >= 12) {
      await handle.read(marks, 0, 4, 0);
      await handle.read(marks, 4, 4, size - 4);
    }
    if (size === 0) throw corrupt('an empty file');
    if (marks.toString('latin1') !== 'PAR1PAR1') throw corrupt('no PAR1 at its start and end');
  } finally {
    await handle.close();
  }
  return loadQuery(`SELECT * FROM read_parquet(${literal(full)})`, options, corrupt);
}
