import { number } from '../../common/options.ts';
import { dot, minNorm, multiply } from '../solvers/index.ts';
import type { Aggregation } from './aggregation.ts';
import { stateless } from './define.ts';

interface PeLtrOptions {
  readonly given: number;
}

/**
 * Pareto-efficient weights with bounds: min ‖Σ wₜ gₜ‖² with Σw = 1 and wₜ ≥ bₜ = f pₜ, where f is what is
 * `given` by preference p. With w = b + (1 − f) v and v on the simplex, it is the shortest point of the hull of (1 − f) gₜ + Σ bₛ gₛ, found exactly
 * (the paper solves without bounds and projects).
 */
export const peLtr: Aggregation<PeLtrOptions, null> = stateless({
  name: 'pe-ltr',
  title: 'Pareto-efficient weights with bounds (PE-LTR)',
  about: 'Multiple-gradient descent in which every task keeps a least weight.',
  paper:
    'X. Lin, H. Chen, C. Pei, F. Sun, X. Xiao, H. Sun, Y. Zhang, W. Ou, P. Jiang: A Pareto-efficient algorithm for multiple objective optimization in e-commerce recommendation. RecSys 2019.',
  needs: 'gramian',
  prefers: true,
  options: {
    given: number({
      default: 0.5,
      max: 1,
      about:
        'The part of the weights that is given out by preference; multiple-gradient descent gives out the rest.',
    }),
  },
  weigh: ({ gramian, size, preference }, { given }) => {
    const least = preference.map((share) => given * share);
    const free = 1 - given;
    const along = multiply(gramian, least);
    const square = dot(least, along);
    const shifted = gramian.map((value, k) => {
      const shift = along[Math.floor(k / size)]! + along[k % size]!;
      return free * (free * value + shift) + square;
    });
    const v = minNorm(shifted, size);
    return least.map((value, i) => value + free * v[i]!);
  },
});
