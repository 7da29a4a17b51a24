import { add, div, mul, sub } from '../operators/arithmetic.ts';
import { relu, sqrt, square } from '../operators/elementwise.ts';
import { checkOptions, flag, fraction, nonNegative, positive } from './check.ts';
import { withPenalty } from './decay.ts';
import type { Optimiser } from './optimiser.ts';

export interface RmspropOptions {
  /** α, the share of the mean square kept from step to step, in [0, 1); default 0.99. */
  readonly smoothing?: number;
  /** μ, the share of the velocity kept from step to step, in [0, 1); default 0. */
  readonly momentum?: number;
  /** Divides by the standard deviation of the gradient in place of its root mean square; default false. */
  readonly centred?: boolean;
  /** ε, keeps the quotient finite; default 1e-8. */
  readonly epsilon?: number;
  /** λ of the penalty λ/2 ‖θ‖²; default 0. */
  readonly weightDecay?: number;
}

/**
 * Gradient descent scaled, per parameter, by a running root mean square of the gradient.
 *
 * g ← g + λθ;  v ← αv + (1 − α)g²;  centred: ḡ ← αḡ + (1 − α)g, v̂ = v − ḡ², else v̂ = v;
 * b ← μb + g / (√v̂ + ε);  θ ← θ − η b.
 *
 * T. Tieleman, G. Hinton: Lecture 6.5, Coursera: Neural Networks for Machine Learning, 2012; A. Graves, arXiv
 * 1308.0850 (centred); in the form of `torch.optim.RMSprop`.
 *
 * The slots hold v/(1 − α), ḡ/√(1 − α) and b·√(1 − α): the constants wait for the step size and save passes.
 *
 * @throws `optimiser-invalid` for options out of range
 * @example const optimiser = rmsprop({ centred: true, momentum: 0.9 });
 */
export function rmsprop(options: RmspropOptions = {}): Optimiser {
  checkOptions('optimiser-invalid', 'rmsprop', options, {
    smoothing: fraction,
    momentum: fraction,
    centred: flag,
    epsilon: positive,
    weightDecay: nonNegative,
  });
  const { smoothing = 0.99, momentum = 0, centred = false, epsilon = 1e-8, weightDecay = 0 } = options;
  const root = Math.sqrt(1 - smoothing);
  return {
    name: 'rmsprop',
    defaultLearningRate: 1e-2,
    slots: ['squares', ...(centred ? ['mean'] : []), ...(momentum > 0 ? ['velocity'] : [])],
    scalars: (_, learningRate) => ({ stepSize: learningRate / root }),
    update: ({ parameter, gradient, slots, scalars, decayMask }) => {
      const g = withPenalty(gradient, parameter, weightDecay, decayMask);
      const squares = add(mul(slots.squares!, smoothing), square(g));
      const mean = centred ? add(mul(slots.mean!, smoothing), mul(g, root)) : undefined;
      // Rounding can make the variance of a steady gradient negative, which has no root.
      const variance = mean === undefined ? squares : relu(sub(squares, square(mean)));
      const scaled = div(g, add(sqrt(variance), epsilon / root));
      const velocity = momentum > 0 ? add(mul(slots.velocity!, momentum), scaled) : undefined;
      return {
        parameter: sub(parameter, mul(velocity ?? scaled, scalars.stepSize!)),
        slots: { squares, ...(mean && { mean }), ...(velocity && { velocity }) },
      };
    },
  };
}
