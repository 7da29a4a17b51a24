import { RandomStream } from '../common/random.ts';
import { relativeChange } from '../diagnosis/index.ts';
import { type Outputs, Scorer, taskTargets } from '../optimization/index.ts';
import { kindOf, type MetricInput } from '../problem/index.ts';
import type { Prepared } from './prepare.ts';

/** How finely an interval and its p-value can be read. */
const RESAMPLES = 1000;
/** Beyond this many labels the first ones stand for all, to bound the time: their interval is wider, never narrower. */
const MOST_ROWS = 2000;

/**
 * Δ of each task on resampled rows, for the interval of a single seed: every resample weighs each row by a
 * Poisson(1) count, the same for both models and for all tasks, which share rows.
 *
 * J. Hanley, B. MacGibbon: Creating non-parametric bootstrap samples using Poisson frequencies. Computer Methods and
 * Programs in Biomedicine 83, 2006.
 *
 * @param side whose rows were predicted
 * @returns [task][resample], in per cent; null where the metric is undefined
 */
export function resampledDeltas(
  { dataset, split }: Prepared,
  multi: Outputs,
  independent: Outputs,
  seed: number,
  side: 'validation' | 'test' = 'test',
): (number | null)[][] {
  const rows = split[side];
  const { references } = new Scorer(dataset, rows);
  const stream = new RandomStream(seed, 'resample');
  return taskTargets(dataset, rows).map(({ positions, targets, weights }, t) => {
    const task = dataset.tasks[t]!;
    const { outputWidth, labelWidth } = kindOf(task.kind);
    const own = positions.subarray(0, MOST_ROWS);
    const truth = targets.subarray(0, own.length * labelWidth(task));
    const [a, b] = [multi, independent].map((outputs) => outputs.at(0, t, own, outputWidth(task)));
    const { metric } = references[t]!;
    return Array.from({ length: RESAMPLES }, (_, r) => {
      const drawn = Float64Array.from(
        own,
        (position, i) => weights[i]! * poisson(stream.uniform(position, r)),
      );
      const value = (outputs: Float32Array): number | null =>
        metric.compute({ outputs, targets: truth, weights: drawn } satisfies MetricInput, task);
      return relativeChange(value(a!), value(b!), metric.higherIsBetter);
    });
  });
}

/** A Poisson(1) count by inversion. */
function poisson(uniform: number): number {
  let count = 0;
  let probability = Math.exp(-1);
  for (let sum = probability; uniform > sum && count < 20; sum += probability) probability /= ++count;
  return count;
}
