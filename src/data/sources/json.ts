import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PolytaskError } from '../../common/error.ts';
import { literal } from './duckdb.ts';
import { isLarge, withLargeText } from './large-text.ts';
import type { Loaded } from './loaded.ts';
import type { LoadOptions } from './spec.ts';
import { loadQuery } from './sql.ts';
import { openTemporaryFolder, temporaryFailure } from './temporary.ts';
import { emptyFile, prepareText } from './text.ts';

/** Of an object, in bytes; DuckDB takes several times as much for each thread. */
const LARGEST = 1 << 28;
const LARGEST_BOUNDED = 1 << 24;

/** Loads .json (an array of objects) and .ndjson or .jsonl (an object a line), plain or gzipped. */
export async function loadJson(path: string, full: string, options: LoadOptions): Promise<Loaded> {
  if (await isLarge(full, options))
    return withLargeText(path, full, options, ({ file, head }) => load(path, file, head, options));
  const { bytes, verbatim } = await prepareText(path, full, options);
  const head = bytes.subarray(0, 64).toString('utf8');
  if (verbatim) return load(path, full, head, options);
  const folder = await openTemporaryFolder();
  try {
    const file = join(folder.path, 'data.json');
    await writeFile(file, bytes).catch((cause: unknown) => {
      throw temporaryFailure(cause);
    });
    return await load(path, file, head, options);
  } finally {
    await folder.remove();
  }
}

async function load(path: string, file: string, head: string, options: LoadOptions): Promise<Loaded> {
  const start = head.slice(0, 64).trim();
  if (/^\[\s*\]$/.test(start)) throw emptyFile(path);
  if (!/^(\[\s*\{|\{|\[$)/.test(start)) throw malformed(path, `${start.slice(0, 20)}…`);
  const largest = options.bounded === true ? LARGEST_BOUNDED : LARGEST;
  const sql = `SELECT * FROM read_json(${literal(file)}, sample_size = -1, maximum_object_size = ${largest})`;
  return loadQuery(sql, options, (message) => malformed(path, message.replace(/ in file "[^"]*"/, '')));
}

function malformed(path: string, found: string): PolytaskError {
  return new PolytaskError('source-corrupt', {
    path,
    expected: 'an array of objects, or an object a line',
    found,
    help: 'Mend the JSON at that place; NaN and trailing commas are not JSON.',
  });
}
