import { finite } from './interval.ts';

/**
 * The relative change of one task's metric against learning it alone, in per cent; positive is better:
 *
 *   Δ = 100 · (±1) · (M_multi − M_independent) / |M_independent|, with + where higher is better.
 *
 * Null where it is undefined: a score that is missing or not finite, or an independent score of exactly 0 that the
 * joint model does not share (from 0 every change is infinitely large). Two scores of 0 are no change. Metrics that
 * may lie near 0 (R², kappa) give large Δ for small differences; that is the convention, and the scores stand beside.
 *
 * K. Maninis, I. Radosavovic, I. Kokkinos: Attentive Single-Tasking of Multiple Tasks. CVPR 2019.
 * S. Vandenhende et al.: Multi-Task Learning for Dense Prediction Tasks: A Survey. TPAMI 2021.
 *
 * @example relativeChange(0.88, 0.8, true); // 10: an AUC of 0.88 instead of 0.80
 */
export function relativeChange(
  multi: number | null,
  independent: number | null,
  higherIsBetter: boolean,
): number | null {
  if (multi === null || independent === null) return null;
  if (multi === independent && Number.isFinite(multi)) return 0;
  const change = (100 * (multi - independent)) / Math.abs(independent);
  if (!Number.isFinite(change)) return null;
  return higherIsBetter ? change : -change;
}

/** The mean of what is there; null when nothing is. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const present = finite(values);
  return present.length === 0 ? null : present.reduce((sum, value) => sum + value, 0) / present.length;
}

/**
 * Δ of every seed and task.
 *
 * @param multi primary metric on the test rows, [seed][task]
 * @param independent the same for each task alone
 * @param higherIsBetter [task]
 * @returns [seed][task] in per cent; the mean over a seed's tasks is its Δm
 */
export function relativeChanges(
  multi: readonly (readonly (number | null)[])[],
  independent: readonly (readonly (number | null)[])[],
  higherIsBetter: readonly boolean[],
): (number | null)[][] {
  // Seeds are paired; one that only one side has tells nothing.
  const seeds = Math.min(multi.length, independent.length);
  return Array.from({ length: seeds }, (_, seed) =>
    higherIsBetter.map((higher, task) =>
      relativeChange(multi[seed]?.[task] ?? null, independent[seed]?.[task] ?? null, higher),
    ),
  );
}
