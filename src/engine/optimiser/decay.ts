import { add, mul, sub } from '../operators/arithmetic.ts';
import type { Tensor } from '../tensor.ts';

/**
 * The gradient of the loss with the penalty λ/2 ‖θ‖²: g + λ m ⊙ θ.
 *
 * @param mask 1 where the penalty applies and 0 where it does not; absent means everywhere
 */
export function withPenalty(
  gradient: Tensor,
  parameter: Tensor,
  weightDecay: number,
  mask: Tensor | undefined,
): Tensor {
  if (weightDecay === 0) return gradient;
  const rate = mask === undefined ? weightDecay : mul(mask, weightDecay);
  return add(gradient, mul(parameter, rate));
}

/**
 * Decoupled weight decay: θ · keep where the mask is 1, θ exactly where it is 0.
 *
 * @param keep 1 − ηλ
 */
export function decayed(parameter: Tensor, keep: Tensor, mask: Tensor | undefined): Tensor {
  return mul(parameter, mask === undefined ? keep : add(mul(mask, sub(keep, 1)), 1));
}
