import { type Metric, metric, type Scored, weightedMean } from './metric.ts';
import { oneVersusRest } from './one-versus-rest.ts';

/** Probabilities are kept this far from 0 and 1: the resolution of single precision near 1. */
const EPSILON = 1e-7;

const surprise = (probability: number): number =>
  -Math.log(Math.min(1 - EPSILON, Math.max(EPSILON, probability)));

function rowLoss({ outputs, targets, outputWidth, labelWidth }: Scored, row: number): number {
  if (labelWidth !== outputWidth) return surprise(outputs[row * outputWidth + targets[row * labelWidth]!]!);
  let sum = 0;
  for (let k = 0; k < outputWidth; k++) {
    const probability = outputs[row * outputWidth + k]!;
    sum += surprise(targets[row * labelWidth + k] === 1 ? probability : 1 - probability);
  }
  return sum / outputWidth;
}

/** Mean −ln p of what happened, in nats; for labels that are not exclusive the mean over them. */
export const logLoss: Metric = metric('log-loss', false, (scored) =>
  weightedMean(scored.weights, (row) => rowLoss(scored, row)),
);

/**
 * Brier score: the mean of Σ (p − y)² over classes; for one column, (p − y)², which is half of the two-class sum.
 *
 * G. Brier: Verification of forecasts expressed in terms of probability. Monthly Weather Review 78, 1950.
 */
export const brier: Metric = metric('brier', false, (scored) => {
  const columns = oneVersusRest(scored);
  const total = weightedMean(scored.weights, (row) =>
    columns.reduce((sum, { scores, truth }) => sum + (scores[row]! - truth[row]!) ** 2, 0),
  );
  return scored.labelWidth === scored.outputWidth ? total / scored.outputWidth : total;
});
