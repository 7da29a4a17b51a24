import { confusion, decide, thresholdOf } from './decisions.ts';
import { type Metric, metric, weightedMean } from './metric.ts';

/**
 * Quadratic weighted kappa κ = 1 − Σ d O / Σ d E, with d = (i − j)², the observed confusion O and the one expected
 * from its margins E: 1 for agreement, 0 for chance.
 *
 * J. Cohen: Weighted kappa. Psychological Bulletin 70, 1968.
 */
export const quadraticKappa: Metric = metric('quadratic-kappa', true, (scored, fitted) => {
  const { classes, counts } = confusion(scored, fitted);
  const truth = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  let total = 0;
  for (let i = 0; i < classes; i++)
    for (let j = 0; j < classes; j++) {
      const count = counts[i * classes + j]!;
      truth[i]! += count;
      predicted[j]! += count;
      total += count;
    }
  let [observed, expected] = [0, 0];
  for (let i = 0; i < classes; i++)
    for (let j = 0; j < classes; j++) {
      observed += (i - j) ** 2 * counts[i * classes + j]!;
      expected += ((i - j) ** 2 * truth[i]! * predicted[j]!) / total;
    }
  return expected > 0 ? 1 - observed / expected : null;
});

/** Mean distance, in ranks, between the predicted class and the true one. */
export const rankError: Metric = metric('rank-mae', false, (scored, fitted) => {
  const threshold = thresholdOf(fitted);
  return weightedMean(scored.weights, (row) =>
    Math.abs(decide(scored, row, threshold) - scored.targets[row]!),
  );
});
