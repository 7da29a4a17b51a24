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
    ...columnLines(exported),
    ...precisionLines(exported, width),
    ...calibrationLines(exported, width),
  ]
    .map(ascii)
    .join('\n');
}

/** What the graph is fed with, where it takes columns. */
function columnLines({ columns }: Exported): string[] {
  if (columns === undefined) return [];
  const list = columns
    .slice(0, MOST)
    .map(({ name, dtype }) => `${name} (${dtype === 'string' ? 'text' : 'number'})`);
  return [`  takes  ${list.join(', ')}${columns.length > MOST ? `, and ${columns.length - MOST} more` : ''}`];
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

function calibrationLines({ calibration }: Exported, width: number): string[] {
  if (calibration === undefined) return [];
  const { rows, tasks } = calibration;
  const temperatures = tasks.slice(0, MOST).flatMap((own) => (own.method === 'temperature' ? [own] : []));
  const intervals = tasks.slice(0, MOST).flatMap((own) => (own.method === 'interval' ? [own] : []));
  const table = terminalTable(
    [
      column(
        'task',
        'left',
        0,
        temperatures.map(({ task }) => task),
      ),
      column(
        'temperature',
        'right',
        0,
        temperatures.map(({ temperature }) => score(temperature)),
      ),
      column(
        'log-loss',
        'right',
        1,
        temperatures.map(({ logLoss }) => change(logLoss)),
      ),
      column(
        'calibration error',
        'right',
        2,
        temperatures.map(({ calibrationError }) => change(calibrationError)),
      ),
    ],
    width - 2,
    (text) => text,
  );
  return [
    '',
    `Calibrated on ${rows.count} ${ROWS[rows.from]}, on which it is measured too:`,
    ...(temperatures.length > 0 ? table.map((line) => `  ${line}`) : []),
    ...intervals.map(
      ({ task, level, halfWidth }) =>
        `  ${task}: ${level * 100} % of the truth within ${score(halfWidth)} of the prediction`,
    ),
  ];
}

const change = ({ before, after }: { before: number; after: number }): string =>
  `${score(before, after)} to ${score(after, before)}`;

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
