import type { BinaryPrediction } from './answers/binary.ts';
import type { CountPrediction } from './answers/count.ts';
import type { MulticlassPrediction } from './answers/multiclass.ts';
import type { MultilabelPrediction } from './answers/multilabel.ts';
import type { OrdinalPrediction } from './answers/ordinal.ts';
import type { QuantilePrediction, RegressionPrediction } from './answers/regression.ts';
import type { BinaryOptions } from './kinds/binary.ts';
import type { CountOptions } from './kinds/count.ts';
import type { MulticlassOptions } from './kinds/multiclass.ts';
import type { MultilabelOptions } from './kinds/multilabel.ts';
import type { OrdinalOptions } from './kinds/ordinal.ts';
import type { RegressionOptions } from './kinds/regression.ts';
import { kindOf } from './registry.ts';

declare const prediction: unique symbol;

/** A task as the user defines it: plain JSON, and in its type what `predict` will return. */
export interface Task<Prediction = unknown> {
  /** A name of the registry. */
  readonly kind: string;
  /** The column of labels, where it is not named as the task is. */
  readonly column?: string;
  readonly options: object;
  /** In the types only. */
  readonly [prediction]?: Prediction;
}

export type PredictionOf<T extends Task> = T extends Task<infer Prediction> ? Prediction : never;

/** Every task may name its column. */
export interface TaskColumn {
  readonly column?: string;
}

/**
 * A task of a kind that is only known as it runs, such as one read from a file.
 *
 * @throws `kind-unknown`, `task-options`
 */
export function task(kind: string, options: object = {}, path: string = 'task'): Task {
  const { column, ...rest } = options as TaskColumn;
  const parsed = kindOf(kind, `${path}.kind`).parseOptions(rest, path);
  return { kind, ...(column !== undefined && { column }), options: parsed };
}

/** @example binary({ positive: '>50K' }) */
export function binary(options?: BinaryOptions & TaskColumn): Task<BinaryPrediction> {
  return task('binary', options) as Task<BinaryPrediction>;
}

/** Classes that are listed become the type of the label. */
type Listed<Options, C extends string, Key extends string> = Omit<Options, Key> &
  TaskColumn & { readonly [K in Key]?: readonly C[] };

/** @example multiclass({ classes: ['cat', 'dog', 'bird'] }) */
export function multiclass<const C extends string = string>(
  options?: Listed<MulticlassOptions, C, 'classes'>,
): Task<MulticlassPrediction<C>> {
  return task('multiclass', options) as Task<MulticlassPrediction<C>>;
}

/** @example multilabel({ separator: '|' }) */
export function multilabel<const C extends string = string>(
  options?: Listed<MultilabelOptions, C, 'labels'>,
): Task<MultilabelPrediction<C>> {
  return task('multilabel', options) as Task<MultilabelPrediction<C>>;
}

/** @example regression({ loss: 'quantile', quantiles: [0.1, 0.5, 0.9] }) */
export function regression(
  options: RegressionOptions & TaskColumn & { readonly loss: 'quantile' },
): Task<QuantilePrediction>;
export function regression(options?: RegressionOptions & TaskColumn): Task<RegressionPrediction>;
export function regression(options?: RegressionOptions & TaskColumn): Task<RegressionPrediction> {
  return task('regression', options) as Task<RegressionPrediction>;
}

/** @example count({ exposure: 'days observed' }) */
export function count(options?: CountOptions & TaskColumn): Task<CountPrediction> {
  return task('count', options) as Task<CountPrediction>;
}

/** @example ordinal({ classes: ['low', 'medium', 'high'] }) */
export function ordinal<const C extends string = string>(
  options?: Listed<OrdinalOptions, C, 'classes'>,
): Task<OrdinalPrediction<C>> {
  return task('ordinal', options) as Task<OrdinalPrediction<C>>;
}
