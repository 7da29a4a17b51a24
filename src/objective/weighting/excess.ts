import { number } from '../../common/options.ts';
import { add, mul, relu, sub } from '../../engine/index.ts';
import type { LossWeighting } from '../loss-weighting.ts';
import { exponentiated } from './exponentiated.ts';

interface ExcessOptions {
  readonly eta: number;
  readonly floor: number;
}

const BASELINES = 'baselines';

/**
 * The worst case over what sharing costs: qₜ ← qₜ exp(η max(Lₜ − L*ₜ, 0)) / Σ, where L*ₜ is the mean training loss of
 * the task's own independent model of the same seed (0 where it has none), and wₜ = (1 − φ) qₜ + φ/T. A task that is
 * merely hard gains no weight.
 *
 * S. M. Xie, H. Pham, X. Dong, N. Du, H. Liu, Y. Lu, P. Liang, Q. V. Le, T. Ma, A. W. Yu: DoReMi: Optimizing Data
 * Mixtures Speeds Up Language Model Pretraining. NeurIPS 2023.
 */
export const excessWeighting: LossWeighting<ExcessOptions> = {
  name: 'excess',
  title: 'Excess losses',
  about: 'Shifts weight to the tasks that are furthest behind their own independent model.',
  paper:
    'S. M. Xie, H. Pham, X. Dong, N. Du, H. Liu, Y. Lu, P. Liang, Q. V. Le, T. Ma, A. W. Yu: DoReMi: Optimizing Data ' +
    'Mixtures Speeds Up Language Model Pretraining. NeurIPS 2023.',
  needs: 'baseline',
  options: {
    eta: number({ default: 0.01, about: 'η, how fast weight moves.' }),
    floor: number({ default: 0.1, max: 1, about: 'φ, the share that all tasks get alike.' }),
  },
  weigh: (context, { eta, floor }) => {
    const { losses, tasks } = context;
    const own = context.epochInput(BASELINES, tasks.length);
    const q = exponentiated(context, relu(sub(losses, own)), eta);
    return { weights: add(mul(q, 1 - floor), floor / tasks.length) };
  },
  epochInputs: (_history, _options, tasks) => ({
    [BASELINES]: tasks.map(({ baseline = 0 }) => baseline),
  }),
};
