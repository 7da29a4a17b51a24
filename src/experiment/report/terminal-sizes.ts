import type { RunResult } from '../result.ts';
import { signed, signedRange, whole } from './format.ts';
import { terminalTable } from './terminal-table.ts';
import { ascii } from './terminal-text.ts';

/** The change by the number of training rows. */
export function terminalSizes({ fractions = [] }: RunResult, width: number): string[] {
  const known = fractions.filter(({ transfer }) => transfer !== undefined);
  if (known.length < 2) return [];
  const column = (title: string, rank: number, cells: readonly string[]) => ({
    title,
    align: 'right' as const,
    rank,
    cells: cells.map(ascii),
  });
  const deltas = known.map(({ transfer }) => transfer!.delta);
  return [
    '',
    ...terminalTable(
      [
        column(
          'training rows',
          0,
          known.map(({ rows }) => whole(rows.train)),
        ),
        column(
          'change',
          0,
          deltas.map((delta) => (delta === null ? '-' : `${signed(delta.mean)} %`)),
        ),
        column(
          '95 % interval',
          1,
          deltas.map((delta) => (delta && signedRange(delta)) ?? '-'),
        ),
      ],
      width,
      (text) => text,
    ),
  ];
}
