import { weightedMean } from './metric.ts';
import { type PairMetric, pairMetric } from './pairs.ts';

/**
 * Mean Poisson deviance 2 (y ln(y / μ) − y + μ), with y ln y = 0 at y = 0; an expectation of 0 counts as 1e-12.
 *
 * P. McCullagh, J. Nelder: Generalized Linear Models. 2nd edition, 1989, section 2.3.
 */
export const poissonDeviance: PairMetric = pairMetric(
  'poisson-deviance',
  false,
  ({ predicted, actual, weights }) =>
    weightedMean(weights, (row) => {
      const [y, mu] = [actual[row]!, Math.max(predicted[row]!, 1e-12)];
      return 2 * ((y > 0 ? y * Math.log(y / mu) : 0) - y + mu);
    }),
);
