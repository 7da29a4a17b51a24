import { displayWidth, pad } from './terminal-text.ts';

export interface TerminalColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Where the table is too wide, columns of the highest number are left out first; 0 stays. */
  readonly rank: number;
  readonly cells: readonly string[];
}

const GAP = '  ';
const LEAST_NAME = 8;

/**
 * A table of at most `width` columns of a terminal, heading first. The first column gives way until its names have
 * eight characters; then the columns of least rank are left out.
 *
 * @param paint colours a padded cell: (text, column's title, row) → text
 */
export function terminalTable(
  columns: readonly TerminalColumn[],
  width: number,
  paint: (text: string, title: string, row: number) => string,
): string[] {
  const natural = columns.map(({ title, cells }) => Math.max(...[title, ...cells].map(displayWidth)));
  const kept = new Set(columns);
  const needed = (): number =>
    columns.reduce(
      (sum, column, i) =>
        kept.has(column)
          ? sum + GAP.length + (i === 0 ? Math.min(LEAST_NAME, natural[0]!) : natural[i]!)
          : sum,
      -GAP.length,
    );
  for (const column of [...columns].sort((a, b) => b.rank - a.rank)) {
    if (needed() <= width) break;
    if (column.rank > 0) kept.delete(column);
  }
  const spare = Math.max(0, width - needed());
  const widths = columns.map((_, i) =>
    i === 0
      ? Math.min(natural[0]!, Math.min(LEAST_NAME, natural[0]!) + spare, Math.max(1, width))
      : natural[i]!,
  );
  const shown = columns.flatMap((column, i) => (kept.has(column) ? [{ ...column, width: widths[i]! }] : []));
  const rows = columns[0]?.cells.length ?? 0;
  const line = (row: number): string =>
    shown
      .map(({ title, align, cells, width }) =>
        paint(pad(row < 0 ? title : cells[row]!, width, align), title, row),
      )
      .join(GAP)
      .trimEnd();
  return Array.from({ length: rows + 1 }, (_, i) => line(i - 1));
}
