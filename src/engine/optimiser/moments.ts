import { add, div, mul } from '../operators/arithmetic.ts';
import { sqrt, square } from '../operators/elementwise.ts';
import type { Tensor } from '../tensor.ts';
import type { Rule } from './check.ts';
import { fraction, nonNegative, positive } from './check.ts';
import type { UpdateResult } from './optimiser.ts';

export interface MomentOptions {
  /** β₁, the share of the mean gradient kept from step to step, in [0, 1); default 0.9. */
  readonly beta1?: number;
  /** β₂, the share of the mean squared gradient kept from step to step, in [0, 1); default 0.999. */
  readonly beta2?: number;
  /** ε, keeps the quotient finite; default 1e-8. */
  readonly epsilon?: number;
}

export const MOMENT_RULES: Readonly<Record<string, Rule>> = {
  beta1: fraction,
  beta2: fraction,
  epsilon: positive,
  weightDecay: nonNegative,
};

/** The running moments that Adam and AdamW share. */
export interface Moments {
  readonly slots: readonly string[];
  scalars(step: number, learningRate: number): { stepSize: number; epsilon: number };
  /** η m̂ / (√v̂ + ε) and the next slots. */
  step(
    gradient: Tensor,
    slots: Readonly<Record<string, Tensor>>,
    scalars: Readonly<Record<string, Tensor>>,
  ): { step: Tensor; slots: UpdateResult['slots'] };
}

/**
 * m = β₁m + (1 − β₁)g and v = β₂v + (1 − β₂)g², kept as M = m/(1 − β₁) and V = v/(1 − β₂), which saves a pass each.
 *
 * With q = √((1 − β₂)/(1 − β₂ᵗ)), √v̂ = q√V, so that η m̂ / (√v̂ + ε) = η (1 − β₁)/((1 − β₁ᵗ) q) · M / (√V + ε/q).
 */
export function moments(options: MomentOptions): Moments {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  return {
    slots: ['first', 'second'],
    scalars: (step, learningRate) => {
      const q = Math.sqrt((1 - beta2) / (1 - beta2 ** step));
      return { stepSize: (learningRate * (1 - beta1)) / ((1 - beta1 ** step) * q), epsilon: epsilon / q };
    },
    step: (gradient, slots, scalars) => {
      const first = add(mul(slots.first!, beta1), gradient);
      const second = add(mul(slots.second!, beta2), square(gradient));
      const step = mul(div(first, add(sqrt(second), scalars.epsilon!)), scalars.stepSize!);
      return { step, slots: { first, second } };
    },
  };
}
