import { PolytaskError } from '../../common/error.ts';
import type { SourceOptions } from './spec.ts';

/** How a text file spells its cells. */
export interface Dialect {
  readonly delimiter: string;
  readonly quote: '"' | '';
  readonly names: readonly string[];
  /** Whether the first line is the names and no row. */
  readonly header: boolean;
}

/** A delimiter that no text contains: every line is one cell. */
const WHOLE_LINE = '\u001f';

/** Finds delimiter, quoting and header from the first lines; the ending and the options weigh most. */
export function detectDialect(path: string, head: string, options: SourceOptions): Dialect {
  const extension = path.toLowerCase().replace(/\.gz$/, '').split('.').pop();
  const delimiter = extension === 'tsv' ? '\t' : guessDelimiter(head, extension === 'txt');
  const quote = delimiter === WHOLE_LINE ? '' : '"';
  const first = splitRecord(head, delimiter, quote).map((cell) => cell.trim());
  const header = Array.isArray(options.header)
    ? false
    : ((options.header as boolean | undefined) ?? (delimiter !== WHOLE_LINE && looksLikeNames(first)));
  const numbered = first.map((_, i) => (delimiter === WHOLE_LINE ? 'text' : `column${i + 1}`));
  const names = Array.isArray(options.header)
    ? (options.header as string[])
    : header
      ? first.map((name, i) => (name === '' ? `column${i + 1}` : name))
      : numbered;
  if (names.length !== first.length) {
    throw new PolytaskError('source-columns', {
      path,
      expected: `${first.length} column names, as the file has columns`,
      found: `${names.length} names in \`header\``,
      help: 'Give a name for every column.',
    });
  }
  refuseDuplicates(path, names);
  if (!header && options.header === undefined) {
    options.warn?.({
      code: 'header-absent',
      message: `${path} starts with data, so its columns are called ${names.slice(0, 4).join(', ')}${names.length > 4 ? ', …' : ''}.`,
      help: 'Name them with `header: ["first", …]`, or say `header: true` if the first line is the names.',
    });
  }
  return { delimiter, quote, names, header };
}

/** The candidate that cuts the first lines into the same number of cells, more than one, most often. */
function guessDelimiter(head: string, lines: boolean): string {
  const records = head
    .split('\n')
    .slice(0, 60)
    .filter((line) => line !== '');
  // The last line of a cut head may be cut itself.
  if (records.length > 2) records.pop();
  let best = '';
  let bestScore = 0;
  for (const candidate of ['\t', ',', ';', '|']) {
    const counts = records.map((record) => splitRecord(record, candidate, '"').length);
    const expected = counts[0]!;
    if (expected < 2) continue;
    const score = counts.filter((count) => count === expected).length / counts.length + expected * 1e-4;
    if (score > bestScore) [best, bestScore] = [candidate, score];
  }
  // A comma in a sentence is no delimiter: a .txt file needs agreement of nearly all lines.
  if (best === '' || (lines && bestScore < 0.9)) return lines ? WHOLE_LINE : ',';
  return best;
}

/** A header has no number among its names. */
function looksLikeNames(cells: readonly string[]): boolean {
  return !cells.some((cell) => cell !== '' && Number.isFinite(Number(cell)));
}

/** The cells of the first record, with quotes undone. */
export function splitRecord(text: string, delimiter: string, quote: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quoted) {
      if (char !== quote) cell += char;
      else if (text[i + 1] === quote) cell += text[++i];
      else quoted = false;
    } else if (char === quote && cell === '') quoted = true;
    else if (char === delimiter) [cell] = ['', cells.push(cell)];
    else if (char === '\n') break;
    else cell += char;
  }
  cells.push(cell);
  return cells;
}

function refuseDuplicates(path: string, names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      throw new PolytaskError('header-duplicate', {
        path,
        expected: 'every column name once, upper and lower case counting as equal',
        found: other === name ? `"${name}" twice` : `"${other}" and "${name}"`,
        help: 'Rename one of the two in the file, or give all names with `header: [...]`.',
      });
    }
    seen.set(name.toLowerCase(), name);
  }
}
