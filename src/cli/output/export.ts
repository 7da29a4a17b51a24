import type { ColumnPort } from '../../artefact/index.ts';
import { amount, bytes, score } from '../../experiment/report/format.ts';
import { type TerminalColumn, terminalTable } from '../../experiment/report/terminal-table.ts';
import { ascii, wrap } from '../../experiment/report/terminal-text.ts';
import type { Exported } from '../../serving/export/index.ts';

/** As many tasks as a table shows. */
const MOST = 30;

/** What an export wrote and what it cost, for people. */
export function renderExport(exported: Exported, width: number): string {
  const { out, form, tasks, columns, bytes: size } = exported;
  const what = form === 'file' ? 'one file, which any ONNX Runtime opens' : 'a model folder';
  const shrunk =
    size.after === size.before ? bytes(size.after) : `${bytes(size.before)} to ${bytes(size.after)}`;
  return [
    `${out}: ${what}`,
    ...listed('tasks', tasks, width),
    `  graph  ${shrunk}`,
    ...(columns === undefined ? [] : listed('takes', columns.map(fedAs), width)),
    ...precisionLines(exported, width),
    ...calibrationLines(exported, width),
  ]
    .map(ascii)
    .join('\n');
}

const fedAs = ({ name, dtype }: ColumnPort): string => `${name} (${dtype === 'string' ? 'text' : 'number'})`;

/** The first of a list, in lines of the terminal's width. */
function listed(title: string, items: readonly string[], width: number): string[] {
  const text = [...items.slice(0, MOST), ...more(items)].join(', ');
  return wrap(text, width - 9).map((line, i) => `  ${(i === 0 ? title : '').padEnd(7)}${line}`);
}

const more = (items: readonly unknown[]): string[] =>
  items.length > MOST ? [`and ${items.length - MOST} more`] : [];

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
    ...[...table, ...more(tasks)].map((line) => `  ${line}`),
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
