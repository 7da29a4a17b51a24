import type { Comparison } from '../../compare/comparison.ts';
import { paintWith, type TerminalOptions } from '../terminal.ts';
import { type TerminalColumn, terminalTable } from '../terminal-table.ts';
import { ascii, displayWidth, printable, wrap } from '../terminal-text.ts';
import { MANY_TASKS } from '../view.ts';
import { compareRows } from './rows.ts';
import { comparisonWords } from './words.ts';

/** Longer lines of prose are hard to read. */
const READABLE = 88;

/**
 * Runs side by side, for a terminal: what the comparison says, and a column a run.
 *
 * @example console.log(renderRuns(comparison, { colour: process.stdout.isTTY, width: process.stdout.columns ?? 80 }));
 */
export function renderRuns(comparison: Comparison, { colour, width }: TerminalOptions): string {
  const paint = paintWith(colour);
  const [answer, ...words] = comparisonWords(comparison).map((sentence) => ascii(sentence));
  const measure = Math.min(width, READABLE);
  const all = compareRows(comparison);
  const many = comparison.tasks.length >= MANY_TASKS;
  const rows = many ? all.filter(({ about }) => about !== 'score') : all;
  const labels = rows.map(({ label }) => plain(label));
  const columns = comparison.runs.map(({ name }, r) => ({
    title: printable(name),
    align: 'right' as const,
    rank: 0,
    cells: rows.map(({ cells }) => plain(cells[r]!)),
  }));
  const table = fitting(labels, columns, width).flatMap((shown, i) => [
    ...(i > 0 ? [''] : []),
    ...terminalTable(
      [{ title: '', align: 'left', rank: 0, cells: labels }, ...shown],
      width,
      (text, title, row) => {
        if (row < 0 || rows[row]!.about === 'setting') return paint('dim', text);
        if (rows[row]!.label !== 'verdict') return text;
        const standing = comparison.runs.find(({ name }) => printable(name) === title)?.standing;
        return standing === 'better' ? paint('good', text) : standing === 'worse' ? paint('bad', text) : text;
      },
    ),
  ]);
  return [
    ...wrap(answer!, measure).map((line) => paint('bold', line)),
    ...wrap(words.join(' '), measure),
    '',
    ...table,
    ...(many ? wrap(`Scores of ${comparison.tasks.length} tasks are on the page and in --json.`, width) : []),
  ].join('\n');
}

/** Columns in tables that are no wider than the terminal, one at least in each. */
function fitting(
  labels: readonly string[],
  columns: readonly TerminalColumn[],
  width: number,
): (readonly TerminalColumn[])[] {
  const sizeOf = (texts: readonly string[]): number => 2 + Math.max(...texts.map(displayWidth));
  const tables: TerminalColumn[][] = [];
  let room = 0;
  for (const column of columns) {
    const size = sizeOf([column.title, ...column.cells]);
    if (size > room) {
      tables.push([]);
      room = width + 2 - sizeOf(labels);
    }
    tables.at(-1)!.push(column);
    room -= size;
  }
  return tables;
}

/** With the signs that a terminal may lack. */
function plain(text: string): string {
  return ascii(text).replaceAll('±', '+-').replace(' ↑', '').replace(' ↓', '');
}
