import { PolytaskError, suggest } from '../../common/error.ts';
import type { Weighting } from '../weighting.ts';

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
        path: `objective.weights.${task}`,
        expected: 'a finite number ≥ 0',
        found: String(weight),
        help: 'A weight of 0 leaves a task out of the objective.',
      });
  return {
    name: 'fixed',
    needs: 'nothing',
    init: (tasks) => {
      const stray = Object.keys(given).find((task) => !tasks.includes(task));
      if (stray !== undefined)
        throw new PolytaskError('task-unknown', {
          path: `objective.weights.${stray}`,
          expected: 'the name of a task',
          found: stray,
          help: suggest(stray, tasks),
        });
      const weights = tasks.map((task) => (Object.hasOwn(given, task) ? given[task]! : 1));
      if (weights.every((weight) => weight === 0))
        throw new PolytaskError('weight-invalid', {
          path: 'objective.weights',
          expected: 'at least one weight above 0',
          found: 'zeros alone',
          help: 'Give a task that should be learned a weight above 0.',
        });
      return weights;
    },
    step: (_, weights) => ({ weights: Float64Array.from(weights), state: weights }),
  };
}
