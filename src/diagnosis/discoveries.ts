import { finite, standardError } from './interval.ts';
import { studentCdf } from './student.ts';

/**
 * The one-sided p-value of the paired t test for a gain: how often seeds alone would give a mean difference this high.
 * That for a loss is its complement. Null for fewer than two differences.
 *
 * @param overlap of folds, as in `pairedInterval`
 */
export function pairedPValue(differences: readonly number[], overlap: number = 0): number | null {
  if (differences.length < 2) return null;
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const error = standardError(differences, mean, overlap);
  if (error === 0) return mean === 0 ? 0.5 : mean > 0 ? 0 : 1;
  return studentCdf(-mean / error, differences.length - 1);
}

/** The same from a bootstrap: the share of resamples at or below 0, ties counting half; never exactly 0 or 1. */
export function rowsPValue(resampled: readonly (number | null)[]): number | null {
  const values = finite(resampled);
  if (values.length < 20) return null;
  const below = values.filter((value) => value < 0).length;
  const ties = values.filter((value) => value === 0).length;
  return (below + ties / 2 + 0.5) / (values.length + 1);
}

/**
 * Which gains stand once the number of tasks is accounted for: of a hundred tasks without any effect, two or three have
 * a 95 % interval above 0. The k smallest p-values stand for the largest k with p₍ₖ₎ ≤ k · rate / n; where no task truly
 * gains, one stands with a chance of at most `rate`. Gains and losses are asked for apart, so that many true gains do
 * not make room for a false loss. With one or two tasks, whatever has an interval beyond 0 stands.
 *
 * Y. Benjamini, Y. Hochberg: Controlling the False Discovery Rate. Journal of the Royal Statistical Society B, 1995.
 *
 * @param pValues one-sided, one a task; null where there is none, which never stands
 */
export function discoveries(pValues: readonly (number | null)[], rate = 0.05): boolean[] {
  const sorted = finite(pValues).sort((a, b) => a - b);
  const bound = sorted.findLast((p, i) => p <= ((i + 1) * rate) / sorted.length);
  return pValues.map((p) => p !== null && bound !== undefined && p <= bound);
}
