import type { FittedTask } from '../fitted.ts';
import { type Metric, metric, weightedMean } from './metric.ts';

function levels(fitted: FittedTask): readonly number[] {
  return (fitted as FittedTask & { readonly quantiles: readonly number[] }).quantiles;
}

/**
 * Pinball loss max(τ e, (τ − 1) e) with e = y − ŷ, averaged over the quantile levels τ, in the units of the target.
 *
 * R. Koenker, G. Bassett: Regression quantiles. Econometrica 46, 1978.
 */
export const pinball: Metric = metric('pinball', false, (scored, fitted) => {
  const { outputs, outputWidth, targets, weights } = scored;
  const taus = levels(fitted);
  return weightedMean(weights, (row) => {
    const sum = taus.reduce((total, tau, k) => {
      const error = targets[row]! - outputs[row * outputWidth + k]!;
      return total + Math.max(tau * error, (tau - 1) * error);
    }, 0);
    return sum / taus.length;
  });
});

/** |share of rows between the lowest and the highest quantile − the share that should be|. */
export const coverageError: Metric = metric('coverage-error', false, (scored, fitted) => {
  const { outputs, outputWidth, targets, weights } = scored;
  const taus = levels(fitted);
  if (taus.length < 2) return null;
  const covered = weightedMean(weights, (row) => {
    const [low, high] = [outputs[row * outputWidth]!, outputs[(row + 1) * outputWidth - 1]!];
    return Number(low <= targets[row]! && targets[row]! <= high);
  });
  return Math.abs(covered - (taus.at(-1)! - taus[0]!));
});
