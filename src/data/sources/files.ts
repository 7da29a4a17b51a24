import { stat } from 'node:fs/promises';
import { PolytaskError, suggest } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import { concatTables, stringsWhereTypesDiffer } from '../concat.ts';
import { loadText } from './csv.ts';
import { loadJson } from './json.ts';
import { type Loaded, readLoaded } from './loaded.ts';
import { loadParquet } from './parquet.ts';
import { resolveFile } from './paths.ts';
import type { FileSpec, LoadOptions, RowStream, SourceOptions } from './spec.ts';
import { type StreamedFile, streamFiles as streamAll } from './stream-files.ts';

type Load = (path: string, full: string, options: LoadOptions) => Promise<Loaded>;

/** Every ending that is understood, with what loads it. */
export const FORMATS: Readonly<Record<string, Load>> = {
  '.csv': loadText,
  '.csv.gz': loadText,
  '.tsv': loadText,
  '.tsv.gz': loadText,
  '.txt': loadText,
  '.txt.gz': loadText,
  '.parquet': loadParquet,
  '.json': loadJson,
  '.json.gz': loadJson,
  '.ndjson': loadJson,
  '.ndjson.gz': loadJson,
  '.jsonl': loadJson,
  '.jsonl.gz': loadJson,
};

/** A file, or several with equal columns one after the other. */
export async function openFiles(
  spec: string | readonly string[] | FileSpec,
  options: SourceOptions,
): Promise<Table> {
  const { files, merged } = filesOf(spec, options);
  if (files.length === 1) return openFile(files[0]!, merged);
  const read = async (types: SourceOptions['types']): Promise<Table[]> => {
    const tables: Table[] = [];
    for (const path of files) {
      tables.push(await openFile(path, types === undefined ? merged : { ...merged, types }));
    }
    return tables;
  };
  const tables = await read(merged.types);
  // A column that is numbers in one file and words in another is read again as words everywhere.
  const strings = stringsWhereTypesDiffer(tables);
  const agreed = Object.keys(strings).length === 0 ? tables : await read({ ...merged.types, ...strings });
  const table = concatTables(agreed, files);
  return table;
}

/** The rows of `openFiles`, in chunks. */
export async function streamFiles(
  spec: string | readonly string[] | FileSpec,
  options: LoadOptions,
): Promise<RowStream> {
  const { files, merged } = filesOf(spec, options);
  const opened: StreamedFile[] = [];
  for (const path of files) {
    const { size } = await stat(await resolveFile(path, merged));
    opened.push({ path, size, load: (own) => loadFile(path, own) });
  }
  return streamAll(opened, merged);
}

function filesOf<O extends SourceOptions>(
  spec: string | readonly string[] | FileSpec,
  options: O,
): { readonly files: readonly string[]; readonly merged: O } {
  const file = isFileSpec(spec) ? spec.file : spec;
  const merged = isFileSpec(spec) ? { ...options, ...withoutFile(spec) } : options;
  return { files: typeof file === 'string' ? [file] : file, merged };
}

async function openFile(path: string, options: SourceOptions): Promise<Table> {
  return readLoaded(await loadFile(path, options), options);
}

async function loadFile(path: string, options: LoadOptions): Promise<Loaded> {
  const lower = path.toLowerCase();
  const endings = Object.keys(FORMATS).sort((a, b) => b.length - a.length);
  const ending = endings.find((candidate) => lower.endsWith(candidate));
  const full = await resolveFile(path, options);
  if (ending === undefined) {
    const found = /(\.[^./\\]+)?\.[^./\\]+$/.exec(lower)?.[0] ?? 'no ending';
    throw new PolytaskError('source-format', {
      path,
      expected: `a file that ends in ${Object.keys(FORMATS).join(', ')}`,
      found,
      help: suggest(found, Object.keys(FORMATS)),
    });
  }
  return FORMATS[ending]!(path, full, options);
}

function isFileSpec(spec: string | readonly string[] | FileSpec): spec is FileSpec {
  return typeof spec === 'object' && !Array.isArray(spec);
}

function withoutFile({ file: _, ...options }: FileSpec): SourceOptions {
  return options;
}
