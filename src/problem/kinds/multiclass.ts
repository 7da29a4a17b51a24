import { constant } from '../../engine/leaf.ts';
import { add, cast, equal, mul, neg } from '../../engine/operators/arithmetic.ts';
import { logSoftmax, softmax } from '../../engine/operators/normalise.ts';
import { reduceMean, reduceSum } from '../../engine/operators/reduce.ts';
import { type MulticlassPrediction, multiclassAnswer } from '../answers/multiclass.ts';
import { classTemperature } from '../calibration/temperature.ts';
import { type ClassOptions, encodeClasses, type FittedClasses, fitClasses } from '../classes.ts';
import type { FittedTask, Kind } from '../kind.ts';
import { accuracy, balancedAccuracy } from '../metrics/accuracy.ts';
import { aucMetric } from '../metrics/auc.ts';
import { calibrationError } from '../metrics/calibration-error.ts';
import { macroF1, microF1 } from '../metrics/f1.ts';
import { brier, logLoss } from '../metrics/log-loss.ts';
import { between, classWeights, labels, parseFields } from '../options.ts';

export interface MulticlassOptions extends ClassOptions {
  /** ε: the share of every label that is spread evenly over all classes; 0 unless given. */
  readonly smoothing?: number;
}

export interface FittedMulticlass extends FittedTask, FittedClasses {
  readonly options: MulticlassOptions;
}

/**
 * One of K classes: P = softmax(l), and the loss −Σ qₖ ln Pₖ with q = (1 − ε) onehot(y) + ε / K.
 *
 * Label smoothing: C. Szegedy et al.: Rethinking the Inception architecture. arXiv 1512.00567.
 */
export const multiclass: Kind<MulticlassOptions, FittedMulticlass, MulticlassPrediction> = {
  name: 'multiclass',
  parseOptions: (raw, path) =>
    parseFields<MulticlassOptions>(raw, path, { classes: labels(2), classWeights, smoothing: between(0, 1) }),
  suits: ({ type, values }) => {
    if (type === 'date' || values.length < 2 || values.length > 50)
      return { score: 0, reason: 'not a handful of values' };
    return { score: type === 'string' ? 0.6 : 0.1, reason: `${values.length} distinct values` };
  },
  fit: (name, column, trainRows, options, { pooled } = {}) => ({
    name,
    kind: 'multiclass',
    column: column.name,
    options,
    ...fitClasses(column, trainRows, options, `tasks.${name}`, undefined, pooled),
  }),
  encode: encodeClasses,
  family: ({ classes, options }) => `multiclass/${classes.length}/${options.smoothing ?? 0}`,
  width: ({ classes }) => classes.length,
  labelWidth: () => 1,
  ...multiclassAnswer,
  loss: (logits, truth, { classes, options: { smoothing = 0 } }) => {
    const index = constant(
      classes.map((_, k) => k),
      { dtype: truth.dtype },
    );
    const logP = logSoftmax(logits);
    const hard = reduceSum(mul(logP, cast(equal(truth, index), logits.dtype)), -1);
    if (smoothing === 0) return neg(hard);
    return neg(add(mul(hard, 1 - smoothing), mul(reduceMean(logP, -1), smoothing)));
  },
  linkParameters: () => [],
  link: (logits) => softmax(logits),
  initialBias: ({ rates }) => rates.map(Math.log),
  baseline: ({ rates }) => [...rates],
  metrics: () => [accuracy, balancedAccuracy, macroF1, microF1, logLoss, brier, aucMetric, calibrationError],
  // Who weighs classes cares for the rare ones.
  calibrator: classTemperature,
  primary: ({ options }) => (options.classWeights === undefined ? 'accuracy' : 'balanced-accuracy'),
};
