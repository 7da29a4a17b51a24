import {
  add,
  constant,
  div,
  gradient,
  maximum,
  mul,
  reduceSum,
  sqrt,
  square,
  stopGradient,
  sub,
  type Tensor,
} from '../engine/index.ts';

/** What a weighting that learns from validation rows asks of a step. */
export interface ValidationRequest {
  /** η of the step after which validation losses are looked at. */
  readonly rate: number;
  /** How much each task's validation loss counts, [T]. */
  readonly preference: readonly number[];
}

/** Losses as functions of the packed parameters [...lead, n]. */
export interface AlongValidation {
  readonly theta: Tensor;
  /** The gradient of what is descended, [...lead, n]. */
  readonly slope: Tensor;
  /** Each task's loss on the training batch, [...lead, T]. */
  lossesAt(theta: Tensor): Tensor;
  /** Each task's loss on a batch of validation rows, [...lead, T]. */
  validationAt(theta: Tensor): Tensor;
}

/** The length of the finite differences, ‖ε v‖. */
const REACH = 0.01;

/**
 * How fast each task's training loss changes along the direction that raises the validation losses,
 * hₜ = (Lₜ(θ + εv) − Lₜ(θ − εv)) / 2ε with v = ∇ Σ pₜ Lᵥₜ(θ′), θ′ = θ − η ∇L and ε = 0.01/‖v‖: the derivative of the
 * validation losses after a step by the weight of task t in it is −η hₜ.
 *
 * S. Liu, S. James, A. J. Davison, E. Johns: Auto-Lambda: Disentangling Dynamic Task Relationships. TMLR 2022.
 *
 * @returns [...lead, T]
 */
export function slopesAlongValidation(
  { theta, slope, lossesAt, validationAt }: AlongValidation,
  { rate, preference }: ValidationRequest,
): Tensor {
  const counts = constant(preference, { dtype: theta.dtype });
  const ahead = stopGradient(sub(theta, mul(slope, rate)));
  const [v] = gradient(reduceSum(mul(validationAt(ahead), counts)), [ahead]) as [Tensor];
  const norm = sqrt(reduceSum(square(v), -1, { keepDims: true }));
  const epsilon = div(REACH, maximum(norm, 1e-12));
  const shift = mul(v, epsilon);
  const change = sub(lossesAt(add(theta, shift)), lossesAt(sub(theta, shift)));
  return div(change, mul(epsilon, 2));
}
