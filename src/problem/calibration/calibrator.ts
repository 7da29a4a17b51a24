import type { Tensor } from '../../engine/tensor.ts';
import type { FittedTask } from '../fitted.ts';
import type { MetricInput } from '../metrics/metric.ts';

/** Probabilities of a temperature: p' ∝ p^(1 / T). */
export interface FittedTemperature {
  readonly method: 'temperature';
  /** T; above 1 where a model is surer than it should be. */
  readonly temperature: number;
  /** Mean −ln p of what happened, on the rows that T was fitted on. */
  readonly logLoss: { readonly before: number; readonly after: number };
  readonly calibrationError: { readonly before: number; readonly after: number };
}

/** A number with as much on either side as holds the truth so often. */
export interface FittedInterval {
  readonly method: 'interval';
  /** The share of new rows whose truth is value ± `halfWidth`. */
  readonly level: number;
  /** In the units of the target. */
  readonly halfWidth: number;
}

export type FittedCalibration = FittedTemperature | FittedInterval;

/** How a kind's predictions come to mean what they say. */
export interface Calibrator {
  /** By rows that training did not see; nothing where they are too few, or say nothing. */
  fit(input: MetricInput, fitted: FittedTask): FittedCalibration | undefined;
  /**
   * Predictions as they are to be, where it is they that change.
   *
   * @param outputs [batch, outputWidth]
   */
  apply?(outputs: Tensor, found: FittedCalibration): Tensor;
}
