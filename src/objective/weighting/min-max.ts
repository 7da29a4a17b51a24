import { cast, div, equal, mul, reduceMax } from '../../engine/index.ts';
import type { LossWeighting } from '../loss-weighting.ts';
import { among, countOf } from './present.ts';

/**
 * max Lₜ, by a subgradient: the worst of the tasks that are present has weight 1; equal ones share it.
 *
 * N. A. Mehta, D. Lee, A. G. Gray: Minimax Multi-Task Learning and a Generalized Loss-Compositional Paradigm for MTL.
 * NIPS 2012.
 */
export const minMaxWeighting: LossWeighting = {
  name: 'min-max',
  title: 'Worst task',
  about: 'The largest loss alone.',
  paper:
    'N. A. Mehta, D. Lee, A. G. Gray: Minimax Multi-Task Learning and a Generalized Loss-Compositional Paradigm for ' +
    'MTL. NIPS 2012.',
  options: {},
  weigh: ({ losses, present }) => {
    const own = among(losses, present);
    const worst = mul(cast(equal(own, reduceMax(own, -1, { keepDims: true })), losses.dtype), present);
    return { weights: div(worst, countOf(worst)) };
  },
};
