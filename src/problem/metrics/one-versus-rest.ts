import { type Metric, metric, type Scored } from './metric.ts';

/** One column of probabilities beside the truth of its class. */
export interface Column {
  readonly scores: Float64Array;
  /** 1 where the row is of the class, else 0. */
  readonly truth: Float64Array;
}

/** A binary task's one column; for several classes or labels a column each, against the rest. */
export function oneVersusRest({ rows, outputWidth, labelWidth, outputs, targets }: Scored): Column[] {
  return Array.from({ length: outputWidth }, (_, k) => {
    const scores = new Float64Array(rows);
    const truth = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      scores[row] = outputs[row * outputWidth + k]!;
      const label = targets[row * labelWidth + (labelWidth === outputWidth ? k : 0)]!;
      truth[row] = labelWidth === outputWidth ? label : Number(label === k);
    }
    return { scores, truth };
  });
}

/** The mean over the columns for which a metric of two classes is defined. */
export function macro(
  name: string,
  formula: (scores: Float64Array, truth: Float64Array, weights: Float64Array) => number | null,
): Metric {
  return metric(name, true, (scored) => {
    const values = oneVersusRest(scored)
      .map(({ scores, truth }) => formula(scores, truth, scored.weights))
      .filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
  });
}

/** Row numbers by falling score. */
export function byFallingScore(scores: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
}
