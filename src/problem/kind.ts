import type { Column } from '../common/table.ts';
import type { Tensor } from '../engine/tensor.ts';
import type { Answer } from './answers/answer.ts';
import type { Calibrator } from './calibration/calibrator.ts';
import type { FittedTask } from './fitted.ts';
import type { Metric } from './metrics/metric.ts';
import type { Profile } from './profile.ts';

/** Columns beside the labels that a kind reads. */
export interface Companions {
  /** How long or how much each row was observed; positive. */
  readonly exposure?: Column;
}

export type { FittedTask };

export interface FitContext<Fitted extends FittedTask = FittedTask> extends Companions {
  /**
   * In a long problem: the fit on the rows of all tasks. Classes and scales come from it, base rates lean on it with
   * the weight of one row, and a task without a label or with one class is no error.
   */
  readonly pooled?: Fitted;
}

/** The labels of N rows, row-major. */
export interface EncodedLabels {
  /** [N, labelWidth]: what the loss eats; 0 where the label is missing. */
  readonly labels: Float32Array;
  /** [N, labelWidth] in the user's units: what metrics eat; 0 where the label is missing. */
  readonly targets: Float64Array;
  /** [N]: 0 where the label is missing, else the weight of the row's class, which is above 0. */
  readonly weights: Float32Array;
  /** Rows with a label that the training rows did not have. */
  readonly unseen: number;
}

/** How well a kind suits a column: 0 not at all, 1 surely; the reason is printed beside the choice. */
export interface Suitability {
  readonly score: number;
  readonly reason: string;
}

/**
 * A kind of task: loss, link, labels, metrics and predictions of everything that is learned alike.
 *
 * Tensors count axes from the end, so that any number of leading axes (seeds, tasks) passes through. A kind never
 * divides by the size of the batch, and never looks whether a label is missing: rows of weight 0 carry the label 0,
 * and whoever reduces the losses multiplies by the weights.
 */
export interface Kind<
  Options extends object = object,
  Fitted extends FittedTask = FittedTask,
  Prediction = unknown,
> extends Answer<Fitted, Prediction> {
  readonly name: string;
  /** Checked options, with nothing added. @throws `task-options` */
  parseOptions(raw: unknown, path: string): Options;
  /** Names of the columns that the kind reads beside the labels. */
  companions?(options: Options): { readonly [K in keyof Companions]?: string };
  suits(profile: Profile): Suitability;
  /** Statistics from the training rows only. */
  fit(
    name: string,
    column: Column,
    trainRows: Int32Array,
    options: Options,
    context?: FitContext<Fitted>,
  ): Fitted;
  encode(column: Column, fitted: Fitted, companions?: Companions): EncodedLabels;
  /** Tasks of one family have the same widths and the same loss, and are batched along a task axis. */
  family(fitted: Fitted): string;
  /** How many logits a row has. */
  width(fitted: Fitted): number;
  labelWidth(fitted: Fitted): number;
  /**
   * The loss of every row, finite for any finite logits.
   *
   * @param logits [..., B, width]
   * @param labels [..., B, labelWidth]
   * @param fitted any task of the family
   * @returns [..., B]
   */
  loss(logits: Tensor, labels: Tensor, fitted: Fitted): Tensor;
  /** The numbers by which the link of one task differs from another's of its family; of one length in a family. */
  linkParameters(fitted: Fitted): number[];
  /**
   * From logits to the user's units.
   *
   * @param logits [..., B, width]
   * @param parameters [..., 1 or B, number of link parameters]
   * @param fitted any task of the family
   * @returns [..., B, outputWidth]
   */
  link(logits: Tensor, parameters: Tensor, fitted: Fitted): Tensor;
  /** [width]: the logits whose link is the baseline, from which training starts. */
  initialBias(fitted: Fitted): number[];
  /** [outputWidth]: the best constant prediction for the training labels. */
  baseline(fitted: Fitted): number[];
  metrics(fitted: Fitted): readonly Metric[];
  /** How predictions come to mean what they say; absent where they do not say how sure they are. */
  readonly calibrator?: Calibrator;
  /** The name of the metric by which the task is judged. */
  primary(fitted: Fitted): string;
}
