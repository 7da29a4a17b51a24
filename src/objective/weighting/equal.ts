import type { LossWeighting } from '../loss-weighting.ts';
import type { Weighting } from '../weighting.ts';

/** Σ Lᵢ: every task counts the same. R. Caruana: Multitask Learning. Machine Learning 28, 1997. */
export function equal(): Weighting<number> {
  return {
    name: 'equal',
    needs: 'nothing',
    init: (tasks) => tasks.length,
    step: (_, tasks) => ({ weights: new Float64Array(tasks).fill(1), state: tasks }),
  };
}

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
