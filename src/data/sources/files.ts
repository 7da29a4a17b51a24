import { PolytaskError, suggest } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import { concatTables, stringsWhereTypesDiffer } from '../concat.ts';
import { openText } from './csv.ts';
import { openJson } from './json.ts';
import { openParquet } from './parquet.ts';
import { resolveFile } from './paths.ts';
import type { FileSpec, SourceOptions } from './spec.ts';

type Open = (path: string, full: string, options: SourceOptions) => Promise<Table>;

/** Every ending that is understood, with what reads it. */
export const FORMATS: Readonly<Record<string, Open>> = {
  '.csv': openText,
  '.csv.gz': openText,
  '.tsv': openText,
  '.tsv.gz': openText,
  '.txt': openText,
  '.txt.gz': openText,
  '.parquet': openParquet,
  '.json': openJson,
  '.json.gz': openJson,
  '.ndjson': openJson,
  '.ndjson.gz': openJson,
  '.jsonl': openJson,
  '.jsonl.gz': openJson,
};

/** A file, or several with equal columns one after the other. */
export async function openFiles(
  spec: string | readonly string[] | FileSpec,
  options: SourceOptions,
): Promise<Table> {
  const file = typeof spec === 'string' || Array.isArray(spec) ? spec : (spec as FileSpec).file;
  const merged = isFileSpec(spec) ? { ...options, ...withoutFile(spec) } : options;
  if (typeof file === 'string') return openFile(file, merged);
  const files = file as readonly string[];
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

async function openFile(path: string, options: SourceOptions): Promise<Table> {
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
