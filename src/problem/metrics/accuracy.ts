import { decide, hits, thresholdOf } from './decisions.ts';
import { type Metric, metric, weightedMean } from './metric.ts';

/** Share of rows whose predicted class is the true one. */
export const accuracy: Metric = metric('accuracy', true, (scored, fitted) => {
  const threshold = thresholdOf(fitted);
  return weightedMean(scored.weights, (row) =>
    Number(decide(scored, row, threshold) === scored.targets[row]),
  );
});

/** Mean recall over the classes that occur, so that a rare class counts as much as a common one. */
export const balancedAccuracy: Metric = metric('balanced-accuracy', true, (scored, fitted) => {
  const occurring = hits(scored, fitted).filter(({ right, missed }) => right + missed > 0);
  return occurring.reduce((sum, { right, missed }) => sum + right / (right + missed), 0) / occurring.length;
});

/** Share of rows whose labels are all predicted, and no other. */
export const exactMatch: Metric = metric('exact-match', true, (scored, fitted) => {
  const { labelWidth, outputs, targets } = scored;
  const threshold = thresholdOf(fitted);
  return weightedMean(scored.weights, (row) => {
    for (let k = row * labelWidth; k < (row + 1) * labelWidth; k++)
      if (Number(outputs[k]! >= threshold) !== targets[k]) return 0;
    return 1;
  });
});
