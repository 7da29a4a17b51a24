import { MOST_PARTS } from '../../front/label.ts';
import type { FrontResult, Spread } from '../../front/result.ts';
import { score, truncate } from '../format.ts';
import { paintWith, type TerminalOptions } from '../terminal.ts';
import { terminalTable } from '../terminal-table.ts';
import { ascii, printable, wrap } from '../terminal-text.ts';
import { pointViews } from './view.ts';
import { frontWords, names } from './words.ts';

/** Longer lines of prose are hard to read. */
const READABLE = 88;
const LONGEST_NAME = 24;

/**
 * The points of a front, for a terminal: what it says, a row a preference, and where to look further.
 *
 * @example console.log(renderPoints(front, { colour: process.stdout.isTTY, width: process.stdout.columns ?? 80 }));
 */
export function renderPoints(result: FrontResult, { colour, width }: TerminalOptions): string {
  const paint = paintWith(colour);
  const views = pointViews(result);
  const { tasks } = result;
  const [answer, ...words] = frontWords(result).map(printable);
  const measure = Math.min(width, READABLE);
  const column = (title: string, rank: number, cells: readonly string[]) => ({
    title: ascii(title),
    align: 'right' as const,
    rank,
    cells: cells.map(ascii),
  });
  const table = terminalTable(
    [
      { title: 'model', align: 'right', rank: 0, cells: views.map((_, i) => String(i + 1)) },
      {
        title: 'preference',
        align: 'left',
        rank: 0,
        cells: views.map(({ label }) => ascii(label)),
      },
      {
        title: 'front',
        align: 'left',
        rank: 0,
        cells: views.map(({ point }) => (point.front ? 'yes' : '-')),
      },
      ...tasks.flatMap(({ name, validation: { metric } }, t) => [
        column(
          `${truncate(name, LONGEST_NAME)}, ${metric}`,
          1 + t,
          views.map(({ point }) => mean(point.validation[name]!)),
        ),
        column(
          'on test',
          1 + tasks.length + t,
          views.map(({ point }) => mean(point.test[name]!)),
        ),
      ]),
    ],
    width,
    (text, _, row) => (row < 0 || !views[row]!.point.front ? paint('dim', text) : text),
  );
  return [
    ...wrap(answer!, measure).map((line) => paint('bold', line)),
    ...wrap(words.join(' '), measure),
    '',
    ...(tasks.length <= MOST_PARTS
      ? wrap(printable(`Preferences are ${names(result)}, in per cent.`), measure)
      : []),
    ...table,
    '',
    ...[
      ['Report', result.report],
      ['Models', `${result.run}/models`],
    ].map(([label, path]) => `${label!.padEnd(7)} ${printable(path!)}`),
  ].join('\n');
}

const mean = (spread: Spread | null): string => score(spread?.mean ?? null);
