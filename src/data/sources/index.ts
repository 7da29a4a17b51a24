import { PolytaskError, suggest } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import type { ColumnType } from '../cells.ts';
import { requireColumn } from '../columns.ts';
import { columnsSource, rowsSource, tableSource } from './memory.ts';
import { type FileSpec, isRecord, type Source, type SourceOptions, type SourceSpec } from './spec.ts';

/** Every kind of source; what needs Node is loaded when first asked for, so that a browser can read rows in memory. */
const SOURCES: readonly Source[] = [
  {
    name: 'file',
    keys: ['file', 'missing', 'types', 'encoding', 'limit', 'header'],
    matches: (spec) =>
      isText(spec) || isTexts(spec) || (isRecord(spec) && (isText(spec.file) || isTexts(spec.file))),
    open: async (spec, options) => (await import('./files.ts')).openFiles(spec, options),
  },
  {
    name: 'database',
    keys: ['database', 'table', 'sql'],
    matches: (spec) => isRecord(spec) && isText(spec.database),
    open: async (spec, options) => (await import('./database.ts')).openDatabase(spec, options),
  },
  {
    name: 'sql',
    keys: ['sql'],
    matches: (spec) => isRecord(spec) && isText(spec.sql),
    open: async (spec, options) => (await import('./sql.ts')).openSql(spec, options),
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
  if (table.columns.size > 0 && table.rows > 0) return table;
  throw new PolytaskError('source-empty', {
    ...(typeof spec === 'string' && { path: spec }),
    expected: 'at least one row',
    found: table.columns.size === 0 ? 'nothing' : `${table.columns.size} columns and no rows`,
    help: 'Check what was meant to fill the source, or loosen the query.',
  });
}

async function readSource(spec: SourceSpec, options: SourceOptions): Promise<Table> {
  const source = SOURCES.find((candidate) => candidate.matches(spec));
  if (source !== undefined) {
    checkKeys(source, spec);
    return source.open(spec as never, options);
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
