import { exp, mul, reduceSum, sub } from '../../engine/index.ts';
import type { LossWeighting } from '../loss-weighting.ts';

/**
 * Learned scales that bring every loss to 1: Σ e^(sₜ)Lₜ − sₜ, which for losses that stay as they are ends at e^s L = 1.
 *
 * L. Liu, Y. Li, Z. Kuang, J.-H. Xue, Y. Chen, W. Yang, Q. Liao, W. Zhang: Towards Impartial Multi-Task Learning.
 * ICLR 2021.
 */
export const imtlLWeighting: LossWeighting = {
  name: 'imtl-l',
  title: 'Impartial learning, losses',
  about: 'Learns a scale for each task that brings its loss to 1.',
  paper:
    'L. Liu, Y. Li, Z. Kuang, J.-H. Xue, Y. Chen, W. Yang, Q. Liao, W. Zhang: Towards Impartial Multi-Task Learning. ' +
    'ICLR 2021.',
  options: {},
  weigh: ({ losses, present, tasks, parameter }) => {
    const s = parameter('s', new Array<number>(tasks.length).fill(0));
    const weights = exp(s);
    return { weights, learns: reduceSum(mul(sub(mul(weights, losses), s), present), -1) };
  },
};
