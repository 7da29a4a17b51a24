import { RandomStream } from '../common/random.ts';
import { relativeChange } from '../diagnosis/index.ts';
import { type Outputs, Scorer, taskTargets } from '../optimization/index.ts';
import { kindOf, type MetricInput } from '../problem/index.ts';
import type { Prepared } from './prepare.ts';

const RESAMPLES = 200;
/** Beyond this many labels a resample is drawn from as many of the rows, the first ones, to bound the time. */
const MOST_ROWS = 5000;

/**
 * Δ of each task on resampled test rows, for the interval of a single seed: every resample weighs each row by a
 * Poisson(1) count, the same for both models.
 *
 * J. Hanley, B. MacGibbon: Creating non-parametric bootstrap samples using Poisson frequencies. Computer Methods and
 * Programs in Biomedicine 83, 2006.
 *
 * @returns [task][resample], in per cent; resamples on which the metric is undefined are left out
 */
export function resampledDeltas(
  { dataset, split }: Prepared,
  multi: Outputs,
  independent: Outputs,
  seed: number,
): number[][] {
  const { references } = new Scorer(dataset, split.test);
  return taskTargets(dataset, split.test).map(({ positions, targets, weights }, t) => {
    const task = dataset.tasks[t]!;
    const { outputWidth, labelWidth } = kindOf(task.kind);
    const rows = Math.min(positions.length, MOST_ROWS);
    const own = positions.subarray(0, rows);
    const truth = targets.subarray(0, rows * labelWidth(task));
    const [a, b] = [multi, independent].map((outputs) => outputs.at(0, t, own, outputWidth(task)));
    const { metric } = references[t]!;
    const stream = new RandomStream(seed, `resample/${task.name}`);
    const deltas: number[] = [];
    for (let r = 0; r < RESAMPLES; r++) {
      const drawn = Float64Array.from(own, (_, i) => weights[i]! * poisson(stream.uniform(i, r)));
      const value = (outputs: Float32Array): number | null =>
        metric.compute({ outputs, targets: truth, weights: drawn } satisfies MetricInput, task);
      const delta = relativeChange(value(a!), value(b!), metric.higherIsBetter);
      if (delta !== null) deltas.push(delta);
    }
    return deltas;
  });
}

/** A Poisson(1) count by inversion. */
function poisson(uniform: number): number {
  let count = 0;
  let probability = Math.exp(-1);
  for (let sum = probability; uniform > sum && count < 20; sum += probability) probability /= ++count;
  return count;
}
