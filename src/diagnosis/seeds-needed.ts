import type { Interval } from './interval.ts';
import { studentQuantile } from './student.ts';
import { EQUAL_MARGIN } from './verdict.ts';

/** Beyond this many, more seeds are no advice. */
export const MOST_SEEDS = 30;

/**
 * How many seeds would settle an undecided Δ if its mean and scatter stayed as they are: the least m with
 * t(0.975, m − 1) · s / √m below |mean| (so that 0 is left out) or below 1 % − |mean| (so that all of it is none).
 *
 * @param delta the interval over `seeds` seeds
 * @returns null when more than thirty would be needed, or when one seed leaves the scatter unknown
 */
export function seedsNeeded(delta: Interval, seeds: number): number | null {
  if (seeds < 2 || delta.high === null) return null;
  const deviation = ((delta.high - delta.mean) / studentQuantile(0.975, seeds - 1)) * Math.sqrt(seeds);
  const room = Math.max(Math.abs(delta.mean), EQUAL_MARGIN - Math.abs(delta.mean));
  for (let m = seeds + 1; m <= MOST_SEEDS; m++)
    if ((studentQuantile(0.975, m - 1) * deviation) / Math.sqrt(m) < room) return m;
  return null;
}
