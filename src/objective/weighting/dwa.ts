import { number } from '../../common/options.ts';
import type { LossWeighting } from '../loss-weighting.ts';

interface DwaOptions {
  readonly temperature: number;
}

/**
 * Dynamic weight average: w = T softmax(r/τ) with rₜ = Lₜ(e − 1) / Lₜ(e − 2), means over epochs; 1 in the first two. A
 * task whose losses are not known has r = 1.
 *
 * S. Liu, E. Johns, A. J. Davison: End-to-End Multi-Task Learning with Attention. CVPR 2019.
 */
export const dwaWeighting: LossWeighting<DwaOptions> = {
  name: 'dwa',
  title: 'Dynamic weight average',
  about: 'Weighs more what got better less from one epoch to the next.',
  paper: 'S. Liu, E. Johns, A. J. Davison: End-to-End Multi-Task Learning with Attention. CVPR 2019.',
  options: {
    temperature: number({ default: 2, min: 0.01, about: 'τ; the larger, the more alike the weights.' }),
  },
  weigh: ({ tasks, epochInput }) => ({ weights: epochInput('weights', tasks.length) }),
  epochInputs: (history, { temperature }, tasks) => {
    const [before, last] = [history.at(-2), history.at(-1)];
    const rates = tasks.map((_, t) => rateOf(before?.[t], last?.[t]) / temperature);
    const top = Math.max(...rates);
    const shares = rates.map((rate) => Math.exp(rate - top));
    const total = shares.reduce((a, b) => a + b, 0);
    return { weights: shares.map((share) => (tasks.length * share) / total) };
  },
};

function rateOf(before = 0, last = 0): number {
  return before > 0 && last > 0 ? last / before : 1;
}
