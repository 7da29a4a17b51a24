import type { Column } from '../../common/table.ts';
import { add, mul, neg, sub } from '../../engine/operators/arithmetic.ts';
import { clip, exp } from '../../engine/operators/elementwise.ts';
import { topK } from '../../engine/operators/indexing.ts';
import type { Tensor } from '../../engine/tensor.ts';
import {
  middle,
  type QuantilePrediction,
  type RegressionPrediction,
  regressionAnswer,
} from '../answers/regression.ts';
import { interval } from '../calibration/interval.ts';
import type { EncodedLabels, FitContext, FittedTask, Kind } from '../kind.ts';
import type { Pairing } from '../metrics/pairs.ts';
import { rmsle } from '../metrics/regression-errors.ts';
import { type Field, oneOf, parseFields, positive } from '../options.ts';
import { keepColumn } from '../tensors.ts';
import {
  constantLabels,
  deviation,
  mean,
  type NumberRule,
  present,
  readNumbers,
  unlabelled,
} from '../values.ts';
import { REGRESSION_LOSSES, type RegressionLoss } from './regression-losses.ts';

export interface RegressionOptions {
  /** `mse` unless given; `quantile` predicts one number for each level. */
  readonly loss?: 'mse' | 'huber' | 'quantile';
  /** Of the Huber loss, in standard deviations of the target: 1 unless given. */
  readonly delta?: number;
  /** Levels of the quantile loss: 0.1, 0.5 and 0.9 unless given. */
  readonly quantiles?: readonly number[];
  /** `log1p` learns ln(1 + y), for targets with a long tail; predictions stay in the units of y. */
  readonly transform?: 'none' | 'log1p';
}

export interface FittedRegression extends FittedTask {
  readonly options: RegressionOptions;
  readonly loss: 'mse' | 'huber' | 'quantile';
  readonly delta: number;
  /** Rising; empty unless the loss is `quantile`. */
  readonly quantiles: readonly number[];
  /** Mean and standard deviation of the (transformed) training labels. */
  readonly mean: number;
  readonly deviation: number;
  /** The constants that minimise the loss on the training labels, in (transformed) units of the target. */
  readonly constants: readonly number[];
}

const QUANTILES: readonly number[] = [0.1, 0.5, 0.9];

const levels: Field<readonly number[]> = {
  expected: 'a list of distinct numbers between 0 and 1, exclusive',
  parse: (value) => {
    const isLevel = (tau: unknown): boolean => typeof tau === 'number' && tau > 0 && tau < 1;
    if (!Array.isArray(value) || value.length === 0 || !value.every(isLevel)) return undefined;
    return new Set(value).size === value.length ? [...(value as number[])].sort((a, b) => a - b) : undefined;
  },
};

const ABOVE_MINUS_ONE: NumberRule = {
  expected: 'labels above −1 under the transform log1p',
  help: 'Leave the transform out, or shift the column.',
  accepts: (value) => value > -1,
};

interface Transform {
  readonly rule?: NumberRule;
  forward(y: number): number;
  inverse(t: number): number;
  /** The inverse inside the graph. */
  undo(t: Tensor): Tensor;
}

const TRANSFORMS: Readonly<Record<'none' | 'log1p', Transform>> = {
  none: { forward: (y) => y, inverse: (t) => t, undo: (t) => t },
  // The exponent is bounded, so that a wild logit gives a large number and not Infinity.
  log1p: {
    rule: ABOVE_MINUS_ONE,
    forward: Math.log1p,
    inverse: Math.expm1,
    undo: (t) => sub(exp(clip(t, -80, 80)), 1),
  },
};

const transformOf = (options: RegressionOptions): Transform => TRANSFORMS[options.transform ?? 'none'];
const lossOf = ({ loss }: FittedRegression): RegressionLoss => REGRESSION_LOSSES[loss];

function fitTask(
  name: string,
  column: Column,
  rows: Int32Array,
  options: RegressionOptions,
  { pooled }: FitContext<FittedRegression> = {},
): FittedRegression {
  const path = `tasks.${name}`;
  const { forward, rule } = transformOf(options);
  const values = present(readNumbers(column, path, rule), rows)
    .map(forward)
    .sort();
  const labelled = values.length;
  const loss = options.loss ?? 'mse';
  const { delta = 1 } = options;
  const quantiles = loss === 'quantile' ? (options.quantiles ?? QUANTILES) : [];
  const shape = { name, kind: 'regression', column: column.name, options, labelled, loss, delta, quantiles };
  if (pooled !== undefined) {
    const lean = (own: number, shared: number): number =>
      labelled === 0 ? shared : (own * labelled + shared) / (labelled + 1);
    const own = labelled === 0 ? [] : REGRESSION_LOSSES[loss].constants(values, { delta, quantiles });
    return {
      ...shape,
      // Labels of all tasks are standardised alike; what a task has of its own is its constants.
      mean: pooled.mean,
      deviation: pooled.deviation,
      constants: pooled.constants.map((shared, k) => lean(own[k] ?? 0, shared)),
    };
  }
  if (labelled === 0) throw unlabelled(column.name, path);
  if (values[0] === values.at(-1)) throw constantLabels(column.name, String(values[0]), path);
  const centre = mean(values);
  return {
    ...shape,
    mean: centre,
    deviation: deviation(values, centre),
    constants: REGRESSION_LOSSES[loss].constants(values, { delta, quantiles }),
  };
}

function encode(column: Column, fitted: FittedRegression): EncodedLabels {
  const { forward, rule } = transformOf(fitted.options);
  const values = readNumbers(column, `tasks.${fitted.name}`, rule);
  const labels = new Float32Array(values.length);
  const targets = new Float64Array(values.length);
  const weights = new Float32Array(values.length);
  values.forEach((value, row) => {
    if (Number.isNaN(value)) return;
    labels[row] = (forward(value) - fitted.mean) / fitted.deviation;
    targets[row] = value;
    weights[row] = 1;
  });
  return { labels, targets, weights, unseen: 0 };
}

/** The quantile that stands for the value: the level nearest to one half. */
const pairing: Pairing = ({ rows, outputs, outputWidth, targets, weights }, fitted) => {
  const k = middle((fitted as FittedRegression).quantiles);
  const predicted = Float64Array.from({ length: rows }, (_, row) => outputs[row * outputWidth + k]!);
  return { predicted, actual: targets, weights };
};

/**
 * A number: the label is standardised by the training rows, y' = (t(y) − mean) / deviation, and the prediction
 * t⁻¹(l · deviation + mean) is in the user's units.
 *
 * Quantiles are put in order after the fact, which never raises the pinball loss: V. Chernozhukov,
 * I. Fernández-Val, A. Galichon: Quantile and probability curves without crossing. Econometrica 78, 2010.
 */
export const regression: Kind<
  RegressionOptions,
  FittedRegression,
  RegressionPrediction | QuantilePrediction
> = {
  name: 'regression',
  parseOptions: (raw, path) =>
    parseFields<RegressionOptions>(raw, path, {
      loss: oneOf('mse', 'huber', 'quantile'),
      delta: positive,
      quantiles: levels,
      transform: oneOf('none', 'log1p'),
    }),
  suits: ({ type, labelled }) =>
    type === 'number' && labelled > 0
      ? { score: 0.5, reason: 'numbers' }
      : { score: 0, reason: 'not numbers' },
  fit: fitTask,
  encode,
  family: (fitted) =>
    ['regression', lossOf(fitted).family(fitted), fitted.options.transform ?? 'none'].join('/'),
  width: (fitted) => lossOf(fitted).width(fitted),
  labelWidth: () => 1,
  ...regressionAnswer,
  loss: (logits, label, fitted) => lossOf(fitted).rows(logits, label, fitted),
  linkParameters: (fitted) => [fitted.mean, fitted.deviation],
  link: (logits, parameters, { options, quantiles }) => {
    const ordered = quantiles.length > 1 ? neg(topK(neg(logits), quantiles.length).values) : logits;
    const scaled = add(mul(ordered, keepColumn(parameters, 1)), keepColumn(parameters, 0));
    return transformOf(options).undo(scaled);
  },
  initialBias: ({ constants, mean: centre, deviation: scale }) =>
    constants.map((value) => (value - centre) / scale),
  baseline: ({ constants, options }) => constants.map(transformOf(options).inverse),
  metrics: (fitted) => {
    const own = lossOf(fitted).metrics(pairing);
    return fitted.options.transform === 'log1p' ? [rmsle(pairing), ...own] : own;
  },
  calibrator: interval,
  // Squares of ln(1 + y) are what a transformed regression minimises.
  primary: (fitted) =>
    fitted.options.transform === 'log1p' && fitted.loss !== 'quantile' ? 'rmsle' : lossOf(fitted).primary,
};
