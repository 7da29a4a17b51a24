import { constant } from '../../engine/leaf.ts';
import { maximum, minimum, mul, sub } from '../../engine/operators/arithmetic.ts';
import { abs, square } from '../../engine/operators/elementwise.ts';
import { reduceMean } from '../../engine/operators/reduce.ts';
import type { Tensor } from '../../engine/tensor.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Pairing, PairMetric } from '../metrics/pairs.ts';
import { coverageError, pinball } from '../metrics/quantiles.ts';
import { explainedVariance, mae, normalisedMse, r2, rmse } from '../metrics/regression-errors.ts';
import { columnOf } from '../tensors.ts';
import { mean, quantile } from '../values.ts';

/** The numbers that shape a loss; equal within a family. */
export interface LossShape {
  /** Where the Huber loss turns from a parabola to a line, in standard deviations of the target. */
  readonly delta: number;
  /** The levels of the quantile loss, rising. */
  readonly quantiles: readonly number[];
}

/** What a regression minimises, and what follows from it. */
export interface RegressionLoss {
  width(shape: LossShape): number;
  /** How the shape enters the family's name. */
  family(shape: LossShape): string;
  /** @param logits [..., B, width]; label [..., B, 1], both standardised; returns [..., B] */
  rows(logits: Tensor, label: Tensor, shape: LossShape): Tensor;
  /** [width]: the constants that fit sorted values best. */
  constants(sorted: Float64Array, shape: LossShape): number[];
  metrics(pairing: Pairing): readonly Metric[];
  readonly primary: string;
}

const errors = (...of: readonly PairMetric[]): ((pairing: Pairing) => Metric[]) => {
  return (pairing) => of.map((build) => build(pairing));
};

/** (l − y)², which is 1 on average at the start: the label is standardised. */
const mse: RegressionLoss = {
  width: () => 1,
  family: () => 'mse',
  rows: (logits, label) => square(sub(columnOf(logits, 0), columnOf(label, 0))),
  constants: (sorted) => [mean(sorted)],
  metrics: errors(rmse, mae, r2, explainedVariance, normalisedMse),
  primary: 'rmse',
};

/**
 * ½ r² where |r| ≤ δ, else δ (|r| − ½ δ), with r = l − y; written a (|r| − ½ a) with a = min(|r|, δ).
 *
 * P. Huber: Robust estimation of a location parameter. Annals of Mathematical Statistics 35, 1964.
 */
const huber: RegressionLoss = {
  width: () => 1,
  family: ({ delta }) => `huber/${delta}`,
  rows: (logits, label, { delta }) => {
    const size = abs(sub(columnOf(logits, 0), columnOf(label, 0)));
    const near = minimum(size, delta);
    return mul(near, sub(size, mul(near, 0.5)));
  },
  // The median stands for the Huber location: it is what the metric by which the task is judged asks for.
  constants: (sorted) => [quantile(sorted, 0.5)],
  metrics: errors(mae, rmse, r2, explainedVariance, normalisedMse),
  primary: 'mae',
};

/**
 * Mean over levels τ of max(τ e, (τ − 1) e), with e = y − l_τ.
 *
 * R. Koenker, G. Bassett: Regression quantiles. Econometrica 46, 1978.
 */
const quantileLoss: RegressionLoss = {
  width: ({ quantiles }) => quantiles.length,
  family: ({ quantiles }) => `quantile/${quantiles.join(',')}`,
  rows: (logits, label, { quantiles }) => {
    const error = sub(label, logits);
    const levels = constant([...quantiles], { dtype: logits.dtype });
    const others = constant(
      quantiles.map((tau) => tau - 1),
      { dtype: logits.dtype },
    );
    return reduceMean(maximum(mul(error, levels), mul(error, others)), -1);
  },
  constants: (sorted, { quantiles }) => quantiles.map((tau) => quantile(sorted, tau)),
  metrics: (pairing) => [pinball, coverageError, ...errors(mae, rmse, r2)(pairing)],
  primary: 'pinball',
};

export const REGRESSION_LOSSES: Readonly<Record<'mse' | 'huber' | 'quantile', RegressionLoss>> = {
  mse,
  huber,
  quantile: quantileLoss,
};
