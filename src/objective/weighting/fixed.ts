import { PolytaskError } from '../../common/error.ts';
import { constant } from '../../engine/index.ts';
import { type ByTask, byTask, inOrder } from '../by-task.ts';
import type { LossWeighting } from '../loss-weighting.ts';
import type { Weighting } from '../weighting.ts';

const PATH = 'objective.weights';

/**
 * Σ wᵢLᵢ with given weights; tasks that are not named have weight 1.
 *
 * @param given weights ≥ 0 by task, at least one of them positive
 * @example fixed({ damage: 2, size: 0.5 })
 */
export function fixed(given: Readonly<Record<string, number>>): Weighting<number[]> {
  for (const [task, weight] of Object.entries(given))
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new PolytaskError('weight-invalid', {
        path: `${PATH}.${task}`,
        expected: 'a finite number ≥ 0',
        found: String(weight),
        help: 'A weight of 0 leaves a task out of the objective.',
      });
  return {
    name: 'fixed',
    needs: 'nothing',
    init: (tasks) => inOrder(given, tasks, 1, PATH),
    step: (_, weights) => ({ weights: Float64Array.from(weights), state: weights }),
  };
}

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
  check: (options, tasks) => void weightsOf(options, tasks),
  weigh: ({ losses, tasks }, options) => {
    const weights = weightsOf(
      options,
      tasks.map(({ name }) => name),
    );
    return { weights: constant(weights, { dtype: losses.dtype }) };
  },
};
