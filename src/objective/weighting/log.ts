import { div } from '../../engine/index.ts';
import type { LossWeighting } from '../loss-weighting.ts';
import { positive } from './present.ts';

/**
 * Σ ln Lₜ, also called scale-invariant: wₜ = 1/Lₜ, so that a task's unit of measurement does not matter.
 *
 * A. Navon, A. Shamsian, I. Achituve, H. Maron, K. Kawaguchi, G. Chechik, E. Fetaya: Multi-Task Learning as a Bargaining
 * Game. ICML 2022 (as a baseline, SI).
 */
export const logWeighting: LossWeighting = {
  name: 'log',
  title: 'Logarithms of losses',
  about: 'The sum of the logarithms of the losses: scales of losses do not matter.',
  paper:
    'A. Navon, A. Shamsian, I. Achituve, H. Maron, K. Kawaguchi, G. Chechik, E. Fetaya: Multi-Task Learning as a ' +
    'Bargaining Game. ICML 2022 (as a baseline, SI).',
  options: {},
  weigh: ({ losses }) => ({ weights: div(1, positive(losses)) }),
};
