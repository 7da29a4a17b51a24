import { weightedMean } from './metric.ts';
import { meanSquaredError, type PairMetric, pairMetric, varianceOf } from './pairs.ts';

/** √ mean (ŷ − y)², in the units of the target. */
export const rmse: PairMetric = pairMetric('rmse', false, (pairs) => Math.sqrt(meanSquaredError(pairs)));

/** Mean |ŷ − y|, in the units of the target. */
export const mae: PairMetric = pairMetric('mae', false, ({ predicted, actual, weights }) =>
  weightedMean(weights, (row) => Math.abs(predicted[row]! - actual[row]!)),
);

/** √ mean (ln(1 + ŷ) − ln(1 + y))²; predictions at or below −1 count as just above it. */
export const rmsle: PairMetric = pairMetric('rmsle', false, ({ predicted, actual, weights }) => {
  const log = (value: number): number => Math.log1p(Math.max(value, -1 + 1e-7));
  return Math.sqrt(weightedMean(weights, (row) => (log(predicted[row]!) - log(actual[row]!)) ** 2));
});

/** Mean squared error over the variance of the targets: 1 − R². */
export const normalisedMse: PairMetric = pairMetric('nmse', false, (pairs) => {
  const variance = varianceOf(pairs.weights, (row) => pairs.actual[row]!);
  return variance === null ? null : meanSquaredError(pairs) / variance;
});

/** R² = 1 − Σ (ŷ − y)² / Σ (y − ȳ)²: 0 for the mean of these rows, negative for worse. */
export const r2: PairMetric = pairMetric('r2', true, (pairs) => {
  const variance = varianceOf(pairs.weights, (row) => pairs.actual[row]!);
  return variance === null ? null : 1 - meanSquaredError(pairs) / variance;
});

/** 1 − Var(y − ŷ) / Var(y): as R², but blind to a constant offset. */
export const explainedVariance: PairMetric = pairMetric('explained-variance', true, (pairs) => {
  const { predicted, actual, weights } = pairs;
  const variance = varianceOf(weights, (row) => actual[row]!);
  if (variance === null) return null;
  return 1 - (varianceOf(weights, (row) => actual[row]! - predicted[row]!) ?? 0) / variance;
});
