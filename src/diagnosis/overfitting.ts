import { bestPoint, type CurvePoint } from './curve.ts';
import { relativeChange } from './delta.ts';
import { EQUAL_MARGIN } from './verdict.ts';

/** How far a task's validation metric fell from its best by the end of training. */
export interface Overfitting {
  readonly best: number;
  readonly last: number;
  /** Per cent of the best, ≥ 0. */
  readonly gap: number;
  readonly overfits: boolean;
}

/**
 * A task overfits when its smoothed validation metric ends worse than its best by more than 1 % and by more than
 * twice the scatter of single points around the smoothed curve, while its training loss fell further. Smoothing and
 * the scatter keep a jittery curve, whose best point is always a lucky one, from being called overfitting.
 *
 * @returns null for fewer than four points, or where the best is 0
 */
export function overfitting(curve: readonly CurvePoint[], higherIsBetter: boolean): Overfitting | null {
  if (curve.length < 4) return null;
  const smooth = smoothed(curve);
  const best = bestPoint(smooth, higherIsBetter)!;
  const last = smooth.at(-1)!;
  const change = relativeChange(last.metric, best.metric, higherIsBetter);
  if (change === null) return null;
  const residuals = curve.map(({ metric }, i) => metric - smooth[i]!.metric);
  const scatter = Math.sqrt(residuals.reduce((sum, r) => sum + r * r, 0) / residuals.length);
  const gap = Math.max(0, -change);
  const lossFell = best.loss !== null && last.loss !== null && last.loss < best.loss;
  return {
    best: best.metric,
    last: last.metric,
    gap,
    overfits: lossFell && gap > EQUAL_MARGIN && gap > (200 * scatter) / Math.abs(best.metric),
  };
}

/** Centred means over up to five points, as many to each side as the ends allow. */
export function smoothed(curve: readonly CurvePoint[]): CurvePoint[] {
  return curve.map((point, i) => {
    const reach = Math.min(2, i, curve.length - 1 - i);
    const near = curve.slice(i - reach, i + reach + 1);
    const metric = near.reduce((sum, { metric }) => sum + metric, 0) / near.length;
    return { ...point, metric };
  });
}
