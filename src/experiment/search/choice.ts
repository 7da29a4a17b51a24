import { discoveries, meanOf, rowsPValue, standardError } from '../../diagnosis/index.ts';
import { haveFew } from '../fair-scores.ts';

/** What both sides reached on the validation rows. */
export interface Sides {
  /** Normalised scores, [seed][task]. */
  readonly together: readonly (readonly number[])[];
  readonly alone: readonly (readonly number[])[];
  /** Δ of together over alone on resampled rows, in per cent, [task][resample]. */
  readonly resampled: readonly (readonly (number | null)[])[];
  /** Labelled rows, [task]. */
  readonly labels: readonly number[];
}

/**
 * Which tasks are clearly better off alone. Seeds and rows both have to say so: over seeds, the mean difference is greater
 * than its standard error; over resampled rows, what speaks for it stands among the number of tasks (Benjamini–Hochberg). A
 * task with few labels among these rows stays: of few rows a bootstrap knows too little.
 *
 * @returns [task]
 */
export function betterAlone({ together, alone, resampled, labels }: Sides): boolean[] {
  const few = haveFew(labels);
  const losses = discoveries(
    resampled.map((own, t) => {
      const p = rowsPValue(own);
      return p === null || few[t] ? null : 1 - p;
    }),
  );
  return losses.map(
    (stands, t) => stands && exceedsError(together.map((scores, s) => alone[s]![t]! - scores[t]!)),
  );
}

/**
 * Whether all tasks are better off alone: over seeds by more than the standard error, and over resampled rows of all tasks
 * together with at most 5 % against it.
 *
 * @param scores what the choice goes by, of each seed
 */
export function allBetterAlone(
  scores: { readonly together: readonly number[]; readonly alone: readonly number[] },
  resampled: Sides['resampled'],
): boolean {
  const length = Math.max(0, ...resampled.map((own) => own.length));
  const means = Array.from({ length }, (_, r) => meanOf(resampled.map((own) => own[r] ?? null)));
  const p = rowsPValue(means);
  return (
    exceedsError(scores.together.map((score, s) => scores.alone[s]! - score)) && (p === null || 1 - p <= 0.05)
  );
}

/** Whether paired differences are above 0 by more than their standard error; a single one by being above 0. */
export function exceedsError(differences: readonly number[]): boolean {
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  return mean > (differences.length > 1 ? standardError(differences, mean) : 0);
}
