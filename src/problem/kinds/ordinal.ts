import { PolytaskError } from '../../common/error.ts';
import { constant } from '../../engine/leaf.ts';
import { add, cast, equal, mul, neg } from '../../engine/operators/arithmetic.ts';
import { sigmoid, softplus } from '../../engine/operators/elementwise.ts';
import { matmul } from '../../engine/operators/linear.ts';
import { reduceSum } from '../../engine/operators/reduce.ts';
import { concat, pad, slice } from '../../engine/operators/shape.ts';
import type { Tensor } from '../../engine/tensor.ts';
import { type OrdinalPrediction, ordinalAnswer } from '../answers/ordinal.ts';
import { classTemperature } from '../calibration/temperature.ts';
import { type ClassOptions, encodeClasses, type FittedClasses, fitClasses, sortValues } from '../classes.ts';
import type { FittedTask, Kind } from '../kind.ts';
import { accuracy, balancedAccuracy } from '../metrics/accuracy.ts';
import { macroF1 } from '../metrics/f1.ts';
import { logLoss } from '../metrics/log-loss.ts';
import { quadraticKappa, rankError } from '../metrics/quadratic-kappa.ts';
import { classWeights, labels, parseFields } from '../options.ts';
import { knownOrder, naturalOrder } from '../orders.ts';
import { keepColumn, logit } from '../tensors.ts';

export interface OrdinalOptions extends ClassOptions {
  /** Lowest first; needed where the values are neither numbers nor words with a known order. */
  readonly classes?: readonly string[];
}

export interface FittedOrdinal extends FittedTask, FittedClasses {
  readonly options: OrdinalOptions;
  /** What each class counts in the expected value. */
  readonly values: readonly number[];
}

function inOrder(path: string): (values: readonly string[]) => readonly string[] {
  return (values) => {
    const order = naturalOrder(values);
    if (order !== undefined || values.length < 2) return order ?? values;
    throw new PolytaskError('task-options', {
      path: `${path}.classes`,
      expected: 'classes whose order is known',
      found: sortValues(values).slice(0, 12).join(', '),
      help: 'List the classes, lowest first, as the option classes.',
    });
  };
}

/** c₀ = l₀, cₖ = cₖ₋₁ − ln(1 + e^lₖ): the logits of P(y > k), falling by construction. */
function cumulative(logits: Tensor): Tensor {
  const width = logits.shape.at(-1) as number;
  if (width === 1) return logits;
  const steps = concat([keepColumn(logits, 0), neg(softplus(slice(logits, -1, 1, width)))], -1);
  const sum = Array.from({ length: width * width }, (_, i) => Number(Math.floor(i / width) <= i % width));
  return matmul(steps, constant(sum, { shape: [width, width], dtype: logits.dtype }));
}

/** 1 where the label is the class `offset` above the threshold's own, else 0: [..., B, width]. */
function isClass(label: Tensor, width: number, offset: number, dtype: Tensor['dtype']): Tensor {
  const classes = Array.from({ length: width }, (_, k) => k + offset);
  return cast(equal(label, constant(classes, { dtype: label.dtype })), dtype);
}

/**
 * K classes in order, by cumulative logits: P(y > k) = σ(cₖ), where c₀ = l₀ and cₖ = cₖ₋₁ − ln(1 + e^lₖ) fall by
 * construction. As σ(a) − σ(b) = σ(a) σ(−b) (1 − e^(b − a)) and 1 − e^(cₖ − cₖ₋₁) = σ(lₖ), the loss has no difference
 * of nearly equal numbers: −ln P(y = k) = ln(1 + e^−cₖ₋₁) + ln(1 + e^cₖ) + ln(1 + e^−lₖ), of which the lowest class
 * has the second term alone and the highest the first. A head that gives l₁ … the same values for all rows is the
 * proportional odds model; else thresholds may move with the row.
 *
 * P. McCullagh: Regression models for ordinal data. Journal of the Royal Statistical Society B 42, 1980.
 */
export const ordinal: Kind<OrdinalOptions, FittedOrdinal, OrdinalPrediction> = {
  name: 'ordinal',
  parseOptions: (raw, path) => parseFields<OrdinalOptions>(raw, path, { classes: labels(2), classWeights }),
  suits: ({ type, values }) => {
    const order = type === 'string' && values.length >= 3 && values.length <= 50 && knownOrder(values);
    if (!order) return { score: 0, reason: 'no order that is known' };
    return { score: 0.9, reason: `in order: ${order.join(' < ')}` };
  },
  fit: (name, column, trainRows, options, { pooled } = {}) => {
    const path = `tasks.${name}`;
    const fitted = fitClasses(column, trainRows, options, path, inOrder(path), pooled);
    const numbers = fitted.classes.map((value) => (value.trim() === '' ? Number.NaN : Number(value)));
    const values = numbers.every(Number.isFinite) ? numbers : fitted.classes.map((_, rank) => rank);
    return { name, kind: 'ordinal', column: column.name, options, ...fitted, values };
  },
  encode: encodeClasses,
  family: ({ classes }) => `ordinal/${classes.length}`,
  width: ({ classes }) => classes.length - 1,
  labelWidth: () => 1,
  ...ordinalAnswer,
  loss: (logits, label, { classes }) => {
    const width = classes.length - 1;
    const thresholds = cumulative(logits);
    const own = isClass(label, width, 0, logits.dtype);
    const above = mul(isClass(label, width, 1, logits.dtype), softplus(neg(thresholds)));
    const loss = reduceSum(add(above, mul(own, softplus(thresholds))), -1);
    if (width === 1) return loss;
    const gaps = mul(slice(own, -1, 1, width), softplus(neg(slice(logits, -1, 1, width))));
    return add(loss, reduceSum(gaps, -1));
  },
  linkParameters: () => [],
  link: (logits) => {
    const width = logits.shape.at(-1) as number;
    const thresholds = cumulative(logits);
    const above = pad(sigmoid(thresholds), -1, 1, 0, 1);
    const notBeyond = pad(sigmoid(neg(thresholds)), -1, 0, 1, 1);
    const outer = mul(above, notBeyond);
    return width === 1 ? outer : mul(outer, pad(sigmoid(slice(logits, -1, 1, width)), -1, 1, 1, 1));
  },
  initialBias: ({ rates }) => {
    let beyond = 1;
    const thresholds = rates.slice(0, -1).map((rate) => logit((beyond -= rate)));
    // The inverse of softplus: ln(eᵈ − 1) = d + ln(1 − e^−d).
    return thresholds.map((own, k) => {
      if (k === 0) return own;
      const gap = thresholds[k - 1]! - own;
      return gap + Math.log(-Math.expm1(-gap));
    });
  },
  baseline: ({ rates }) => [...rates],
  metrics: () => [quadraticKappa, accuracy, balancedAccuracy, macroF1, rankError, logLoss],
  calibrator: classTemperature,
  primary: () => 'quadratic-kappa',
};
