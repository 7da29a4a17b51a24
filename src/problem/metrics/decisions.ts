import { argmax } from '../answers/by-class.ts';
import type { FittedTask } from '../fitted.ts';
import type { Scored } from './metric.ts';

/** The weight of rows by (true class, predicted class), row-major [classes, classes]. */
export interface Confusion {
  readonly classes: number;
  readonly counts: Float64Array;
}

/** The chance from which a label is predicted. */
export function thresholdOf(fitted: FittedTask): number {
  return (fitted.options as { readonly threshold?: number }).threshold ?? 0.5;
}

/** The class that a row is predicted to be: the likeliest, or by threshold where there is one column. */
export function decide({ outputs, outputWidth }: Scored, row: number, threshold: number): number {
  return outputWidth === 1
    ? Number(outputs[row]! >= threshold)
    : argmax(outputs, row * outputWidth, outputWidth);
}

export function confusion(scored: Scored, fitted: FittedTask): Confusion {
  const classes = Math.max(2, scored.outputWidth);
  const counts = new Float64Array(classes * classes);
  const threshold = thresholdOf(fitted);
  for (let row = 0; row < scored.rows; row++) {
    const truth = scored.targets[row]!;
    counts[truth * classes + decide(scored, row, threshold)]! += scored.weights[row]!;
  }
  return { classes, counts };
}

/** Weight that is rightly, wrongly and not found to be of a class. */
export interface Hits {
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
}

/** Hits of every class, or of every label where a row may have several. */
export function hits(scored: Scored, fitted: FittedTask): Hits[] {
  if (scored.labelWidth > 1) return labelHits(scored, thresholdOf(fitted));
  const { classes, counts } = confusion(scored, fitted);
  return Array.from({ length: classes }, (_, k) => {
    let [truth, predicted] = [0, 0];
    for (let other = 0; other < classes; other++) {
      truth += counts[k * classes + other]!;
      predicted += counts[other * classes + k]!;
    }
    const right = counts[k * classes + k]!;
    return { right, wrong: predicted - right, missed: truth - right };
  });
}

function labelHits({ rows, labelWidth, outputs, targets, weights }: Scored, threshold: number): Hits[] {
  return Array.from({ length: labelWidth }, (_, k) => {
    let [right, wrong, missed] = [0, 0, 0];
    for (let row = 0; row < rows; row++) {
      const predicted = outputs[row * labelWidth + k]! >= threshold;
      const truth = targets[row * labelWidth + k] === 1;
      if (predicted && truth) right += weights[row]!;
      else if (predicted) wrong += weights[row]!;
      else if (truth) missed += weights[row]!;
    }
    return { right, wrong, missed };
  });
}
