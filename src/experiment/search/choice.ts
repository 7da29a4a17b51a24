import { discoveries, rowsPValue, standardError } from '../../diagnosis/index.ts';

/**
 * Which tasks are clearly better off alone, by what both sides predict for the validation rows: over seeds, the mean
 * difference is greater than its standard error, and over resampled rows, what speaks for it stands among the number of
 * tasks (Benjamini–Hochberg).
 *
 * @param together normalised validation scores, [seed][task]
 * @param resampled Δ of together over alone on resampled validation rows, [task][resample]
 * @returns [task]
 */
export function betterAlone(
  together: readonly (readonly number[])[],
  alone: readonly (readonly number[])[],
  resampled: readonly (readonly (number | null)[])[],
): boolean[] {
  const losses = discoveries(
    resampled.map((own) => {
      const p = rowsPValue(own);
      return p === null ? null : 1 - p;
    }),
  );
  return losses.map((stands, t) => {
    const differences = together.map((scores, s) => alone[s]![t]! - scores[t]!);
    return stands && exceedsError(differences);
  });
}

/** Whether paired differences are above 0 by more than their standard error; a single one by being above 0. */
export function exceedsError(differences: readonly number[]): boolean {
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  return mean > (differences.length > 1 ? standardError(differences, mean) : 0);
}
