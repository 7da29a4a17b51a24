import { add, mul, sub } from '../operators/arithmetic.ts';
import type { Tensor } from '../tensor.ts';
import { checkOptions, fraction } from './check.ts';

/**
 * The weight 1 − d_t that a step's parameters get in their moving average, with d_t = min(d, (1 + t)/(10 + t)).
 *
 * The warm-up lets the average follow at first, when the parameters are still far from where they will be.
 *
 * @param step t, counted from 1
 * @param decay d in [0, 1), such as 0.999
 * @throws `optimiser-invalid` for a decay out of range
 */
export function averageWeight(step: number, decay: number): number {
  checkOptions('optimiser-invalid', 'average', { decay }, { decay: fraction });
  return 1 - Math.min(decay, (1 + step) / (10 + step));
}

/**
 * The next exponential moving average of the parameters: d·ema + (1 − d)·θ.
 *
 * B. Polyak, A. Juditsky: Acceleration of Stochastic Approximation by Averaging. SIAM J. Control Optim. 30, 1992.
 *
 * @param ema the average so far, θ itself at the start
 * @param weight 1 − d, from `averageWeight`
 * @example const next = movingAverage(ema, theta, input('average/weight', [], { role: 'step' }));
 */
export function movingAverage(ema: Tensor, theta: Tensor, weight: Tensor): Tensor {
  // As a difference: an average that equals θ stays so exactly.
  return add(ema, mul(sub(theta, ema), weight));
}
