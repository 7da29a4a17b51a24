import { PolytaskError } from '../../../../src/common/error.ts';
import { parseCsv } from './parse-csv.ts';

/** A file that can be learned from. */
export interface ReadFile {
  readonly name: string;
  readonly text: string;
  readonly columns: readonly string[];
}

/** So much text is parsed anew, without being felt, whenever settings change. */
const MOST_BYTES = 8e6;

/**
 * Reads a CSV of the reader's.
 *
 * @throws `source-invalid` for one that is too large or no text, and as `parseCsv` does
 */
export async function readFile(file: File): Promise<ReadFile> {
  if (file.size > MOST_BYTES)
    throw new PolytaskError('source-invalid', {
      path: file.name,
      expected: `at most ${MOST_BYTES / 1e6} MB`,
      found: `${(file.size / 1e6).toFixed(1)} MB`,
      help: 'Learn from it on the command line: polytask fit.',
    });
  const text = textOf(await bytesOf(file), file.name);
  try {
    return { name: file.name, text, columns: parseCsv(text).columns };
  } catch (error) {
    throw error instanceof PolytaskError ? error.at(file.name) : error;
  }
}

async function bytesOf(file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new PolytaskError('source-invalid', {
      path: file.name,
      expected: 'a file',
      found: 'a folder, or what may not be read',
      help: 'Drop one CSV file.',
      cause,
    });
  }
}

function textOf(bytes: Uint8Array, name: string): string {
  try {
    if (!bytes.includes(0)) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Said below.
  }
  throw new PolytaskError('source-invalid', {
    path: name,
    expected: 'text in UTF-8',
    found: 'bytes that are none',
    help: 'Save the table as CSV in UTF-8; workbooks and pictures cannot be read here.',
  });
}
