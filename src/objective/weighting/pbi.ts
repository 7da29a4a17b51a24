import { number } from '../../common/options.ts';
import { add, div, maximum, mul, reduceSum, sqrt, square, sub, type Tensor } from '../../engine/index.ts';
import type { LossWeighting } from '../loss-weighting.ts';
import { type Preferring, preferences, presentPreference, proportionOption } from './preference.ts';
import { TINY } from './present.ts';

interface PbiOptions extends Preferring {
  readonly theta: number;
}

/**
 * Penalty-based boundary intersection: d₁ + θd₂ with d₁ = ⟨L, r̂⟩ along the preference r and d₂ = ‖L − d₁r̂‖ away from it:
 * wₜ = r̂ₜ + θ (Lₜ − d₁r̂ₜ)/d₂. Below 0, for a task that is ahead of the preference, it counts as `min`.
 *
 * Q. Zhang, H. Li: MOEA/D: A Multiobjective Evolutionary Algorithm Based on Decomposition. IEEE Transactions on
 * Evolutionary Computation 11(6), 2007.
 */
export const pbiWeighting: LossWeighting<PbiOptions> = {
  name: 'pbi',
  title: 'Penalty-based boundary intersection',
  about: 'Keeps the losses in the proportion that you prefer while it lowers them.',
  paper:
    'Q. Zhang, H. Li: MOEA/D: A Multiobjective Evolutionary Algorithm Based on Decomposition. IEEE Transactions on ' +
    'Evolutionary Computation 11(6), 2007.',
  options: {
    theta: number({ default: 5, about: 'θ, what a distance from the preferred proportion costs.' }),
    preference: proportionOption,
  },
  prefers: { option: 'preference', as: 'proportion' },
  check: (options, tasks) => void preferences(options, tasks),
  weigh: (context, options) => {
    const { losses } = context;
    const preferred = presentPreference(context, options);
    const direction = div(preferred, maximum(norm(preferred), TINY));
    const along = reduceSum(mul(losses, direction), -1, { keepDims: true });
    const aside = sub(losses, mul(direction, along));
    // What is left by rounding alone has no direction.
    const distance = add(maximum(norm(aside), mul(along, 1e-6)), TINY);
    return { weights: add(direction, mul(div(aside, distance), options.theta)) };
  },
};

const norm = (x: Tensor): Tensor => sqrt(reduceSum(square(x), -1, { keepDims: true }));
