import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { PolytaskError } from '../../common/error.ts';
import { type Dialect, detectDialect } from './dialect.ts';
import { identifier, literal, translating } from './duckdb.ts';
import { inferReadings } from './infer-types.ts';
import { HEAD, isLarge, withLargeText } from './large-text.ts';
import { type Loaded, loadRows, RAW } from './loaded.ts';
import { withoutQuotes } from './quotes.ts';
import { type LoadOptions, MISSING_TEXTS } from './spec.ts';
import { openTemporaryFolder, temporaryFailure } from './temporary.ts';
import { prepareText } from './text.ts';

/** Of text, in bytes. */
const LONGEST_LINE = 1 << 26;

/** Loads .csv, .tsv and .txt, plain or gzipped: every cell as text first, then types that hold for all rows. */
export function loadText(path: string, full: string, options: LoadOptions): Promise<Loaded> {
  return withPlainText(path, full, options, (text) =>
    loadRows(options, async (connection) => {
      const { dialect } = text;
      await load(connection, path, text, options);
      return {
        readings: (types) =>
          inferReadings(
            connection,
            RAW,
            dialect.names,
            { ...options, ...(types && { types }) },
            dialect.delimiter,
          ),
        translate: (message, cause) => explain(path, message, cause),
      };
    }),
  );
}

/** A text that DuckDB reads as it stands. */
interface PlainText {
  readonly file: string;
  readonly dialect: Dialect;
}

/** Hands `work` a file that is plain text: the given one, or a temporary copy that is mended. */
async function withPlainText<T>(
  path: string,
  full: string,
  options: LoadOptions,
  work: (text: PlainText) => Promise<T>,
): Promise<T> {
  if (await isLarge(full, options))
    return withLargeText(path, full, options, async ({ file, head, unquoted }) => {
      const found = detectDialect(path, head, options);
      const bare = found.delimiter === '\t' ? await unquoted(found.names.length) : undefined;
      return work({ file: bare ?? file, dialect: bare === undefined ? found : { ...found, quote: '' } });
    });
  const { bytes, verbatim, whole } = await prepareText(path, full, options);
  const found = detectDialect(path, bytes.subarray(0, HEAD).toString('utf8'), options);
  const bare = whole && found.delimiter === '\t' ? withoutQuotes(bytes, found.names.length) : undefined;
  const dialect: Dialect = bare === undefined ? found : { ...found, quote: '' };
  return withPlainFile(full, bare ?? (verbatim ? undefined : bytes), (file) => work({ file, dialect }));
}

async function load(
  connection: DuckDBConnection,
  path: string,
  { file, dialect: { delimiter, quote, names, header } }: PlainText,
  options: LoadOptions,
): Promise<void> {
  const columns = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const missing = [...MISSING_TEXTS, ...(options.missing ?? []).map(String)].map(literal).join(', ');
  const limit = options.limit === undefined ? '' : `LIMIT ${Math.max(0, Math.floor(options.limit))}`;
  // DuckDB's own choice of a buffer is 16 lines of the greatest length.
  const buffer = options.bounded === true ? `, buffer_size = ${2 * LONGEST_LINE}` : '';
  const sql = `CREATE TEMP TABLE ${RAW} AS SELECT ${names.map(identifier).join(', ')} FROM read_csv(${literal(file)},
    auto_detect = false, columns = {${columns}}, delim = ${literal(delimiter)}, quote = ${literal(quote)},
    escape = ${literal(quote)}, header = ${header}, null_padding = false, nullstr = [${missing}],
    max_line_size = ${LONGEST_LINE}${buffer}) ${limit}`;
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
  const folder = await openTemporaryFolder();
  try {
    const file = join(folder.path, 'data.csv');
    await writeFile(file, bytes).catch((cause: unknown) => {
      throw temporaryFailure(cause);
    });
    return await work(file);
  } finally {
    await folder.remove();
  }
}
