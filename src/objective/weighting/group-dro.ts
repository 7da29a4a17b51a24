import { number } from '../../common/options.ts';
import { add, constant } from '../../engine/index.ts';
import type { LossWeighting } from '../loss-weighting.ts';
import { exponentiated } from './exponentiated.ts';

interface GroupDroOptions {
  readonly eta: number;
  readonly adjustment: number;
}

/**
 * Group distributionally robust optimisation with tasks as groups: qₜ ← qₜ exp(η (Lₜ + C/√nₜ)) / Σ, wₜ = qₜ, where nₜ
 * is the number of labelled training rows.
 *
 * S. Sagawa, P. W. Koh, T. B. Hashimoto, P. Liang: Distributionally Robust Neural Networks for Group Shifts: On the
 * Importance of Regularization for Worst-Case Generalization. ICLR 2020.
 */
export const groupDroWeighting: LossWeighting<GroupDroOptions> = {
  name: 'group-dro',
  title: 'Group distributionally robust optimisation',
  about: 'The worst case over tasks, small tasks counted as worse than they look.',
  paper:
    'S. Sagawa, P. W. Koh, T. B. Hashimoto, P. Liang: Distributionally Robust Neural Networks for Group Shifts: On ' +
    'the Importance of Regularization for Worst-Case Generalization. ICLR 2020.',
  options: {
    eta: number({ default: 0.01, about: 'η, how fast weight moves.' }),
    adjustment: number({ default: 0, about: 'C; a task of n rows counts as worse by C/√n.' }),
  },
  weigh: (context, { eta, adjustment }) => {
    const { losses, tasks } = context;
    const gaps = tasks.map(({ rows }) => adjustment / Math.sqrt(Math.max(rows, 1)));
    return { weights: exponentiated(context, add(losses, constant(gaps, { dtype: losses.dtype })), eta) };
  },
};
