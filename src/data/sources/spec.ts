import type { Table } from '../../common/table.ts';
import type { ColumnType, ColumnValues } from '../cells.ts';
import type { Warn } from '../warning.ts';

/** How a source is read; every option has a working default. */
export interface SourceOptions {
  /** Values that mean "missing" besides empty cells, NA, N/A, NaN and null: `[-200, '?']`. */
  readonly missing?: readonly (string | number)[];
  /** Types to use instead of the inferred ones. */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** Encoding of text files, any label that TextDecoder knows; default UTF-8, then Windows-1252 with a warning. */
  readonly encoding?: string;
  /** Read only the first rows. */
  readonly limit?: number;
  /** Whether a text file starts with column names, or the names themselves; default: guessed. */
  readonly header?: boolean | readonly string[];
  /** The folder that relative paths start from; default: the current one. */
  readonly directory?: string;
  /** Receives what was noticed while reading. */
  readonly warn?: Warn;
}

/** How rows get into DuckDB. */
export interface LoadOptions extends SourceOptions {
  /** Whether memory is bounded, whatever the size of the source: what does not fit goes to temporary files. */
  readonly bounded?: boolean;
  /** Where memory is bounded: from how many bytes on a text is read in pieces. */
  readonly piecewiseFrom?: number;
}

export type Row = Readonly<Record<string, unknown>>;

/** One file, or several with equal columns: .csv .tsv .txt .json .ndjson .jsonl (also .gz of these), .parquet. */
export interface FileSpec extends Omit<SourceOptions, 'directory' | 'warn'> {
  readonly file: string | readonly string[];
}

/** A query that DuckDB runs in memory; it may read files by name. */
export interface SqlSpec {
  readonly sql: string;
}

/** A DuckDB database file, opened read-only: one of its tables, or a query over them. */
export interface DatabaseSpec {
  readonly database: string;
  readonly table?: string;
  readonly sql?: string;
}

/** Several sources, one a task, with the same columns; `name` is the column that tells the task. */
export interface PerTaskSpec {
  readonly perTask: Readonly<Record<string, SourceSpec>>;
  readonly name?: string;
  /** Columns that need not be in every source; where absent, they are missing. */
  readonly optional?: readonly string[];
}

/** Where rows come from. */
export type SourceSpec =
  | string
  | readonly string[]
  | FileSpec
  | SqlSpec
  | DatabaseSpec
  | PerTaskSpec
  | readonly Row[]
  | { readonly rows: readonly Row[] }
  | { readonly columns: Readonly<Record<string, ColumnValues>> }
  | Readonly<Record<string, ColumnValues>>
  | Table;

/** One way of reading rows; `index.ts` lists them all. */
export interface Source {
  readonly name: string;
  /** The settings that its description may have, where it is an object with settings. */
  readonly keys?: readonly string[];
  matches(spec: unknown): boolean;
  open(spec: never, options: SourceOptions): Promise<Table>;
  /** The same rows in chunks, where they need not be in memory at once. */
  stream?(spec: never, options: LoadOptions): Promise<RowStream>;
}

/** Rows that come in chunks. */
export interface RowStream {
  /** How many there are. */
  readonly rows: number;
  readonly columns: ReadonlyMap<string, ColumnType>;
  /** All rows in order, `rows` at a time and fewer in the end; they may be asked for again. */
  chunks(rows: number): AsyncIterable<Table>;
  close(): Promise<void>;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Texts that mean "missing" in text files whatever the user says; compared after trimming. */
export const MISSING_TEXTS: readonly string[] = ['', 'NA', 'N/A', '#N/A', 'NaN', 'nan', 'null', 'NULL'];
