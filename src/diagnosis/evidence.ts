import { meanOf } from './delta.ts';
import { pairedPValue, rowsPValue } from './discoveries.ts';
import { finite, type Interval, pairedInterval, rowsInterval } from './interval.ts';

/** An interval, and the one-sided p-value of a gain. */
export interface Evidence {
  readonly delta: Interval | null;
  readonly p: number | null;
}

/** @param overlap of folds, see `pairedInterval` */
export function overPairs(changes: readonly (number | null)[], overlap: number): Evidence {
  const present = finite(changes);
  return { delta: pairedInterval(present, overlap), p: pairedPValue(present, overlap) };
}

/** Of one seed: Δ on all test rows, and on resampled ones. */
export function overRows(
  changes: readonly (number | null)[],
  resampled: readonly (number | null)[],
): Evidence {
  const [observed] = finite(changes);
  if (observed === undefined) return { delta: null, p: null };
  return { delta: rowsInterval(observed, resampled), p: rowsPValue(resampled) };
}

/** The mean over tasks of each resample. */
export function meanResamples(resampled: readonly (readonly (number | null)[])[]): (number | null)[] {
  const length = Math.max(0, ...resampled.map((task) => task.length));
  return Array.from({ length }, (_, r) => meanOf(resampled.map((task) => task[r] ?? null)));
}
