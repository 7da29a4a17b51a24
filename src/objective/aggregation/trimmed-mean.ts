import { integer } from '../../common/options.ts';
import {
  constant,
  div,
  floor,
  greaterOrEqual,
  less,
  logicalAnd,
  maximum,
  minimum,
  mul,
  reduceSum,
  sub,
  topK,
  transpose,
  unsqueeze,
  where,
} from '../../engine/index.ts';
import type { Aggregation } from './aggregation.ts';
import { equalStep } from './define.ts';

interface TrimmedMeanOptions {
  readonly trim: number;
}

/**
 * The trimmed mean of each coordinate: the `trim` largest and the `trim` smallest values are left out, as far as one or
 * two are left.
 */
export const trimmedMean: Aggregation<TrimmedMeanOptions, null> = {
  name: 'trimmed-mean',
  title: 'Trimmed mean',
  about: 'At each coordinate the mean without the extremes: outliers have no say.',
  paper:
    'D. Yin, Y. Chen, K. Ramchandran, P. Bartlett: Byzantine-robust distributed learning: towards optimal statistical rates. ICML 2018.',
  needs: 'jacobian',
  options: { trim: integer({ default: 1, about: 'How many values are left out at either end.' }) },
  ...equalStep,
  direction: (jacobian, { present }, { trim }) => {
    const tasks = jacobian.shape.at(-2) as number;
    // Absent tasks stand before all others once values fall, and are passed over with the largest.
    const here = unsqueeze(present, -1);
    const values = where(greaterOrEqual(here, 1), jacobian, ABSENT);
    const falling = topK(transpose(values), tasks).values;
    const count = reduceSum(here, -2);
    const cut = maximum(minimum(floor(mul(sub(count, 1), 0.5)), trim), 0);
    const rank = constant(Array.from({ length: tasks }, (_, i) => i));
    const first = unsqueeze(sub(tasks, sub(count, cut)), -1);
    const kept = logicalAnd(greaterOrEqual(rank, first), less(rank, unsqueeze(sub(tasks, cut), -1)));
    const total = reduceSum(where(kept, falling, 0), -1);
    return { direction: div(total, maximum(sub(count, mul(cut, 2)), 1)) };
  },
};

/** Beyond what a gradient may be in float32. */
const ABSENT = 3e38;
