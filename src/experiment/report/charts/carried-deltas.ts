import type { Interval } from '../../../diagnosis/index.ts';
import type { Markup } from '../html.ts';
import { carried } from './carried.ts';

interface DeltaRow {
  readonly label: string;
  readonly delta: Interval | null;
  readonly effect: string;
}

/** Changes with their intervals, in per cent, as the table that a drawing carries. */
export function carriedDeltas(rows: readonly DeltaRow[]): Markup {
  return carried(
    ['name', 'change, %', '95 % from', '95 % to', 'effect'],
    rows.map(({ label, delta, effect }) => [label, delta?.mean, delta?.low, delta?.high, effect]),
  );
}
