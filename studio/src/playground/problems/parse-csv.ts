import { PolytaskError } from '../../../../src/common/error.ts';
import type { ErrorCode } from '../../../../src/common/error-codes.ts';

/** Cells of a small file, and the names of its columns. */
export interface Csv {
  readonly columns: readonly string[];
  /** [row][column] */
  readonly rows: readonly (readonly string[])[];
}

/**
 * Reads CSV as RFC 4180 has it: cells between commas (or semicolons or tabs, as the header has most of), quoted where they
 * hold one, a quote in quotes doubled. Empty lines are left out.
 *
 * @throws `source-empty`, `source-ragged` for a quote that does not end and a row of another length, `source-invalid` for
 *   columns without a name of their own
 * @example parseCsv('a,b\n1,"x, y"\n').rows; // [['1', 'x, y']]
 */
export function parseCsv(text: string): Csv {
  const lines = linesOf(text.replace(/^\uFEFF/, ''), separatorOf(text));
  const [header, ...rows] = lines.filter((line) => line.length > 1 || Boolean(line[0]));
  if (header === undefined || rows.length === 0)
    throw new PolytaskError('source-empty', {
      expected: 'a line with names of columns, and lines with cells',
      found: header === undefined ? 'nothing' : 'names alone',
      help: 'Choose a CSV file with a header.',
    });
  const columns = header.map((name) => name.trim());
  const odd = columns.find((name, i) => name === '' || columns.indexOf(name) < i);
  if (odd !== undefined)
    throw invalid(
      'source-invalid',
      'a name of its own for every column',
      odd === '' ? 'none' : `"${odd}" twice`,
    );
  const ragged = rows.findIndex(({ length }) => length !== columns.length);
  if (ragged !== -1)
    throw invalid(
      'source-ragged',
      `${columns.length} cells in every row`,
      `${rows[ragged]!.length} in row ${ragged + 1}`,
    );
  return { columns, rows };
}

function separatorOf(text: string): string {
  const end = text.search(/[\r\n]/);
  const header = end === -1 ? text : text.slice(0, end);
  const count = (mark: string): number => header.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/** Cell after cell: quoted or plain, then what ends it. */
function linesOf(text: string, separator: string): string[][] {
  const cell = new RegExp(
    `"((?:[^"]|"")*)"(${separator}|\\r\\n|\\r|\\n|$)|([^${separator}\\r\\n]*)(${separator}|\\r\\n|\\r|\\n|$)`,
    'y',
  );
  const lines: string[][] = [[]];
  while (cell.lastIndex < text.length) {
    const from = cell.lastIndex;
    const [, quoted, afterQuoted, plain, afterPlain] = cell.exec(text)!;
    if (quoted === undefined && plain!.startsWith('"'))
      throw invalid('source-ragged', 'a quote that ends before the cell does', text.slice(from, from + 40));
    lines.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain!);
    const end = afterQuoted ?? afterPlain!;
    if (end !== separator) lines.push([]);
    else if (cell.lastIndex === text.length) lines.at(-1)!.push('');
  }
  return lines;
}

function invalid(code: ErrorCode, expected: string, found: string): PolytaskError {
  return new PolytaskError(code, { expected, found, help: 'Look at the file with an editor.' });
}
