import { type Interval, quantile } from '../../../diagnosis/index.ts';

/** The least of 1, 2, 2.5, 5 times a power of ten that is at least x > 0. */
export function niceAbove(x: number): number {
  const power = 10 ** Math.floor(Math.log10(x));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= x * (1 - 1e-9)) ?? 10 * power;
}

/**
 * Half the width of a symmetric axis for Δ: wide enough for all intervals, unless a few would squeeze the rest; these
 * are drawn with an arrow at the edge.
 */
export function deltaReach(deltas: readonly (Interval | null)[]): number {
  const present = deltas.filter((delta) => delta !== null);
  if (present.length === 0) return 1;
  const ends = present.map(({ mean, low, high }) => Math.max(...[mean, low ?? 0, high ?? 0].map(Math.abs)));
  const sorted = ends.sort((a, b) => a - b);
  const wanted = Math.min(sorted.at(-1)!, 6 * quantile(sorted, 0.5));
  return niceAbove(Math.max(1, wanted));
}

/** What has the full colour where signed shares are compared: the largest of them, rounded up, and 0.1 at least. */
export function shareReach(values: readonly (number | null)[]): number {
  const largest = values.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0);
  return Math.min(1, Math.max(0.1, Math.ceil(10 * largest - 1e-9) / 10));
}

/** Round values within [low, high], about `count` of them. */
export function ticks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const step = niceAbove((high - low) / count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

/** Round values within [low, high], 0 < low < high, evenly apart by their logarithms: 1, 2 and 5 times powers of ten, or powers. */
export function logTicks(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const within = (values: readonly number[]): number[] =>
    values.filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
  const fine = within(powers.flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power)));
  if (fine.length <= 5) return fine;
  const every = Math.ceil((last - first) / 5);
  return within(powers.filter((power) => power % every === 0).map((power) => 10 ** power));
}

/** Coordinates with no more digits than a screen shows. */
export function coordinate(x: number): string {
  return String(Math.round(x * 100) / 100);
}
