import { add, mul, softmax, type Tensor } from '../../engine/index.ts';
import type { WeightingContext } from '../loss-weighting.ts';

/**
 * A distribution over tasks that follows gains: qₜ ← qₜ exp(η gainₜ) / Σ, from the uniform one. Logits are what is
 * carried, so that those of absent tasks stay as they are.
 *
 * J. Kivinen, M. Warmuth: Exponentiated Gradient versus Gradient Descent for Linear Predictors. Information and
 * Computation 132(1), 1997.
 *
 * @param gains [...lead, T]
 * @returns q after this step's gains, [...lead, T]
 */
export function exponentiated(context: WeightingContext, gains: Tensor, eta: number): Tensor {
  const logits = context.state('logits', new Array<number>(context.tasks.length).fill(0));
  const next = add(logits, mul(mul(gains, context.present), eta));
  context.next('logits', next);
  return softmax(next);
}
