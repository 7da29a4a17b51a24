import { number } from '../../common/options.ts';
import {
  cast,
  div,
  equal,
  greater,
  maximum,
  minimum,
  mul,
  reduceSum,
  sub,
  unsqueeze,
} from '../../engine/index.ts';
import type { LossWeighting } from '../loss-weighting.ts';
import { among, countOf } from './present.ts';

interface CvarOptions {
  readonly alpha: number;
}

/**
 * Conditional value at risk: the mean of the worst share α of the n tasks that are present. With k = αn the worst ⌊k⌋
 * tasks weigh 1/k, the next (k − ⌊k⌋)/k; equal ones share.
 *
 * R. T. Rockafellar, S. Uryasev: Optimization of Conditional Value-at-Risk. Journal of Risk 2(3), 2000.
 */
export const cvarWeighting: LossWeighting<CvarOptions> = {
  name: 'cvar',
  title: 'Conditional value at risk',
  about: 'The mean of the worst share of the losses.',
  paper:
    'R. T. Rockafellar, S. Uryasev: Optimization of Conditional Value-at-Risk. Journal of Risk 2(3), 2000.',
  options: {
    alpha: number({
      default: 0.5,
      min: 0.001,
      max: 1,
      about: 'α, the share of tasks; 1 is the mean of all.',
    }),
  },
  weigh: ({ losses, present }, { alpha }) => {
    const own = among(losses, present);
    const [others, self] = [unsqueeze(own, -2), unsqueeze(own, -1)];
    const worse = reduceSum(cast(greater(others, self), losses.dtype), -1);
    const alike = reduceSum(cast(equal(others, self), losses.dtype), -1);
    const share = mul(countOf(present), alpha);
    const taken = minimum(maximum(sub(share, worse), 0), alike);
    return { weights: div(div(taken, alike), share) };
  },
};
