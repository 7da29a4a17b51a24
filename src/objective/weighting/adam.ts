import { add, div, greater, mul, sqrt, square, type Tensor, where } from '../../engine/index.ts';
import type { WeightingContext } from '../loss-weighting.ts';

/**
 * m̂ / (√v̂ + ε) for each task, over the steps in which it was present. Sums of powers of β stand in for the bias
 * corrections 1 − βᵏ, which in single precision would lose digits: M = βM + g and N = βN + 1 have m̂ = M/N.
 *
 * D. P. Kingma, J. Ba: Adam: A method for stochastic optimization. ICLR 2015.
 */
export function adamStep({ state, next, present, tasks }: WeightingContext, gradient: Tensor): Tensor {
  const mean = (name: string, beta: number, value: Tensor | number): Tensor => {
    const sum = state(name, new Array<number>(tasks.length).fill(0));
    const moved = add(mul(sum, beta), value);
    next(name, whereHere(present, moved, sum));
    return moved;
  };
  const first = div(mean('first', 0.9, gradient), mean('first/count', 0.9, 1));
  const second = div(mean('second', 0.999, square(gradient)), mean('second/count', 0.999, 1));
  return div(first, add(sqrt(second), 1e-8));
}

/** What follows for tasks that are present; the others keep what they had. */
export const whereHere = (present: Tensor, next: Tensor, old: Tensor): Tensor =>
  where(greater(present, 0), next, old);
