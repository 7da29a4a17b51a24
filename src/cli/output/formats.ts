import type { OutputColumn } from './flatten.ts';

type Cell = OutputColumn['values'][number];

/** A text format that is written piece by piece. */
export interface TextFormat {
  /** What stands in front of all rows. */
  begin(columns: readonly OutputColumn[]): string;
  /** Some rows. @param first whether no rows were written before */
  rows(columns: readonly OutputColumn[], first: boolean): Iterable<string>;
  readonly end: string;
}

function delimited(separator: string): TextFormat {
  const cell = (value: Cell): string => {
    if (value === null) return '';
    const text = String(value);
    return text.includes(separator) || /["\r\n]/.test(text) || text !== text.trim()
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  };
  return {
    begin: (columns) => `${columns.map(({ name }) => cell(name)).join(separator)}\n`,
    *rows(columns) {
      for (let row = 0; row < rowsOf(columns); row++)
        yield `${columns.map(({ values }) => cell(values[row]!)).join(separator)}\n`;
    },
    end: '',
  };
}

const LINES: TextFormat = {
  begin: () => '',
  *rows(columns) {
    for (let row = 0; row < rowsOf(columns); row++) yield `${JSON.stringify(rowAt(columns, row))}\n`;
  },
  end: '',
};

/** An array of objects. @param between what stands between two rows, besides a comma */
function array(begin: string, between: string, end: string): TextFormat {
  return {
    begin: () => begin,
    *rows(columns, first) {
      for (let row = 0; row < rowsOf(columns); row++)
        yield `${first && row === 0 ? '' : ','}${between}${JSON.stringify(rowAt(columns, row))}`;
    },
    end,
  };
}

/** The answer of --json, with all predictions in it. */
export function answerFormat(model: string, rows: number): TextFormat {
  const head = JSON.stringify({ model, rows });
  return array(`${head.slice(0, -1)},"predictions":[`, '', ']}\n');
}

/** Every text format by its ending; Parquet is written by DuckDB. */
export const TEXT_FORMATS: Readonly<Record<string, TextFormat>> = {
  '.csv': delimited(','),
  '.tsv': delimited('\t'),
  '.json': array('[', '\n', '\n]\n'),
  '.ndjson': LINES,
  '.jsonl': LINES,
};

function rowAt(columns: readonly OutputColumn[], row: number): Record<string, Cell> {
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
