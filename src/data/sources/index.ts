import { closingOnError } from '../../common/closing.ts';
import { PolytaskError, suggest } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import type { ColumnType } from '../cells.ts';
import { requireColumn, sliced } from '../columns.ts';
import type { Loaded } from './loaded.ts';
import { columnsSource, rowsSource, tableSource } from './memory.ts';
import {
  type FileSpec,
  isRecord,
  type LoadOptions,
  type RowStream,
  type Source,
  type SourceOptions,
  type SourceSpec,
} from './spec.ts';

/** Every kind of source; what needs Node is loaded when first asked for, so that a browser can read rows in memory. */
const SOURCES: readonly Source[] = [
  {
    name: 'file',
    keys: ['file', 'missing', 'types', 'encoding', 'limit', 'header'],
    matches: (spec) =>
      isText(spec) || isTexts(spec) || (isRecord(spec) && (isText(spec.file) || isTexts(spec.file))),
    open: async (spec, options) => (await import('./files.ts')).openFiles(spec, options),
    stream: async (spec, options) => (await import('./files.ts')).streamFiles(spec, options),
  },
  {
    name: 'database',
    keys: ['database', 'table', 'sql'],
    matches: (spec) => isRecord(spec) && isText(spec.database),
    ...loaded(async (spec, options) => (await import('./database.ts')).loadDatabase(spec, options)),
  },
  {
    name: 'sql',
    keys: ['sql'],
    matches: (spec) => isRecord(spec) && isText(spec.sql),
    ...loaded(async (spec, options) => (await import('./sql.ts')).loadSql(spec, options)),
  },
  {
    name: 'perTask',
    keys: ['perTask', 'name', 'optional'],
    matches: (spec) => isRecord(spec) && isRecord(spec.perTask),
    open: async (spec, options) => (await import('./per-task.ts')).openPerTask(spec, options, readSource),
  },
  tableSource,
  rowsSource,
  columnsSource,
];

/** A source that DuckDB holds. */
function loaded(
  load: (spec: never, options: LoadOptions) => Promise<Loaded>,
): Required<Pick<Source, 'open' | 'stream'>> {
  return {
    open: async (spec, options) =>
      (await import('./loaded.ts')).readLoaded(await load(spec, options), options),
    stream: async (spec, options) =>
      (await import('./stream-files.ts')).streamOne(await load(spec, options), options),
  };
}

/**
 * Reads rows from wherever they are into typed columns.
 *
 * @param spec a path (.csv .tsv .txt .json .ndjson .jsonl, also .gz; .parquet), several paths with equal columns,
 *   `{ sql }`, `{ database, table | sql }`, an array of objects, a record of arrays, or `{ perTask: { name: spec } }`
 * @throws PolytaskError that names the file, the line or the column, and the fix
 * @example
 * const table = await openSource('loans.csv.gz', { missing: ['n/a', -200] });
 * table.columns.get('term')
 */
export async function openSource(spec: SourceSpec, options: SourceOptions = {}): Promise<Table> {
  const given = isRecord(spec) && 'file' in spec ? { ...options, ...(spec as unknown as FileSpec) } : options;
  checkOptions(given);
  const table = await readSource(spec, options);
  for (const name of Object.keys(given.types ?? {})) requireColumn(table, name, `types.${name}`);
  refuseEmpty(spec, table);
  return table;
}

export interface StreamOptions extends LoadOptions {
  /** Types of columns that have them wherever they occur; unlike those of `types`, they need not be there. */
  readonly usual?: SourceOptions['types'];
}

/**
 * Reads the rows of `openSource` in chunks, so that they need not fit into memory: what does not goes to temporary files.
 * Rows in memory, and a source for each task, are read at once.
 *
 * @throws as `openSource` does, before the first chunk
 * @example
 * const stream = await streamSource('loans.csv.gz');
 * try {
 *   for await (const table of stream.chunks(8192)) console.log(table.rows);
 * } finally {
 *   await stream.close();
 * }
 */
export async function streamSource(
  spec: SourceSpec,
  { usual, ...options }: StreamOptions = {},
): Promise<RowStream> {
  checkOptions(options);
  const { stream } = sourceOf(spec);
  if (stream === undefined) return inMemory(spec, options, usual);
  const types = { ...usual, ...options.types };
  const rows = await stream(spec as never, { bounded: true, ...options, types });
  return closingOnError(rows.close, async () => {
    for (const name of Object.keys(options.types ?? {})) requireColumn(rows, name, `types.${name}`);
    refuseEmpty(spec, rows);
    return rows;
  });
}

/** Rows that are in memory anyway. */
async function inMemory(
  spec: SourceSpec,
  options: SourceOptions,
  usual: SourceOptions['types'] = {},
): Promise<RowStream> {
  const found = await openSource(spec, options);
  const types = Object.fromEntries(Object.entries(usual).filter(([name]) => found.columns.has(name)));
  const differ = Object.entries(types).some(([name, type]) => found.columns.get(name)!.type !== type);
  const table = differ
    ? await openSource(spec, { ...options, types: { ...types, ...options.types } })
    : found;
  return {
    rows: table.rows,
    columns: new Map([...table.columns].map(([name, { type }]) => [name, type])),
    chunks: async function* (rows) {
      for (let start = 0; start < table.rows; start += rows) yield sliced(table, start, start + rows);
    },
    close: async () => undefined,
  };
}

function refuseEmpty(
  spec: SourceSpec,
  { rows, columns }: { readonly rows: number; readonly columns: ReadonlyMap<string, unknown> },
): void {
  if (columns.size > 0 && rows > 0) return;
  throw new PolytaskError('source-empty', {
    ...(typeof spec === 'string' && { path: spec }),
    expected: 'at least one row',
    found: columns.size === 0 ? 'nothing' : `${columns.size} columns and no rows`,
    help: 'Check what was meant to fill the source, or loosen the query.',
  });
}

function readSource(spec: SourceSpec, options: SourceOptions): Promise<Table> {
  return sourceOf(spec).open(spec as never, options);
}

function sourceOf(spec: SourceSpec): Source {
  const source = SOURCES.find((candidate) => candidate.matches(spec));
  if (source !== undefined) {
    checkKeys(source, spec);
    return source;
  }
  throw new PolytaskError('source-invalid', {
    expected: 'a path, { sql }, { database }, { perTask }, an array of objects or a record of arrays',
    found: isRecord(spec) ? `an object with ${Object.keys(spec).join(', ') || 'no keys'}` : typeof spec,
    help: 'Give a file name such as "rows.csv", or rows such as [{ a: 1, b: "x" }].',
  });
}

function checkKeys({ keys }: Source, spec: SourceSpec): void {
  const unknown =
    isRecord(spec) && keys !== undefined && Object.keys(spec).find((key) => !keys.includes(key));
  if (typeof unknown !== 'string' || keys === undefined) return;
  throw new PolytaskError('source-invalid', {
    path: unknown,
    expected: `a setting of a source with "${keys[0]}"`,
    found: unknown,
    help: suggest(unknown, keys),
  });
}

function checkOptions({ types = {}, limit }: SourceOptions): void {
  for (const [name, type] of Object.entries(types)) {
    if (COLUMN_TYPES.includes(type)) continue;
    throw new PolytaskError('source-invalid', {
      path: `types.${name}`,
      expected: COLUMN_TYPES.join(', '),
      found: String(type),
      help: suggest(String(type), COLUMN_TYPES),
    });
  }
  if (limit === undefined || (Number.isInteger(limit) && limit >= 1)) return;
  throw new PolytaskError('source-invalid', {
    path: 'limit',
    expected: 'a whole number from 1',
    found: String(limit),
    help: 'Leave `limit` out to read all rows.',
  });
}

const COLUMN_TYPES: readonly ColumnType[] = ['number', 'string', 'boolean', 'date'];

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isText);
}
