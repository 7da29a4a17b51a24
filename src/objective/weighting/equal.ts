import type { LossWeighting } from '../loss-weighting.ts';

/**
 * Σ Lₜ: every task counts the same.
 *
 * V. Kurin, A. De Palma, I. Kostrikov, S. Whiteson, M. P. Kumar: In Defense of the Unitary Scalarization for Deep
 * Multi-Task Learning. NeurIPS 2022.
 */
export const equalWeighting: LossWeighting = {
  name: 'equal',
  title: 'Equal weights',
  about: 'The sum of all losses.',
  paper: 'R. Caruana: Multitask Learning. Machine Learning 28, 1997.',
  options: {},
  weigh: ({ present }) => ({ weights: present }),
};
