import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PolytaskError } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import { literal, translating } from './duckdb.ts';
import type { SourceOptions } from './spec.ts';
import { openQuery } from './sql.ts';
import { emptyFile, prepareText } from './text.ts';

/** Reads .json (an array of objects) and .ndjson or .jsonl (an object a line), plain or gzipped. */
export async function openJson(path: string, full: string, options: SourceOptions): Promise<Table> {
  const { bytes, verbatim } = await prepareText(path, full, options);
  const start = bytes.subarray(0, 64).toString('utf8').trim();
  if (/^\[\s*\]$/.test(start)) throw emptyFile(path);
  if (!/^(\[\s*\{|\{|\[$)/.test(start)) throw malformed(path, `${start.slice(0, 20)}…`);
  const folder = verbatim ? undefined : await mkdtemp(join(tmpdir(), 'polytask-'));
  const file = folder === undefined ? full : join(folder, 'data.json');
  try {
    if (folder !== undefined) await writeFile(file, bytes);
    const sql = `SELECT * FROM read_json(${literal(file)}, sample_size = -1, maximum_object_size = 268435456)`;
    return await translating(
      () => openQuery(sql, options),
      (message) => malformed(path, message.replace(/ in file "[^"]*"/, '')),
    );
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

function malformed(path: string, found: string): PolytaskError {
  return new PolytaskError('source-corrupt', {
    path,
    expected: 'an array of objects, or an object a line',
    found,
    help: 'Mend the JSON at that place; NaN and trailing commas are not JSON.',
  });
}
