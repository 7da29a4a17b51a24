import type { FittedTask } from '../fitted.ts';
import { type Metric, metric, type Scored, weightedMean } from './metric.ts';

/** A predicted and a true number for every row. */
export interface Pairs {
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
  readonly weights: Float64Array;
}

/** How a kind reads one number a row from its outputs and targets. */
export type Pairing = (scored: Scored, fitted: FittedTask) => Pairs;

/** A metric of pairs of numbers. */
export type PairMetric = (pairing: Pairing) => Metric;

export function pairMetric(
  name: string,
  higherIsBetter: boolean,
  formula: (pairs: Pairs) => number | null,
): PairMetric {
  return (pairing) => metric(name, higherIsBetter, (scored, fitted) => formula(pairing(scored, fitted)));
}

export function meanSquaredError({ predicted, actual, weights }: Pairs): number {
  return weightedMean(weights, (row) => (predicted[row]! - actual[row]!) ** 2);
}

/** Variance of f over the rows; null where f does not vary. */
export function varianceOf(weights: Float64Array, of: (row: number) => number): number | null {
  const centre = weightedMean(weights, of);
  const variance = weightedMean(weights, (row) => (of(row) - centre) ** 2);
  // Rounding of the mean leaves a trace in the variance of a constant.
  return variance > (centre * 1e-14) ** 2 ? variance : null;
}
