import { number } from '../../common/options.ts';
import { add, mul } from '../../engine/index.ts';
import type { LossWeighting } from '../loss-weighting.ts';
import { exponentiated } from './exponentiated.ts';

interface HedgeOptions {
  readonly eta: number;
  readonly floor: number;
}

/**
 * The worst case as a game: minimise over θ, maximise over the distribution q, max over q of Σ qₜLₜ, with
 * qₜ ← qₜ exp(ηLₜ) / Σ and wₜ = (1 − φ) qₜ + φ/T.
 *
 * Y. Freund, R. E. Schapire: A Decision-Theoretic Generalization of On-Line Learning and an Application to Boosting.
 * Journal of Computer and System Sciences 55(1), 1997.
 */
export const hedgeWeighting: LossWeighting<HedgeOptions> = {
  name: 'hedge',
  title: 'Hedge',
  about: 'Shifts weight, step by step, to the tasks with the largest losses.',
  paper:
    'Y. Freund, R. E. Schapire: A Decision-Theoretic Generalization of On-Line Learning and an Application to ' +
    'Boosting. Journal of Computer and System Sciences 55(1), 1997.',
  options: {
    eta: number({ default: 0.01, about: 'η, how fast weight moves.' }),
    floor: number({ default: 0.1, max: 1, about: 'φ, the share that all tasks get alike.' }),
  },
  weigh: (context, { eta, floor }) => ({
    weights: add(mul(exponentiated(context, context.losses, eta), 1 - floor), floor / context.tasks.length),
  }),
};
