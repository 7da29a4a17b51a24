import type { Options } from '../common/options.ts';
import type { Tensor } from '../engine/index.ts';
import type { ValidationRequest } from './along-validation.ts';

/** What a weighting may know of a task before training. */
export interface TaskFacts {
  readonly name: string;
  /** Labelled training rows. */
  readonly rows: number;
  /** How much the user counts the task, whatever the method finds; default 1. */
  readonly weight?: number;
}

/** What is known of a task in one replica. */
export interface ReplicaTask extends TaskFacts {
  /** The mean training loss that a model of this task alone reaches; known where the weighting `needs` it. */
  readonly baseline?: number;
}

/**
 * What a weighting may ask for while the step is built. Its functions do not use `this`; names need to differ within
 * one weighting only. T is the number of tasks, `lead` the replicas side by side.
 */
export interface WeightingContext {
  /** Each task's loss in this batch, [...lead, T]: 0 where a task has no labelled row in it. No gradient flows. */
  readonly losses: Tensor;
  /** 1 where a task has labelled rows in the batch, else 0, [...lead, T]. */
  readonly present: Tensor;
  readonly tasks: readonly TaskFacts[];
  readonly lead: readonly number[];
  /** A parameter that the run's optimiser trains, without decay, by what the weighting `learns`: [...lead, size]. */
  readonly parameter: (name: string, initial: readonly number[]) => Tensor;
  /** A value that is carried from step to step, [...lead, size]; `next` says what follows. */
  readonly state: (name: string, initial: readonly number[]) => Tensor;
  readonly next: (name: string, value: Tensor) => void;
  /** A vector that `epochInputs` gives anew for each epoch, [...lead, size]. */
  readonly epochInput: (name: string, size: number) => Tensor;
  /** Standard normal numbers drawn anew at each step from (seed, step), [...lead, size]. */
  readonly noise: (name: string, size: number) => Tensor;
  /** Hands over the losses of the same batch after the update of θ; only `next` may use them. It costs one more forward pass. */
  readonly lossesAfter: (use: (after: Tensor) => void) => void;
  /**
   * Hands over how fast each task's loss changes along the gradient of the validation losses, [...lead, T]; only `next`
   * may use it. It costs a forward and backward pass and two more forward passes.
   */
  readonly alongValidation: (request: ValidationRequest, use: (slopes: Tensor) => void) => void;
}

/** What a weighting finds for a step. */
export interface Weights {
  /** wₜ, [...lead, T]; what it says of absent tasks does not count. The model descends Σ wₜLₜ with w held fast. */
  readonly weights: Tensor;
  /** What the weighting's own parameters descend, [...lead]. */
  readonly learns?: Tensor;
}

/**
 * A way of weighing losses, as a function that builds graph: it runs inside the training step, for all replicas at once.
 *
 * Any objective F(L₁ … L_T) is such a weighting with wₜ = ∂F/∂Lₜ. What compares losses within a step compares those that
 * are present; what is carried from step to step is a distribution over all tasks, of which the absent leave their share
 * unused, and their part of the state stays as it is.
 *
 * @typeParam O its options, with defaults; plain JSON
 */
export interface LossWeighting<O extends object = object> {
  /** On the command line and in configs: `imtl-l`. */
  readonly name: string;
  /** As a heading: "Uncertainty weighting". */
  readonly title: string;
  /** One sentence for lists. */
  readonly about: string;
  readonly paper: string;
  /** What it cannot do without: each task's `baseline`, or rows of `validation`. */
  readonly needs?: 'baseline' | 'validation';
  readonly options: Options<O>;
  /**
   * The option, numbers by task, that chooses between tasks: how much each should matter, or in which proportion their
   * losses are wanted, so that a task with a larger one matters less.
   */
  readonly prefers?: {
    readonly option: 'preference' | 'weights';
    readonly as: 'importance' | 'proportion';
  };
  /**
   * Refuses options that do not fit the tasks.
   *
   * @param tasks their names
   */
  check?(options: O, tasks: readonly string[]): void;
  weigh(context: WeightingContext, options: O): Weights;
  /**
   * The inputs of the next epoch for one replica, from what it has seen.
   *
   * @param history mean training losses [epoch][task] over the steps with labels of the task; 0 where there were none
   * @param tasks as they are in this replica
   */
  epochInputs?(
    history: readonly (readonly number[])[],
    options: O,
    tasks: readonly ReplicaTask[],
  ): Readonly<Record<string, readonly number[]>>;
}

/** Forgets which options a weighting takes; whoever calls it has parsed them. */
export function anyWeighting<O extends object>(weighting: LossWeighting<O>): LossWeighting {
  return weighting as unknown as LossWeighting;
}
