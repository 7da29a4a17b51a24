import { amount, bytes, score } from '../../experiment/report/format.ts';
import { type TerminalColumn, terminalTable } from '../../experiment/report/terminal-table.ts';
import { ascii } from '../../experiment/report/terminal-text.ts';
import type { Exported } from '../../serving/export/index.ts';

/** As many tasks as a table shows. */
const MOST = 30;

/** What an export wrote and what it cost, for people. */
export function renderExport(exported: Exported, width: number): string {
  const { out, form, tasks, bytes: size } = exported;
  const what = form === 'file' ? 'one file, which any ONNX Runtime opens' : 'a model folder';
  const shrunk =
    size.after === size.before ? bytes(size.after) : `${bytes(size.before)} to ${bytes(size.after)}`;
  return [
    `${out}: ${what}`,
    `  tasks  ${tasks.slice(0, MOST).join(', ')}${tasks.length > MOST ? `, and ${tasks.length - MOST} more` : ''}`,
    `  graph  ${shrunk}`,
    ...precisionLines(exported, width),
  ]
    .map(ascii)
    .join('\n');
}

function precisionLines({ precision }: Exported, width: number): string[] {
  if (precision === undefined) return [];
  const { kind, rows, tasks } = precision;
  const shown = tasks.slice(0, MOST);
  const table = terminalTable(
    [
      column(
        'task',
        'left',
        0,
        shown.map(({ task }) => task),
      ),
      column(
        'metric',
        'left',
        2,
        shown.map(({ metric = '-' }) => metric),
      ),
      column(
        'before',
        'right',
        1,
        shown.map(({ before = null, after }) => score(before, after)),
      ),
      column(
        'after',
        'right',
        1,
        shown.map(({ before, after = null }) => score(after, before)),
      ),
      column(
        'outputs differ by',
        'right',
        0,
        shown.map(({ largestDifference }) => amount(largestDifference)),
      ),
    ],
    width - 2,
    (text) => text,
  );
  return [
    '',
    `Weights as ${kind}, on ${rows.count} ${ROWS[rows.from]}:`,
    ...table.map((line) => `  ${line}`),
  ];
}

const ROWS = {
  validation: 'validation rows',
  data: 'labelled rows',
  random: 'random rows without labels; --data FILE tells what it costs',
};

const column = (
  title: string,
  align: TerminalColumn['align'],
  rank: number,
  cells: readonly string[],
): TerminalColumn => ({ title, align, rank, cells });
