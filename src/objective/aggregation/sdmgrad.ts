import { integer, number } from '../../common/options.ts';
import { diagonal, multiply, projectSimplex } from '../solvers/index.ts';
import type { Aggregation } from './aggregation.ts';
import { aggregation } from './define.ts';

interface SdmgradOptions {
  readonly lambda: number;
  readonly iterations: number;
  readonly lr: number;
  readonly momentum: number;
}

/**
 * Stochastic direction-oriented descent: near the preferred mean g₀ = Jᵀp, the direction of multiple-gradient descent,
 * d = (Jᵀw + λ g₀)/(1 + λ). The weights follow by projected descent on the simplex along A(w + λp), where A = J₁J₂ᵀ
 * of two independent batches, divided by the squared mean length, has no bias; d is of a third batch.
 */
export const sdmgrad: Aggregation<SdmgradOptions, readonly number[]> = aggregation({
  name: 'sdmgrad',
  title: 'Direction-oriented multi-objective descent (SDMGrad)',
  about: 'Multiple-gradient descent drawn towards the mean, without bias from the noise of batches.',
  paper:
    'P. Xiao, H. Ban, K. Ji: Direction-oriented multi-objective learning: simple and provable stochastic algorithms. NeurIPS 2023.',
  needs: 'gramian',
  prefers: true,
  batches: 3,
  options: {
    lambda: number({ default: 0.3, about: 'How much the mean counts beside the weighted direction.' }),
    iterations: integer({ min: 1, default: 20, about: 'Steps of the weights at each training step.' }),
    lr: number({ default: 5, about: 'Learning rate of the weights.' }),
    momentum: number({ default: 0.5, max: 1, about: 'Momentum of the weights.' }),
  },
  init: (tasks) => new Array<number>(tasks).fill(1 / tasks),
  weigh: ({ cross, size, tasks, preference }, state, { lambda, iterations, lr, momentum }) => {
    const length = diagonal(cross, size).reduce((sum, value) => sum + Math.sqrt(Math.abs(value)), 0) / size;
    const unit = cross.map((value) => (length > 0 ? value / length / length : 0));
    let weights = projectSimplex(Float64Array.from(tasks, (task) => state[task]!));
    let velocity = new Float64Array(size);
    for (let round = 0; round < iterations; round++) {
      const slope = multiply(
        unit,
        weights.map((value, i) => value + lambda * preference[i]!),
      );
      velocity = velocity.map((value, i) => momentum * value + slope[i]!);
      weights = projectSimplex(weights.map((value, i) => value - lr * velocity[i]!));
    }
    const next = [...state];
    tasks.forEach((task, i) => {
      next[task] = weights[i]!;
    });
    return {
      weights: weights.map((value, i) => (value + lambda * preference[i]!) / (1 + lambda)),
      state: next,
    };
  },
});
