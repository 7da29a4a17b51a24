import { PolytaskError } from '../../common/error.ts';
import { sigmoid } from '../../engine/operators/elementwise.ts';
import { type BinaryPrediction, binaryAnswer } from '../answers/binary.ts';
import { temperature } from '../calibration/temperature.ts';
import {
  type ClassOptions,
  encodeClasses,
  type FittedClasses,
  fitClasses,
  sortValues,
  unknownClass,
} from '../classes.ts';
import type { FittedTask, Kind } from '../kind.ts';
import { accuracy, balancedAccuracy } from '../metrics/accuracy.ts';
import { aucMetric } from '../metrics/auc.ts';
import { averagePrecisionMetric } from '../metrics/average-precision.ts';
import { calibrationError } from '../metrics/calibration-error.ts';
import { f1 } from '../metrics/f1.ts';
import { brier, logLoss } from '../metrics/log-loss.ts';
import { between, type ClassWeights, classWeights, label, parseFields } from '../options.ts';
import { bernoulliLoss, columnOf, logit } from '../tensors.ts';

export interface BinaryOptions {
  /** The class whose probability is predicted; by default true, 1, yes, or the later in order. */
  readonly positive?: string | number | boolean;
  /** The probability from which the positive class is predicted: 0.5 unless given. */
  readonly threshold?: number;
  readonly classWeights?: ClassWeights;
}

export interface FittedBinary extends FittedTask, FittedClasses {
  readonly options: BinaryOptions;
  /** The negative class, then the positive one. */
  readonly classes: readonly string[];
}

const YES = new Set(['true', '1', 'yes', 'y', 't', 'positive', 'pos', '+', 'on']);

/** The two values of a column, the positive one last. */
function orderClasses(values: readonly string[], positive: string | undefined): string[] {
  const sorted = sortValues(values);
  const chosen = positive ?? sorted.find((value) => YES.has(value.toLowerCase()));
  return chosen === undefined ? sorted : [...sorted.filter((value) => value !== chosen), chosen];
}

function tooMany(values: readonly string[], column: string, path: string): PolytaskError {
  return new PolytaskError('classes-too-many', {
    path,
    expected: 'two distinct values',
    found: `${values.length} in column "${column}": ${sortValues(values).slice(0, 5).join(', ')}${values.length > 5 ? ', …' : ''}`,
    help: 'Use a multiclass, ordinal or regression task.',
  });
}

/**
 * Two classes: the logit l of the positive one, P = σ(l), and the loss ln(1 + eˡ) − y l.
 *
 * D. Cox: The regression analysis of binary sequences. Journal of the Royal Statistical Society B 20, 1958.
 */
export const binary: Kind<BinaryOptions, FittedBinary, BinaryPrediction> = {
  name: 'binary',
  parseOptions: (raw, path) =>
    parseFields<BinaryOptions>(raw, path, { positive: label, threshold: between(0, 1, true), classWeights }),
  suits: ({ type, values, numbers }) => {
    if (type === 'date' || values.length > 2 || values.length === 0)
      return { score: 0, reason: 'not two values' };
    if (type === 'boolean') return { score: 1, reason: 'true or false' };
    if (values.length === 1) return { score: 0.2, reason: `one value: ${values[0]}` };
    const reason = `two values: ${sortValues(values).join(' and ')}`;
    // Two numbers that are neither 0 and 1 nor neighbours may be a coarse measurement.
    const coarse = numbers !== undefined && !(numbers.whole && Math.abs(numbers.high) <= 2);
    return { score: coarse ? 0.7 : 0.95, reason };
  },
  fit: (name, column, trainRows, options, { pooled } = {}) => {
    const path = `tasks.${name}`;
    const positive = options.positive === undefined ? undefined : String(options.positive);
    const order = (values: readonly string[]): string[] => {
      if (positive !== undefined && !values.includes(positive))
        throw unknownClass(positive, values, column.name, `${path}.positive`);
      if (values.length > 2) throw tooMany(values, column.name, path);
      return orderClasses(values, positive);
    };
    const given: ClassOptions = {
      ...(options.classWeights !== undefined && { classWeights: options.classWeights }),
    };
    return {
      name,
      kind: 'binary',
      column: column.name,
      options,
      ...fitClasses(column, trainRows, given, path, order, pooled),
    };
  },
  encode: encodeClasses,
  family: () => 'binary',
  width: () => 1,
  labelWidth: () => 1,
  ...binaryAnswer,
  loss: (logits, labels) => columnOf(bernoulliLoss(logits, labels), 0),
  linkParameters: () => [],
  link: (logits) => sigmoid(logits),
  initialBias: ({ rates }) => [logit(rates[1]!)],
  baseline: ({ rates }) => [rates[1]!],
  metrics: () => [
    aucMetric,
    averagePrecisionMetric,
    logLoss,
    brier,
    accuracy,
    balancedAccuracy,
    f1,
    calibrationError,
  ],
  calibrator: temperature,
  primary: () => 'auc',
};
