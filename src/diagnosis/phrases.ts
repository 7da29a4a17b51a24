import type { Interval } from './interval.ts';

/** An amount of per cent without false precision: `2.1 %`, `12 %`, `less than 0.1 %`. */
export function percent(amount: number): string {
  const size = Math.abs(amount);
  if (size >= 1000) return 'over 1000 %';
  if (size >= 9.95) return `${size.toFixed(0)} %`;
  return size < 0.05 ? 'less than 0.1 %' : `${size.toFixed(1)} %`;
}

/** A signed change as people say it: `2.1 % better`, `3.0 % worse`. */
export function change(delta: number): string {
  return delta === 0 ? 'neither better nor worse' : `${percent(delta)} ${delta > 0 ? 'better' : 'worse'}`;
}

/** Both ends of an interval, the lower first: `0.5 % worse to 3.0 % better`; null where it has none. */
export function range({ low, high }: Interval): string | null {
  if (low === null || high === null) return null;
  if (low > 0 && high > 0) return `${bare(low)} to ${percent(high)} better`;
  if (low < 0 && high < 0) return `${bare(high)} to ${percent(low)} worse`;
  return `${change(low)} to ${change(high)}`;
}

function bare(amount: number): string {
  return Math.abs(amount) >= 0.05 ? percent(amount).replace(' %', '') : percent(amount);
}

/**
 * A ratio as a share of something: `31 % of the parameters`, `1.3 times the parameters`.
 *
 * @param same what to say where the ratio is near 1
 */
export function portionOf(ratio: number, thing: string, same: string = `about the same ${thing}`): string {
  if (ratio < 0.95) return `${ratio < 0.01 ? 'under 1' : (100 * ratio).toFixed(0)} % of the ${thing}`;
  return ratio <= 1.05 ? same : `${ratio.toFixed(ratio < 9.95 ? 1 : 0)} times the ${thing}`;
}

/** `a`, `a and b`, `a, b and c`; beyond `most`, `a, b and 7 more`. */
export function list(items: readonly string[], most = 4): string {
  // One item more than `most` is shorter said than counted.
  const shown = items.length <= most + 1 ? items : [...items.slice(0, most), `${items.length - most} more`];
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** `no task`, `1 task`, `5 tasks`. */
export function count(n: number, thing: string): string {
  return n === 1 ? `1 ${thing}` : `${n === 0 ? 'no' : n} ${thing}s`;
}
