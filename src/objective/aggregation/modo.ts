import { number } from '../../common/options.ts';
import { multiply, projectSimplex } from '../solvers/index.ts';
import type { Aggregation } from './aggregation.ts';
import { aggregation } from './define.ts';

interface ModoOptions {
  readonly gamma: number;
  readonly rho: number;
}

/**
 * Multi-objective descent with double sampling: λ ← Π_Δ(λ − γ(J₁J₂ᵀλ + ρλ)) with two independent batches, whose product
 * has no bias; d = J₃ᵀλ of a third.
 */
export const modo: Aggregation<ModoOptions, readonly number[]> = aggregation({
  name: 'modo',
  title: 'Multi-objective descent with double sampling (MoDo)',
  about: 'Multiple-gradient descent by small steps of the weights, without bias from the noise of batches.',
  paper:
    'L. Chen, H. Fernando, Y. Ying, T. Chen: Three-way trade-off in multi-objective learning: optimization, generalization and conflict-avoidance. NeurIPS 2023.',
  needs: 'gramian',
  batches: 3,
  options: {
    gamma: number({ default: 0.001, about: 'Learning rate of the weights.' }),
    rho: number({ default: 0.1, about: 'How much the weights are drawn towards equal ones.' }),
  },
  init: (tasks) => new Array<number>(tasks).fill(1 / tasks),
  weigh: ({ cross, tasks }, state, { gamma, rho }) => {
    const held = projectSimplex(Float64Array.from(tasks, (task) => state[task]!));
    const pull = multiply(cross, held);
    const weights = projectSimplex(held.map((value, i) => value - gamma * (pull[i]! + rho * value)));
    const next = [...state];
    tasks.forEach((task, i) => {
      next[task] = weights[i]!;
    });
    return { weights, state: next };
  },
});
