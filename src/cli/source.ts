import type { Command } from 'commander';
import type { SourceSpec } from '../data/index.ts';
import { usage } from './usage.ts';

export interface SourceChoice {
  readonly sql?: string;
  readonly database?: string;
  readonly table?: string;
}

export function addSourceOptions(command: Command): Command {
  return command
    .option('--sql <query>', 'rows from a query that DuckDB runs; it may read files by name')
    .option('--database <file>', 'rows from a DuckDB database: with --table or --sql')
    .option('--table <name>', 'the table of the database');
}

/** Where rows come from: files, a query, or a database. */
export function sourceOf(files: readonly string[], { sql, database, table }: SourceChoice): SourceSpec {
  const inDatabase = database !== undefined;
  if (files.length > 0 && (sql !== undefined || inDatabase))
    throw usage('SOURCE', 'files, --sql or --database', `${files[0]} as well`, 'Leave one of them out.');
  if (table !== undefined && !inDatabase)
    throw usage('--table', 'a table of --database', table, 'Add --database FILE.');
  if (table !== undefined && sql !== undefined)
    throw usage('--table', 'one of --table and --sql', 'both', 'Leave one of them out.');
  if (inDatabase)
    return { database, ...(table !== undefined && { table }), ...(sql !== undefined && { sql }) };
  if (sql !== undefined) return { sql };
  if (files.length > 0) return files.length === 1 ? files[0]! : files;
  throw usage(
    'SOURCE',
    'where the rows are',
    'nothing',
    'Name a file (.csv, .tsv, .txt, .json, .ndjson, .parquet), or give --sql or --database.',
  );
}
