import type { Metric } from './metric.ts';
import { byFallingScore, macro } from './one-versus-rest.ts';

/**
 * Area under the receiver operating characteristic: the chance that a positive row scores above a negative one,
 * Σ wᵢ wⱼ ([sᵢ > sⱼ] + ½ [sᵢ = sⱼ]) / Σ wᵢ wⱼ over positive i and negative j, in O(n log n).
 *
 * J. Hanley, B. McNeil: The meaning and use of the area under a ROC curve. Radiology 143, 1982.
 *
 * @param scores [n] any monotone score; truth [n] of 0 and 1; weights [n]
 * @returns null where all rows are of one class
 * @example auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // 0.75
 */
export function auc(
  scores: ArrayLike<number>,
  truth: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number | null {
  const order = byFallingScore(scores);
  let [positives, negatives, area] = [0, 0, 0];
  for (let i = 0; i < order.length; ) {
    const score = scores[order[i]!]!;
    let [tiedPositives, tiedNegatives] = [0, 0];
    for (; i < order.length && scores[order[i]!] === score; i++) {
      const weight = weights?.[order[i]!] ?? 1;
      if (truth[order[i]!] === 1) tiedPositives += weight;
      else tiedNegatives += weight;
    }
    area += tiedNegatives * (positives + tiedPositives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  return positives > 0 && negatives > 0 ? area / (positives * negatives) : null;
}

/**
 * Pairs of a positive and a negative row, n₊ n₋ / (n₊ + n₋): the variance of an AUC by chance is (n₊ + n₋ + 1) / (12 n₊ n₋), so
 * that three positives among forty rows know as much as three of sixty, not less. Of several classes or labels the mean.
 *
 * H. Mann, D. Whitney: On a test of whether one of two random variables is stochastically larger. Ann. Math. Stat. 18, 1947.
 */
export function pairInformation(targets: ArrayLike<number>, rows: number): number {
  const width = targets.length / rows;
  const counts = new Map<number, number>();
  for (let i = 0; i < targets.length; i++) {
    // A column of labels counts its ones; a column of classes each of them.
    if (width > 1 && targets[i] !== 1) continue;
    const key = width > 1 ? i % width : targets[i]!;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const known = [...counts.values()].reduce((sum, n) => sum + (n * (rows - n)) / rows, 0);
  return known / Math.max(width > 1 ? width : counts.size, 1);
}

/** AUC; for several classes or labels the mean over each against the rest. */
export const aucMetric: Metric = { ...macro('auc', auc), information: pairInformation };
