import type { Options } from '../../common/options.ts';
import type { Tensor } from '../../engine/index.ts';
import type { FeatureSet } from '../aside.ts';
import type { Encoder } from '../encoder.ts';
import type { HeadSpec } from '../heads.ts';
import type { BatchInputs, FeatureSignature } from '../inputs.ts';
import type { Mode } from '../layers.ts';
import type { ParameterSet } from '../parameter.ts';
import type { Recorder } from '../probe.ts';
import type { Sketch } from '../sketch.ts';
import type { TaskAxis } from '../task-axis.ts';
import type { LayerView } from '../view.ts';

/**
 * Whose the output layer is, where rows have one task each: each task's `own`; `leaning`, a common one from which each
 * task deviates a little; or one that is `shared`. For wide rows `own` and `leaning` are the same.
 */
export type HeadOwnership = 'own' | 'leaning' | 'shared';

/** What a sharing hands to the heads. */
export interface Representation {
  /** Shared [..., batch, H], or each task's own; see `TaskAxis`. */
  readonly value: Tensor;
  readonly heads: HeadOwnership;
  /**
   * Where rows have one task each: what towers and output weights take their parameters from, in place of `heads`;
   * each task's output bias is its own.
   */
  readonly headView?: LayerView;
  /** What is added to the logits of some tasks. */
  readonly offset?: LogitOffset;
}

/** A term of the logits that no head gives. */
export interface LogitOffset {
  /** Tasks of one logit. */
  readonly tasks: readonly string[];
  /** [..., batch or 1, tasks] */
  readonly value: Tensor;
}

/** What a sharing is given while a model is built. */
export interface SharingContext {
  readonly set: ParameterSet;
  /** Names, in the order of the model's heads. */
  readonly tasks: readonly string[];
  readonly heads: readonly HeadSpec[];
  readonly axis: TaskAxis;
  readonly inputs: BatchInputs;
  /** The features of the columns that the sharing takes aside. */
  readonly aside: FeatureSet;
  readonly encoder: Encoder;
  readonly mode: Mode;
  /** Takes what should be watched while training: gates, matrices. */
  readonly record: Recorder;
  /** Adds a term [...lead] to the objective, beside the tasks' losses. */
  penalise(term: Tensor): void;
}

/** What a sharing needs to draw itself. */
export interface SketchContext {
  readonly tasks: readonly string[];
  /** Width of each layer of the trunk. */
  readonly widths: readonly number[];
  readonly heads?: readonly HeadSpec[];
}

/** What a sharing is checked against. */
export interface SharingProblem extends SketchContext {
  readonly features?: FeatureSignature;
}

/**
 * A way of splitting θ into what tasks share and what is their own.
 *
 * @typeParam O its options, with defaults; plain JSON
 */
export interface Sharing<O extends object = object> {
  /** On the command line and in configs: `mmoe`. */
  readonly name: string;
  /** As a heading: "Multi-gate mixture of experts". */
  readonly title: string;
  /** One sentence for lists. */
  readonly about: string;
  readonly options: Options<O>;
  /** True where no task feels another: such tasks stop on their own. */
  readonly separate?: boolean;
  /** True where a row meets its own task's parameters alone, so that a long problem may train in blocks, one a task. */
  readonly blocks?: boolean;
  /** True where rows of one task each cannot stand in blocks: networks of several tasks look at every row. */
  readonly rowwise?: boolean;
  /** True where what a task owns also serves other tasks: its parameters move by their losses too. */
  readonly mixes?: boolean;
  /**
   * Refuses options that do not fit the problem.
   *
   * @throws `sharing-invalid`
   */
  check?(options: O, problem: SharingProblem): void;
  /** Source columns that the trunk does not see; the sharing gets them aside, and a baseline goes without them. */
  aside?(options: O): readonly string[];
  represent(context: SharingContext, options: O): Representation;
  /** The trunk as blocks and links, for drawings. */
  sketch(context: SketchContext, options: O): Sketch;
}

/** Forgets which options a sharing takes; whoever calls it has parsed them. */
export function anyOptions<O extends object>(sharing: Sharing<O>): Sharing {
  return sharing as unknown as Sharing;
}
