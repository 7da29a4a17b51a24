import type { OutputColumn } from './flatten.ts';

type Cell = OutputColumn['values'][number];

function delimited(separator: string): (columns: readonly OutputColumn[]) => Generator<string> {
  const cell = (value: Cell): string => {
    if (value === null) return '';
    const text = String(value);
    return text.includes(separator) || /["\r\n]/.test(text) || text !== text.trim()
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  };
  return function* (columns) {
    yield `${columns.map(({ name }) => cell(name)).join(separator)}\n`;
    for (let row = 0; row < rowsOf(columns); row++)
      yield `${columns.map(({ values }) => cell(values[row]!)).join(separator)}\n`;
  };
}

function* lines(columns: readonly OutputColumn[]): Generator<string> {
  for (let row = 0; row < rowsOf(columns); row++) yield `${JSON.stringify(rowAt(columns, row))}\n`;
}

function* json(columns: readonly OutputColumn[]): Generator<string> {
  yield '[';
  for (let row = 0; row < rowsOf(columns); row++)
    yield `${row === 0 ? '\n' : ',\n'}${JSON.stringify(rowAt(columns, row))}`;
  yield '\n]\n';
}

/** Every text format by its ending; Parquet is written by DuckDB. */
export const TEXT_FORMATS: Readonly<Record<string, (columns: readonly OutputColumn[]) => Generator<string>>> =
  {
    '.csv': delimited(','),
    '.tsv': delimited('\t'),
    '.json': json,
    '.ndjson': lines,
    '.jsonl': lines,
  };

export function rowAt(columns: readonly OutputColumn[], row: number): Record<string, Cell> {
  return Object.fromEntries(columns.map(({ name, values }) => [name, values[row]!]));
}

export function rowsOf(columns: readonly OutputColumn[]): number {
  return columns[0]?.values.length ?? 0;
}

/** Text in pieces of some size, so that a million rows are no million writes. */
export function* inPieces(parts: Iterable<string>, size: number = 1 << 16): Generator<string> {
  let piece = '';
  for (const part of parts) {
    piece += part;
    if (piece.length < size) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
