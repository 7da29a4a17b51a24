import { sub } from '../operators/arithmetic.ts';
import { checkOptions } from './check.ts';
import { decayed } from './decay.ts';
import { MOMENT_RULES, type MomentOptions, moments } from './moments.ts';
import type { Optimiser } from './optimiser.ts';

export interface AdamWOptions extends MomentOptions {
  /** λ, the share of a parameter lost per step and unit of learning rate; default 0.01. */
  readonly weightDecay?: number;
}

/**
 * Adam with weight decay decoupled from the gradient's scale.
 *
 * θ ← θ (1 − ηλ);  then Adam's step with the plain gradient.
 *
 * I. Loshchilov, F. Hutter: Decoupled Weight Decay Regularization. arXiv 1711.05101, 2019; in the form of
 * `torch.optim.AdamW`.
 *
 * @throws `optimiser-invalid` for options out of range
 * @example const optimiser = adamw({ weightDecay: 0.05 });
 */
export function adamw(options: AdamWOptions = {}): Optimiser {
  checkOptions('optimiser-invalid', 'adamw', options, MOMENT_RULES);
  const { weightDecay = 1e-2 } = options;
  const running = moments(options);
  return {
    name: 'adamw',
    defaultLearningRate: 1e-3,
    slots: running.slots,
    scalars: (step, learningRate) => ({
      ...running.scalars(step, learningRate),
      ...(weightDecay > 0 && { keep: 1 - learningRate * weightDecay }),
    }),
    update: ({ parameter, gradient, slots, scalars, decayMask }) => {
      const next = running.step(gradient, slots, scalars);
      const kept = weightDecay > 0 ? decayed(parameter, scalars.keep!, decayMask) : parameter;
      return { parameter: sub(kept, next.step), slots: next.slots };
    },
  };
}
