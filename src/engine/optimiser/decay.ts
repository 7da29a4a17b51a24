import { constant, constantOperator } from '../leaf.ts';
import { add, maximum, mul, sub } from '../operators/arithmetic.ts';
import type { ConstantData, Tensor } from '../tensor.ts';

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
  if (mask === undefined) return add(gradient, mul(parameter, weightDecay));
  const fixed = constantData(mask);
  const rate =
    fixed === undefined ? mul(mask, weightDecay) : mapConstant(mask, fixed, (own) => own * weightDecay);
  return add(gradient, mul(parameter, rate));
}

/**
 * Decoupled weight decay: θ where the mask is 0, and θ · keep where it is 1.
 *
 * @param keep 1 − ηλ, at most 1
 */
export function decayed(parameter: Tensor, keep: Tensor, mask: Tensor | undefined): Tensor {
  if (mask === undefined) return mul(parameter, keep);
  const fixed = constantData(mask);
  if (fixed === undefined) return mul(parameter, add(mul(mask, sub(keep, 1)), 1));
  // As keep ≤ 1, the larger of it and (−∞ or 1) chooses between keep and 1 in a single pass.
  const floor = mapConstant(mask, fixed, (own) => (own === 0 ? 1 : Number.NEGATIVE_INFINITY));
  return mul(parameter, maximum(keep, floor));
}

function constantData({ node }: Tensor): ConstantData | undefined {
  if ((node.operator as unknown) !== constantOperator) return undefined;
  return (node.attributes as { data: ConstantData }).data;
}

function mapConstant(
  { dtype, shape }: Tensor,
  data: ConstantData,
  change: (value: number) => number,
): Tensor {
  const values = Array.from(data as ArrayLike<number | bigint>, (value) => change(Number(value)));
  return constant(values, { shape: shape as readonly number[], dtype });
}
