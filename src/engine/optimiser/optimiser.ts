import type { Tensor } from '../tensor.ts';

/**
 * An update rule, elementwise: it serves the packed matrix of all parameters and the rows of an embedding table alike.
 */
export interface Optimiser {
  readonly name: string;
  /** What PyTorch takes where no learning rate is given. */
  readonly defaultLearningRate: number;
  /** Names of the tensors kept beside each parameter, of its shape and zero at the start. */
  readonly slots: readonly string[];
  /**
   * The numbers that depend on the step alone (learning rate, bias corrections), computed on the host in double
   * precision. The keys are the same at every step.
   *
   * @param step counted from 1
   */
  scalars(step: number, learningRate: number): Readonly<Record<string, number>>;
  /** The update as graph. */
  update(input: UpdateInput): UpdateResult;
}

export interface UpdateInput {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  readonly slots: Readonly<Record<string, Tensor>>;
  /** One tensor for each key of `scalars`, of any shape that broadcasts against the parameter. */
  readonly scalars: Readonly<Record<string, Tensor>>;
  /**
   * 1 where weight decay applies and 0 where it does not (biases, norms), of any shape that broadcasts against the
   * parameter; absent means everywhere.
   */
  readonly decayMask?: Tensor;
}

export interface UpdateResult {
  readonly parameter: Tensor;
  readonly slots: Readonly<Record<string, Tensor>>;
}
