import { number } from '../../common/options.ts';
import type { Aggregation } from './aggregation.ts';
import { balanced } from './balanced.ts';
import { stateless } from './define.ts';

interface FairgradOptions {
  readonly alpha: number;
}

/**
 * α-fair gradients: the direction of greatest α-fair utility of the tasks' progress, Gw = w^{−1/α}. α = 1 is Nash's
 * bargaining solution, and α → ∞ is max-min fairness. Preferences weigh the utilities.
 */
export const fairgrad: Aggregation<FairgradOptions, null> = stateless({
  name: 'fairgrad',
  title: 'Fair gradients (FairGrad)',
  about: 'The direction whose progress for the tasks is α-fair, from proportional to max-min.',
  paper: 'H. Ban, K. Ji: Fair resource allocation in multi-task learning. ICML 2024.',
  needs: 'gramian',
  prefers: true,
  options: {
    alpha: number({
      default: 2,
      min: 0.1,
      max: 100,
      about: 'How much the slowest task counts: 1 is proportional fairness, large values max-min.',
    }),
  },
  weigh: (batch, { alpha }) => balanced(batch, 1 / alpha),
});
