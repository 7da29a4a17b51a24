import type { Options } from '../../common/options.ts';
import type { RandomStream } from '../../common/random.ts';
import type { Tensor } from '../../engine/index.ts';
import type { WeightingContext } from '../loss-weighting.ts';

/**
 * What is known of a step: J has a row gₜ for each of T tasks, the gradient of its loss with respect to the shared
 * parameters (or the shared representation).
 */
export interface AggregationInput {
  /** Of all tasks. */
  readonly names: readonly string[];
  /** JJᵀ, [T, T], row-major. */
  readonly gramian: Float64Array;
  /** J₁J₂ᵀ of two independent batches, [T, T], for methods that ask for several. */
  readonly cross?: Float64Array;
  readonly losses: Float64Array;
  /** False for tasks without labelled rows in the batch: they take no part and get weight 0. */
  readonly present: readonly boolean[];
  /** Steps done before this one. */
  readonly step: number;
  readonly random: RandomStream;
  /** How much each task counts, ≥ 0; equal where not given. Methods that know no preference pass it over. */
  readonly preference?: Float64Array;
}

export interface AggregationStep<S = unknown> {
  /** α of the direction d = Σ αₜ gₜ that is subtracted from θ, [T]. */
  readonly weights: Float64Array;
  readonly state: S;
}

export interface HeldWeights {
  readonly steps: number;
  /** [T] */
  readonly weights: readonly number[];
}

/** What a transform of gradients may ask for while the step is built. */
export interface GradientContext
  extends Pick<WeightingContext, 'losses' | 'present' | 'lead' | 'state' | 'next' | 'noise'> {
  /** A value of the size of gradients that is carried from step to step and starts at 0, [...lead, ...shape]. */
  readonly zeros: (name: string, shape: readonly number[]) => Tensor;
}

export interface Direction {
  /** d, [...lead, n] */
  readonly direction: Tensor;
  /** α where d is Σ αₜ gₜ, [...lead, T], to be watched. */
  readonly weights?: Tensor;
}

/**
 * A way to make one direction of several gradients: a pure function of their Gramian in float64, with its own state.
 *
 * @typeParam O its options, with defaults; plain JSON
 * @typeParam S its state, plain JSON, which travels with a checkpoint
 */
export interface Aggregation<O extends object = object, S = unknown> {
  /** On the command line and in configs: `pcgrad`. */
  readonly name: string;
  /** As a heading: "Gradient surgery". */
  readonly title: string;
  /** One sentence for lists. */
  readonly about: string;
  readonly paper: string;
  readonly options: Options<O>;
  /** Whose Gramian: of the gradients of shared parameters, or of the shared representation; or coordinates of J as well. */
  readonly needs: 'gramian' | 'jacobian' | 'representation';
  /** Independent batches a step; from two on there is `cross`, and with three the weights are for the third. Default 1. */
  readonly batches?: 2 | 3;
  /** Whether the weights follow `preference`: the registry then gives it an option of that name. */
  readonly prefers?: true;
  /**
   * Refuses options that do not fit the tasks.
   *
   * @param tasks their names
   */
  check?(options: O, tasks: readonly string[]): void;
  init(tasks: number, options: O): S;
  step(input: AggregationInput, state: S, options: O): AggregationStep<S>;
  /** Weights that hold from a step on without asking, and for how many steps; nothing where it must be asked. */
  ahead?(step: number, state: S, options: O): HeldWeights | undefined;
  /** What takes the place of J, before the Gramian is taken and in the direction: [...lead, T, n]. */
  transform?(jacobian: Tensor, context: GradientContext, options: O): Tensor;
  /** Goes all the way by itself, inside the graph; `step` is not asked then. */
  direction?(jacobian: Tensor, context: GradientContext, options: O): Direction;
}

/** Forgets which options and state an aggregation has; whoever calls it has parsed them. */
export function anyAggregation<O extends object, S>(aggregation: Aggregation<O, S>): Aggregation {
  return aggregation as unknown as Aggregation;
}
