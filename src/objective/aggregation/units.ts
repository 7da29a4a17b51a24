import { rescaled, submatrix, unitScales } from '../solvers/index.ts';
import type { Batch } from './define.ts';

/** The gradients that are not 0, made units. */
export interface Units {
  /** Cosines, [N, N]. */
  readonly cosines: Float64Array;
  /** 1/‖g‖, [N]. */
  readonly scales: Float64Array;
  readonly size: number;
  /** Weights of these gradients as weights of all, 0 for those that are 0. */
  spread(weights: Float64Array): Float64Array;
  /** Values of all, for these alone. */
  pick(values: Float64Array): Float64Array;
}

export function unitsOf({ gramian, size: all }: Batch): Units {
  const lengths = unitScales(gramian, all);
  const kept = Array.from(lengths.keys()).filter((i) => lengths[i]! > 0);
  const size = kept.length;
  const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (i) => values[i]!);
  const scales = pick(lengths);
  return {
    cosines: rescaled(submatrix(gramian, all, kept), scales),
    scales,
    size,
    pick,
    spread: (weights) => {
      const spread = new Float64Array(all);
      kept.forEach((i, at) => {
        spread[i] = weights[at]!;
      });
      return spread;
    },
  };
}
