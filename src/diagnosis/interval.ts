import { studentQuantile } from './student.ts';

/** A mean with its 95 % interval; the ends are null where there is nothing to range over. */
export interface Interval {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * The paired 95 % interval over seeds or folds: mean ± t(0.975, n − 1) · s √(1/n + overlap), with s the standard deviation of
 * the n paired differences. One difference has a mean and no interval.
 *
 * Folds share training rows, so that their differences are alike and s is too small; the overlap n_test / n_train allows for
 * that. Seeds on one split are independent: overlap 0.
 *
 * Student: The Probable Error of a Mean. Biometrika 1908.
 * C. Nadeau, Y. Bengio: Inference for the Generalization Error. Machine Learning 52, 2003.
 *
 * @param differences one a seed or fold; empty gives null
 * @example pairedInterval([1, 2, 3]); // { mean: 2, low: −0.484, high: 4.484 }
 */
export function pairedInterval(differences: readonly number[], overlap: number = 0): Interval | null {
  const n = differences.length;
  if (n === 0) return null;
  const mean = differences.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean, low: null, high: null };
  const half = studentQuantile(0.975, n - 1) * standardError(differences, mean, overlap);
  return { mean, low: mean - half, high: mean + half };
}

/**
 * The percentile bootstrap: the 2.5 % and 97.5 % quantiles of Δ over resampled test rows, around the Δ of all rows.
 * It says how far the test rows settle Δ for this one trained model, and nothing of other seeds.
 *
 * B. Efron: Bootstrap Methods: Another Look at the Jackknife. Annals of Statistics 1979.
 *
 * @param observed Δ on all test rows
 * @param resampled Δ on each resample; null where it is undefined. Fewer than 20 give no interval.
 */
export function rowsInterval(observed: number, resampled: readonly (number | null)[]): Interval {
  const sorted = finite(resampled).sort((a, b) => a - b);
  if (sorted.length < 20) return { mean: observed, low: null, high: null };
  return { mean: observed, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** The quantile of ascending values, linear between neighbours. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  return low + (at - below) * ((sorted[below + 1] ?? low) - low);
}

/** s √(1/n + overlap); see `pairedInterval`. */
export function standardError(values: readonly number[], mean: number, overlap: number = 0): number {
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt((squares / (values.length - 1)) * (1 / values.length + overlap));
}

/** What is there and finite. */
export function finite(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null && Number.isFinite(value)) as number[];
}
