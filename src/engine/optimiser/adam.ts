import { sub } from '../operators/arithmetic.ts';
import { checkOptions } from './check.ts';
import { withPenalty } from './decay.ts';
import { MOMENT_RULES, type MomentOptions, moments } from './moments.ts';
import type { Optimiser } from './optimiser.ts';

export interface AdamOptions extends MomentOptions {
  /** λ of the penalty λ/2 ‖θ‖², scaled with the gradient; default 0. */
  readonly weightDecay?: number;
}

/**
 * Gradient descent by bias-corrected running moments of the gradient.
 *
 * g ← g + λθ;  m ← β₁m + (1 − β₁)g;  v ← β₂v + (1 − β₂)g²;
 * θ ← θ − η m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε).
 *
 * D. Kingma, J. Ba: Adam: A Method for Stochastic Optimization. arXiv 1412.6980, 2015; in the form of
 * `torch.optim.Adam`.
 *
 * @throws `optimiser-invalid` for options out of range
 * @example const optimiser = adam({ beta2: 0.99 });
 */
export function adam(options: AdamOptions = {}): Optimiser {
  checkOptions('optimiser-invalid', 'adam', options, MOMENT_RULES);
  const { weightDecay = 0 } = options;
  const running = moments(options);
  return {
    name: 'adam',
    defaultLearningRate: 1e-3,
    slots: running.slots,
    scalars: running.scalars,
    update: ({ parameter, gradient, slots, scalars, decayMask }) => {
      const g = withPenalty(gradient, parameter, weightDecay, decayMask);
      const next = running.step(g, slots, scalars);
      return { parameter: sub(parameter, next.step), slots: next.slots };
    },
  };
}
