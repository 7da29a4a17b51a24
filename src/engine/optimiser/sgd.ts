import { PolytaskError } from '../../common/error.ts';
import { add, mul, sub } from '../operators/arithmetic.ts';
import { checkOptions, flag, fraction, nonNegative, unit } from './check.ts';
import { withPenalty } from './decay.ts';
import type { Optimiser } from './optimiser.ts';

export interface SgdOptions {
  /** μ, the share of the velocity kept from step to step, in [0, 1); default 0. */
  readonly momentum?: number;
  /** τ, the share of the gradient withheld from the velocity after the first step, in [0, 1]; default 0. */
  readonly dampening?: number;
  /** Looks ahead along the velocity; needs momentum and no dampening; default false. */
  readonly nesterov?: boolean;
  /** λ of the penalty λ/2 ‖θ‖²; default 0. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent with optional momentum.
 *
 * g ← g + λθ;  b ← μb + (1 − τ)g (b ← g at step 1);  θ ← θ − η b, or with Nesterov θ ← θ − η (g + μb).
 *
 * I. Sutskever, J. Martens, G. Dahl, G. Hinton: On the importance of initialization and momentum in deep learning.
 * ICML 2013; in the form of `torch.optim.SGD`.
 *
 * @throws `optimiser-invalid` for options out of range
 * @example const optimiser = sgd({ momentum: 0.9, nesterov: true });
 */
export function sgd(options: SgdOptions = {}): Optimiser {
  checkOptions('optimiser-invalid', 'sgd', options, {
    momentum: fraction,
    dampening: unit,
    nesterov: flag,
    weightDecay: nonNegative,
  });
  const { momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = options;
  if (nesterov && (momentum === 0 || dampening !== 0))
    throw new PolytaskError('optimiser-invalid', {
      path: 'sgd.nesterov',
      expected: 'momentum above 0 and dampening 0',
      found: `momentum ${momentum} and dampening ${dampening}`,
      help: 'Give momentum, such as 0.9, and leave dampening out.',
    });
  const damped = momentum > 0 && dampening > 0;
  return {
    name: 'sgd',
    defaultLearningRate: 1e-3,
    slots: momentum > 0 ? ['velocity'] : [],
    scalars: (step, learningRate) => ({
      learningRate,
      ...(damped && { intake: step === 1 ? 1 : 1 - dampening }),
    }),
    update: ({ parameter, gradient, slots, scalars, decayMask }) => {
      const g = withPenalty(gradient, parameter, weightDecay, decayMask);
      const { learningRate, intake } = scalars;
      if (momentum === 0) return { parameter: sub(parameter, mul(g, learningRate!)), slots: {} };
      const velocity = add(mul(slots.velocity!, momentum), damped ? mul(g, intake!) : g);
      const direction = nesterov ? add(g, mul(velocity, momentum)) : velocity;
      return { parameter: sub(parameter, mul(direction, learningRate!)), slots: { velocity } };
    },
  };
}
