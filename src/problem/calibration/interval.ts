import { middle } from '../answers/regression.ts';
import type { FittedRegression } from '../kinds/regression.ts';
import { select } from '../metrics/metric.ts';
import type { Calibrator } from './calibrator.ts';

const LEVEL = 0.9;

/**
 * How far the truth is from the prediction, nine times in ten: of n residuals, the ⌈(n + 1) 0.9⌉-th by size. A new row that is
 * like them is within with a probability of at least 0.9, whatever the model.
 *
 * J. Lei, M. G'Sell, A. Rinaldo, R. Tibshirani, L. Wasserman: Distribution-free predictive inference for regression. Journal of
 * the American Statistical Association 113, 2018, after V. Vovk, A. Gammerman, G. Shafer: Algorithmic learning in a random
 * world. Springer 2005.
 */
export const interval: Calibrator = {
  fit: (input, fitted) => {
    const scored = select(input);
    if (scored === null) return undefined;
    const { rows, outputs, outputWidth, targets } = scored;
    const at = middle((fitted as FittedRegression).quantiles);
    const residuals = Float64Array.from({ length: rows }, (_, i) =>
      Math.abs(targets[i]! - outputs[i * outputWidth + at]!),
    ).sort();
    const halfWidth = residuals[Math.ceil((rows + 1) * LEVEL) - 1];
    return halfWidth === undefined ? undefined : { method: 'interval', level: LEVEL, halfWidth };
  },
};
