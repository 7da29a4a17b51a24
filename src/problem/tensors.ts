import { mul, sub } from '../engine/operators/arithmetic.ts';
import { softplus } from '../engine/operators/elementwise.ts';
import { slice, squeeze } from '../engine/operators/shape.ts';
import type { Tensor } from '../engine/tensor.ts';

/** Column k of the last axis, that axis gone: [..., n] → [...]. */
export function columnOf(x: Tensor, k: number): Tensor {
  return squeeze(slice(x, -1, k, k + 1), -1);
}

/** Column k of the last axis, that axis kept: [..., n] → [..., 1]. */
export function keepColumn(x: Tensor, k: number): Tensor {
  return x.shape.at(-1) === 1 && k === 0 ? x : slice(x, -1, k, k + 1);
}

/** −ln of a Bernoulli likelihood, ln(1 + eˡ) − y l, elementwise. */
export function bernoulliLoss(logits: Tensor, labels: Tensor): Tensor {
  return sub(softplus(logits), mul(logits, labels));
}

/** ln(p / (1 − p)). */
export function logit(probability: number): number {
  return Math.log(probability) - Math.log1p(-probability);
}
