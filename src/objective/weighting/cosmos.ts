import { number } from '../../common/options.ts';
import { div, maximum, mul, reduceSum, sqrt, square, sub, type Tensor } from '../../engine/index.ts';
import type { LossWeighting } from '../loss-weighting.ts';
import { type Preferring, preferences, presentPreference, proportionOption } from './preference.ts';
import { TINY } from './present.ts';

interface CosmosOptions extends Preferring {
  readonly lambda: number;
}

/**
 * Σ rₜLₜ − λ cos(r, L) for one preference r, whose sum is 1: wₜ = rₜ − λ (r̂ₜ − cos(r, L) L̂ₜ)/‖L‖ with r̂ and L̂ of length 1.
 * Below 0 it counts as `min`.
 *
 * M. Ruchte, J. Grabocka: Scalable Pareto Front Approximation for Deep Multi-Objective Learning. ICDM 2021.
 */
export const cosmosWeighting: LossWeighting<CosmosOptions> = {
  name: 'cosmos',
  title: 'Weighted sum with a cosine',
  about: 'The sum of losses by preference, drawn towards losses in proportion to it.',
  paper:
    'M. Ruchte, J. Grabocka: Scalable Pareto Front Approximation for Deep Multi-Objective Learning. ICDM 2021.',
  options: {
    lambda: number({ default: 1, about: 'λ, how strongly the losses are drawn to the proportion.' }),
    preference: proportionOption,
  },
  prefers: { option: 'preference', as: 'proportion' },
  check: (options, tasks) => void preferences(options, tasks),
  weigh: (context, options) => {
    const preferred = presentPreference(context, options);
    const sum = reduceSum(preferred, -1, { keepDims: true });
    const length = norm(context.losses);
    const [r, l] = [div(preferred, norm(preferred)), div(context.losses, length)];
    const cosine = reduceSum(mul(r, l), -1, { keepDims: true });
    const pull = div(sub(r, mul(l, cosine)), length);
    return { weights: sub(div(preferred, maximum(sum, TINY)), mul(pull, options.lambda)) };
  },
};

const norm = (x: Tensor): Tensor => maximum(sqrt(reduceSum(square(x), -1, { keepDims: true })), TINY);
