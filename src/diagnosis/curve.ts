import type { EvaluationPoint } from '../optimization/index.ts';
import { meanOf } from './delta.ts';

/** One point of a task's validation curve, averaged over seeds. */
export interface CurvePoint {
  readonly step: number;
  readonly seconds: number;
  readonly metric: number;
  readonly loss: number | null;
}

/** The mean validation metric of one task over seeds; points at which no seed has one are left out. */
export function taskCurve(curve: readonly EvaluationPoint[], task: number): CurvePoint[] {
  return curve.flatMap(({ step, seconds, metrics, losses }) => {
    const metric = meanOf(metrics.map((seed) => seed[task] ?? null));
    const loss = meanOf(losses.map((seed) => seed[task] ?? null));
    return metric === null ? [] : [{ step, seconds, metric, loss }];
  });
}

/** The first point with the best metric. */
export function bestPoint(curve: readonly CurvePoint[], higherIsBetter: boolean): CurvePoint | undefined {
  return curve.reduce<CurvePoint | undefined>((best, point) => {
    if (best === undefined) return point;
    return (higherIsBetter ? point.metric > best.metric : point.metric < best.metric) ? point : best;
  }, undefined);
}
