import { div, exp, log, mul, reduceSum } from '../../engine/index.ts';
import type { LossWeighting } from '../loss-weighting.ts';
import { among, countOf, positive } from './present.ts';

/**
 * The geometric mean (Π Lₜ)^(1/n) of the n losses that are present, as e^(mean ln L): wₜ = mean / (n Lₜ).
 *
 * S. Chennupati, G. Sistu, S. Yogamani, S. A. Rawashdeh: MultiNet++: Multi-Stream Feature Aggregation and Geometric Loss
 * Strategy for Multi-Task Learning. CVPR Workshops 2019.
 */
export const glsWeighting: LossWeighting = {
  name: 'gls',
  title: 'Geometric loss strategy',
  about: 'The geometric mean of the losses: balances progress in proportion to each loss.',
  paper:
    'S. Chennupati, G. Sistu, S. Yogamani, S. A. Rawashdeh: MultiNet++: Multi-Stream Feature Aggregation and ' +
    'Geometric Loss Strategy for Multi-Task Learning. CVPR Workshops 2019.',
  options: {},
  weigh: ({ losses, present }) => {
    const own = positive(losses);
    const count = countOf(present);
    const logs = reduceSum(among(log(own), present, 0), -1, { keepDims: true });
    return { weights: div(exp(div(logs, count)), mul(own, count)) };
  },
};
