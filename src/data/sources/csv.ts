import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { PolytaskError } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import { type Dialect, detectDialect } from './dialect.ts';
import { identifier, literal, translating, withDuckDB } from './duckdb.ts';
import { inferReadings } from './infer-types.ts';
import { withoutQuotes } from './quotes.ts';
import { readRelation, warnOfLosses } from './relation.ts';
import { MISSING_TEXTS, type SourceOptions } from './spec.ts';
import { prepareText } from './text.ts';

/** Reads .csv, .tsv and .txt, plain or gzipped: every cell as text first, then types that hold for all rows. */
export async function openText(path: string, full: string, options: SourceOptions): Promise<Table> {
  const { bytes, verbatim, whole } = await prepareText(path, full, options);
  const found = detectDialect(path, bytes.subarray(0, 1 << 18).toString('utf8'), options);
  const plain = whole && found.delimiter === '\t' ? withoutQuotes(bytes, found.names.length) : undefined;
  const dialect: Dialect = plain === undefined ? found : { ...found, quote: '' };
  return withPlainFile(full, plain ?? (verbatim ? undefined : bytes), (file) =>
    withDuckDB(options, async (connection) => {
      await load(connection, path, file, dialect, options);
      const readings = await inferReadings(connection, 'raw', dialect.names, options, dialect.delimiter);
      if (options.warn !== undefined) await warnOfLosses(connection, 'raw', readings, options, options.warn);
      return readRelation(connection, 'raw', readings, options);
    }),
  );
}

async function load(
  connection: DuckDBConnection,
  path: string,
  file: string,
  { delimiter, quote, names, header }: Dialect,
  options: SourceOptions,
): Promise<void> {
  const columns = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const missing = [...MISSING_TEXTS, ...(options.missing ?? []).map(String)].map(literal).join(', ');
  const limit = options.limit === undefined ? '' : `LIMIT ${Math.max(0, Math.floor(options.limit))}`;
  const sql = `CREATE TEMP TABLE raw AS SELECT ${names.map(identifier).join(', ')} FROM read_csv(${literal(file)},
    auto_detect = false, columns = {${columns}}, delim = ${literal(delimiter)}, quote = ${literal(quote)},
    escape = ${literal(quote)}, header = ${header}, null_padding = false, nullstr = [${missing}],
    max_line_size = 67108864) ${limit}`;
  await translating(
    async () => void (await connection.run(sql)),
    (message, cause) => explain(path, message, cause),
  );
}

/** What a parser of DuckDB says, as an error that names line and cells. */
function explain(path: string, message: string, cause: unknown): PolytaskError {
  const full = String(cause);
  const line = /CSV Error on Line: (\d+)/.exec(full)?.[1];
  const where = line === undefined ? path : `${path}:${line}`;
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(full);
  if (counts !== null) {
    return new PolytaskError('source-ragged', {
      cause,
      path: where,
      expected: `${counts[1]} cells, as in the first line`,
      found: `${counts[2]}`,
      help: 'Look for a missing or extra delimiter, or a text with a delimiter that is not quoted.',
    });
  }
  if (/unterminated quote/i.test(full)) {
    return new PolytaskError('source-ragged', {
      cause,
      path: where,
      expected: 'a quoted cell that ends before the next delimiter',
      found: 'a quotation mark without its end',
      help: 'Double quotation marks inside a quoted cell ("" for ") or remove the stray one.',
    });
  }
  return new PolytaskError('source-corrupt', {
    cause,
    path: where,
    expected: 'delimited text',
    found: message,
    help: 'Open the file and look at that line.',
  });
}

/** Hands `work` a path whose content is `bytes`, or the file itself where nothing had to be mended. */
async function withPlainFile<T>(
  full: string,
  bytes: Buffer | undefined,
  work: (file: string) => Promise<T>,
): Promise<T> {
  if (bytes === undefined) return work(full);
  const folder = await mkdtemp(join(tmpdir(), 'polytask-')).catch((cause: unknown) => {
    throw temporaryFailure(cause);
  });
  try {
    const file = join(folder, 'data.csv');
    await writeFile(file, bytes).catch((cause: unknown) => {
      throw temporaryFailure(cause);
    });
    return await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function temporaryFailure(cause: unknown): PolytaskError {
  return new PolytaskError('source-unreadable', {
    path: tmpdir(),
    expected: 'room for a temporary copy',
    found: cause instanceof Error ? cause.message : String(cause),
    help: 'Free some space, or point TMPDIR to a folder that has it.',
    cause,
  });
}
