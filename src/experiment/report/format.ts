import type { Interval } from '../../diagnosis/index.ts';
import type { RunResult } from '../result.ts';

/** What stands where there is no number. */
export const NONE = '–';

/** The decimals that show a score with three digits, and its distance to a second score with one. */
export function decimalsFor(value: number, other: number | null = null): number {
  const digits = (size: number, shown: number): number =>
    size === 0 ? 0 : shown - 1 - Math.floor(Math.log10(size));
  const distance = other === null ? 0 : digits(Math.abs(value - other), 1);
  return Math.min(6, Math.max(0, digits(Math.abs(value), 3), distance));
}

/** A score; null is a dash. `other` is the score that it will be compared with. */
export function score(value: number | null, other: number | null = null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  if (value !== 0 && (Math.abs(value) >= 1e7 || Math.abs(value) < 1e-5)) return minus(value.toExponential(2));
  // A perfect or worthless score needs no trail of zeros.
  if (value === 0) return '0';
  return minus(group(value, decimalsFor(value, other)));
}

function group(value: number, decimals: number): string {
  return value.toLocaleString('en', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** A positive size of which two digits matter: 0.034, 1,200, 3.1e−7. */
export function amount(value: number): string {
  if (value !== 0 && value < 1e-4) return minus(value.toExponential(1));
  return value.toLocaleString('en', { maximumSignificantDigits: 2 });
}

/** A signed amount of per cent: `+2.1`, `−12`, `0.0`. */
export function signed(delta: number): string {
  const size = Math.abs(delta);
  const text = size >= 9.95 ? group(size, 0) : size.toFixed(1);
  if (text === '0.0') return text;
  return `${delta < 0 ? '−' : '+'}${text}`;
}

/** `−0.5 to +3.0`; null where the interval has no ends. */
export function signedRange({ low, high }: Interval): string | null {
  return low === null || high === null ? null : `${signed(low)} to ${signed(high)}`;
}

/** A whole number with thin groups: 12 345. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en').replaceAll(',', '\u202f');
}

export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 || value >= 9.95 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}

export function duration(seconds: number): string {
  if (seconds < 0.95) return `${(1000 * seconds).toFixed(0)} ms`;
  if (seconds < 99.5) return `${seconds.toFixed(seconds < 9.95 ? 1 : 0)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

export function milliseconds(value: number): string {
  const [size, unit] = value < 1 ? [1000 * value, 'µs'] : value < 1000 ? [value, 'ms'] : [value / 1000, 's'];
  return `${size < 9.95 ? size.toFixed(1) : size.toFixed(0)} ${unit}`;
}

/** Whose models the exported one holds. */
export function seedsOf({ best, exported }: Pick<RunResult, 'best' | 'exported'>): string {
  const seeds = exported?.seeds ?? [best.seed];
  return seeds.length > 1 ? `the mean of ${seeds.length} seeds` : `seed ${seeds[0]}`;
}

/** Keeps amounts and their per cent sign on one line. */
export function unbroken(text: string): string {
  return text.replaceAll(' %', '\u00a0%');
}

export function truncate(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

function minus(text: string): string {
  return text.replace('-', '−');
}
