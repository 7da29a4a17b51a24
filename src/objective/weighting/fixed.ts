import { constant } from '../../engine/index.ts';
import { type ByTask, byTask, inOrder } from '../by-task.ts';
import type { LossWeighting } from '../loss-weighting.ts';

const PATH = 'objective.weights';

interface FixedOptions {
  readonly weights: 'equal' | ByTask;
}

const weightsOf = ({ weights }: FixedOptions, tasks: readonly string[]): number[] =>
  inOrder(weights === 'equal' ? {} : weights, tasks, 1, PATH);

/**
 * Σ wₜLₜ with given weights; tasks that are not named have weight 1.
 *
 * D. Xin, B. Ghorbani, J. Gilmer, A. Garg, O. Firat: Do Current Multi-Task Optimization Methods in Deep Learning Even
 * Help? NeurIPS 2022.
 */
export const fixedWeighting: LossWeighting<FixedOptions> = {
  name: 'fixed',
  title: 'Fixed weights',
  about: 'The sum of the losses with weights that you give.',
  paper:
    'D. Xin, B. Ghorbani, J. Gilmer, A. Garg, O. Firat: Do Current Multi-Task Optimization Methods in Deep Learning ' +
    'Even Help? NeurIPS 2022.',
  options: {
    weights: byTask('equal', { default: 'equal', about: 'Weights by task; a task not named has 1.' }),
  },
  prefers: { option: 'weights', as: 'importance' },
  check: (options, tasks) => void weightsOf(options, tasks),
  weigh: ({ losses, tasks }, options) => {
    const weights = weightsOf(
      options,
      tasks.map(({ name }) => name),
    );
    return { weights: constant(weights, { dtype: losses.dtype }) };
  },
};
