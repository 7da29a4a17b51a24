import { add, div, mul, sub } from '../operators/arithmetic.ts';
import { sqrt, square } from '../operators/elementwise.ts';
import { checkOptions, nonNegative, positive } from './check.ts';
import { withPenalty } from './decay.ts';
import type { Optimiser } from './optimiser.ts';

export interface AdagradOptions {
  /** How fast the learning rate falls: η / (1 + (t − 1) · learningRateDecay); default 0. */
  readonly learningRateDecay?: number;
  /** What the sum of squares starts from; default 0. */
  readonly initialAccumulator?: number;
  /** ε, keeps the quotient finite; default 1e-10. */
  readonly epsilon?: number;
  /** λ of the penalty λ/2 ‖θ‖²; default 0. */
  readonly weightDecay?: number;
}

/**
 * Gradient descent whose step shrinks, per parameter, with all the squared gradients seen.
 *
 * g ← g + λθ;  s ← s + g²;  θ ← θ − η g / (√s + ε).
 *
 * J. Duchi, E. Hazan, Y. Singer: Adaptive Subgradient Methods for Online Learning and Stochastic Optimization.
 * JMLR 12, 2011; in the form of `torch.optim.Adagrad`.
 *
 * @throws `optimiser-invalid` for options out of range
 * @example const optimiser = adagrad({ initialAccumulator: 0.1 });
 */
export function adagrad(options: AdagradOptions = {}): Optimiser {
  checkOptions('optimiser-invalid', 'adagrad', options, {
    learningRateDecay: nonNegative,
    initialAccumulator: nonNegative,
    epsilon: positive,
    weightDecay: nonNegative,
  });
  const { learningRateDecay = 0, initialAccumulator = 0, epsilon = 1e-10, weightDecay = 0 } = options;
  return {
    name: 'adagrad',
    defaultLearningRate: 1e-2,
    slots: ['sum'],
    scalars: (step, learningRate) => ({ stepSize: learningRate / (1 + (step - 1) * learningRateDecay) }),
    update: ({ parameter, gradient, slots, scalars, decayMask }) => {
      const g = withPenalty(gradient, parameter, weightDecay, decayMask);
      const sum = add(slots.sum!, square(g));
      // The slot starts at zero like every other; the initial value joins where the sum is read.
      const total = initialAccumulator === 0 ? sum : add(sum, initialAccumulator);
      const step = mul(div(g, add(sqrt(total), epsilon)), scalars.stepSize!);
      return { parameter: sub(parameter, step), slots: { sum } };
    },
  };
}
