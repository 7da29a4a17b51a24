import type { FittedTask } from '../fitted.ts';

/** Predictions beside the truth, row-major; rows of weight 0 are left out. */
export interface MetricInput {
  /** [n, outputWidth] in the user's units. */
  readonly outputs: ArrayLike<number>;
  /** [n, labelWidth] in the user's units. */
  readonly targets: ArrayLike<number>;
  /** [n]: the user's row weight, or 0 where the label is missing. Class weights do not belong here. */
  readonly weights: ArrayLike<number>;
}

/** The labelled rows of a metric's input; every output is finite. */
export interface Scored {
  readonly rows: number;
  readonly outputWidth: number;
  readonly labelWidth: number;
  readonly outputs: Float64Array;
  readonly targets: Float64Array;
  readonly weights: Float64Array;
}

/** A number that says how good predictions are; null where it is undefined, such as the AUC of a single class. */
export interface Metric {
  readonly name: string;
  readonly higherIsBetter: boolean;
  compute(input: MetricInput, fitted: FittedTask): number | null;
  /** The same on rows that were already selected. */
  measure(scored: Scored, fitted: FittedTask): number | null;
  /**
   * How much some rows know of the metric, as a number of rows: the inverse of its variance, up to a factor. Where it is not
   * given, rows know as much as there are of them.
   *
   * @param targets [n, labelWidth] of labelled rows
   */
  information?(targets: ArrayLike<number>, rows: number): number;
}

/** A metric from its formula; what is not finite becomes null. */
export function metric(
  name: string,
  higherIsBetter: boolean,
  formula: (scored: Scored, fitted: FittedTask) => number | null,
): Metric {
  const measure = (scored: Scored, fitted: FittedTask): number | null => {
    const value = formula(scored, fitted);
    return value !== null && Number.isFinite(value) ? value : null;
  };
  return {
    name,
    higherIsBetter,
    measure,
    compute: (input, fitted) => {
      const scored = select(input);
      return scored === null ? null : measure(scored, fitted);
    },
  };
}

/** The rows of positive weight; null when there are none, or when a prediction is not finite. */
export function select({ outputs, targets, weights }: MetricInput): Scored | null {
  const kept: number[] = [];
  for (let row = 0; row < weights.length; row++) if (weights[row]! > 0) kept.push(row);
  if (kept.length === 0) return null;
  const outputWidth = outputs.length / weights.length;
  const labelWidth = targets.length / weights.length;
  const scored = {
    rows: kept.length,
    outputWidth,
    labelWidth,
    outputs: new Float64Array(kept.length * outputWidth),
    targets: new Float64Array(kept.length * labelWidth),
    weights: Float64Array.from(kept, (row) => weights[row]!),
  };
  kept.forEach((row, i) => {
    for (let k = 0; k < outputWidth; k++)
      scored.outputs[i * outputWidth + k] = outputs[row * outputWidth + k]!;
    for (let k = 0; k < labelWidth; k++) scored.targets[i * labelWidth + k] = targets[row * labelWidth + k]!;
  });
  return scored.outputs.every(Number.isFinite) ? scored : null;
}

/** Several metrics by name, over one selection of rows. */
export function evaluate(
  metrics: readonly Metric[],
  input: MetricInput,
  fitted: FittedTask,
): Record<string, number | null> {
  const scored = select(input);
  return Object.fromEntries(
    metrics.map(({ name, measure }) => [name, scored === null ? null : measure(scored, fitted)]),
  );
}

/**
 * Improvement over the constant baseline on a scale that metrics share: (m − b) / (best − b), where best is 1 for
 * metrics that rise and 0 for errors. It is 0 at the baseline, 1 for perfect predictions, and negative below it.
 *
 * @example normalised(0.8, 0.5, true); // 0.6: an AUC of 0.8
 */
export function normalised(value: number, baseline: number, higherIsBetter: boolean): number {
  const best = higherIsBetter ? 1 : 0;
  const room = Math.abs(best - baseline);
  const gain = higherIsBetter ? value - baseline : baseline - value;
  // A baseline that is already perfect leaves no room to scale by.
  return room < 1e-12 ? gain : gain / room;
}

/** Σ wᵢ fᵢ / Σ wᵢ. */
export function weightedMean(weights: Float64Array, of: (row: number) => number): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < weights.length; row++) {
    sum += weights[row]! * of(row);
    total += weights[row]!;
  }
  return sum / total;
}
