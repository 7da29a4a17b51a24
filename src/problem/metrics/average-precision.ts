import type { Metric } from './metric.ts';
import { byFallingScore, macro } from './one-versus-rest.ts';

/**
 * Average precision Σ (Rₖ − Rₖ₋₁) Pₖ over the distinct scores in falling order, with recall R and precision P; no
 * interpolation, which would flatter.
 *
 * J. Davis, M. Goadrich: The relationship between precision-recall and ROC curves. ICML 2006.
 *
 * @param scores [n]; truth [n] of 0 and 1; weights [n]
 * @returns null where no row is positive
 * @example averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // 0.8333
 */
export function averagePrecision(
  scores: ArrayLike<number>,
  truth: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number | null {
  const order = byFallingScore(scores);
  let [hits, seen, sum] = [0, 0, 0];
  for (let i = 0; i < order.length; ) {
    const score = scores[order[i]!]!;
    const before = hits;
    for (; i < order.length && scores[order[i]!] === score; i++) {
      const weight = weights?.[order[i]!] ?? 1;
      seen += weight;
      if (truth[order[i]!] === 1) hits += weight;
    }
    sum += (hits - before) * (hits / seen);
  }
  return hits > 0 ? sum / hits : null;
}

/** Average precision; for several classes or labels the mean over each against the rest. */
export const averagePrecisionMetric: Metric = macro('average-precision', averagePrecision);
