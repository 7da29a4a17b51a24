import { number } from '../../common/options.ts';
import { mul, reduceSum, sub } from '../../engine/index.ts';
import type { LossWeighting } from '../loss-weighting.ts';
import { adamStep, whereHere } from './adam.ts';
import { type Preferring, preferenceOption, preferences } from './preference.ts';
import { softmaxOf } from './present.ts';

interface AutoLambdaOptions extends Preferring {
  readonly rate: number;
  readonly inner: number;
}

/**
 * Weights that lower the validation losses after a step: λ = T softmax(s), where Adam moves s by the derivative of
 * Σ pₜ Lᵥₜ(θ − η ∇ Σ λₜLₜ), found by two more looks at the training losses, at θ ± εv along the validation gradient v.
 * A preference of 0 makes a task an auxiliary one, which counts only as far as it helps the others.
 *
 * S. Liu, S. James, A. J. Davison, E. Johns: Auto-Lambda: Disentangling Dynamic Task Relationships. TMLR 2022. The weights
 * stand on the simplex, so that their learning rate does not change the length of the step.
 */
export const autoLambdaWeighting: LossWeighting<AutoLambdaOptions> = {
  name: 'auto-lambda',
  title: 'Auto-λ',
  about: 'Learns the weights that lower the losses on validation rows.',
  paper:
    'S. Liu, S. James, A. J. Davison, E. Johns: Auto-Lambda: Disentangling Dynamic Task Relationships. TMLR 2022.',
  needs: 'validation',
  options: {
    rate: number({ default: 0.001, about: 'Learning rate of the weights.' }),
    inner: number({ default: 0.01, about: 'η of the step after which validation losses are looked at.' }),
    preference: preferenceOption,
  },
  check: preferences,
  weigh: (context, { rate, inner, preference }) => {
    const { tasks, present } = context;
    const names = tasks.map(({ name }) => name);
    const logits = context.state('logits', new Array<number>(tasks.length).fill(0));
    // Among the tasks of the batch, which share out as many ones as they are.
    const shares = softmaxOf(logits, present);
    const count = reduceSum(present, -1, { keepDims: true });
    context.alongValidation({ rate: inner, preference: preferences({ preference }, names) }, (slopes) => {
      // ∂/∂s of −Σ λₜhₜ: what falls along with the validation losses gains weight.
      const mean = reduceSum(mul(shares, slopes), -1, { keepDims: true });
      const slope = mul(mul(shares, sub(mean, slopes)), count);
      context.next('logits', whereHere(present, sub(logits, mul(adamStep(context, slope), rate)), logits));
    });
    return { weights: mul(shares, count) };
  },
};
