import { choice, number } from '../../common/options.ts';
import { bestInBall } from '../solvers/index.ts';
import type { Aggregation } from './aggregation.ts';
import { stateless } from './define.ts';

interface CagradOptions {
  readonly c: number;
  readonly rescale: 'squared' | 'linear' | 'none';
}

/**
 * Conflict-averse descent: within a ball of radius c‖g₀‖ around the mean gradient g₀, the direction that serves the
 * worst-off task best, max_d min_t gₜ·d with ‖d − g₀‖ ≤ c‖g₀‖; divided by 1 + c² (squared) or 1 + c (linear). c = 0 is
 * the mean, and c → ∞ has the direction of multiple-gradient descent. Preferences weigh the mean.
 */
export const cagrad: Aggregation<CagradOptions, null> = stateless({
  name: 'cagrad',
  title: 'Conflict-averse gradient descent',
  about: 'Near the mean gradient, the direction that helps the worst-off task most.',
  paper:
    'B. Liu, X. Liu, X. Jin, P. Stone, Q. Liu: Conflict-averse gradient descent for multi-task learning. NeurIPS 2021.',
  needs: 'gramian',
  prefers: true,
  options: {
    c: number({ default: 0.5, about: 'How far from the mean gradient to look, in its lengths.' }),
    rescale: choice(['squared', 'linear', 'none'], {
      default: 'squared',
      about: 'What the direction is divided by: 1 + c², 1 + c, or nothing.',
    }),
  },
  weigh: ({ gramian, preference }, { c, rescale }) => {
    const divisor = { squared: 1 + c * c, linear: 1 + c, none: 1 }[rescale];
    return bestInBall(gramian, preference, c).map((value) => value / divisor);
  },
});
