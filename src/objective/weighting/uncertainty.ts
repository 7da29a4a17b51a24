import { choice, number } from '../../common/options.ts';
import { add, exp, mul, neg, reduceSum } from '../../engine/index.ts';
import type { LossWeighting } from '../loss-weighting.ts';

interface UncertaintyOptions {
  readonly form: 'regression' | 'classification';
  readonly init: number;
}

/** What stands before e^(−s) L. */
const FACTORS = { regression: 0.5, classification: 1 };

/**
 * Learned noise of each task, s = ln σ²: Σ ½e^(−sₜ)Lₜ + ½sₜ for regression, Σ e^(−sₜ)Lₜ + ½sₜ for classification.
 * For losses that stay as they are s ends at ln L and ln 2L.
 *
 * A. Kendall, Y. Gal, R. Cipolla: Multi-Task Learning Using Uncertainty to Weigh Losses for Scene Geometry and
 * Semantics. CVPR 2018.
 */
export const uncertaintyWeighting: LossWeighting<UncertaintyOptions> = {
  name: 'uncertainty',
  title: 'Uncertainty weighting',
  about: "Learns each task's noise and weighs its loss by the inverse.",
  paper:
    'A. Kendall, Y. Gal, R. Cipolla: Multi-Task Learning Using Uncertainty to Weigh Losses for Scene Geometry and ' +
    'Semantics. CVPR 2018.',
  options: {
    form: choice(['regression', 'classification'], {
      default: 'regression',
      about: 'Whether the factor before e^(−s) L is ½ or 1.',
    }),
    init: number({ default: 0, min: -20, max: 20, about: 's at the start.' }),
  },
  weigh: ({ losses, present, tasks, parameter }, { form, init }) => {
    const s = parameter(
      's',
      tasks.map(() => init),
    );
    const weights = mul(exp(neg(s)), FACTORS[form]);
    const each = add(mul(weights, losses), mul(s, 0.5));
    return { weights, learns: reduceSum(mul(each, present), -1) };
  },
};
