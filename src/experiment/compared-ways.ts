import type { Scores, TransferInput } from '../diagnosis/index.ts';
import { type FittedTask, kindOf } from '../problem/index.ts';
import type { Judged } from './judge.ts';
import type { Prepared } from './prepare.ts';
import { resampledDeltas } from './resample.ts';
import type { TaskFacts, TrialResult } from './result.ts';

/** What comparing two ways takes; with one seed the test rows are resampled. */
export function comparedWays(
  prepared: Prepared,
  tasks: readonly TaskFacts[],
  multi: Judged,
  independent: Judged,
): TransferInput {
  const resampled =
    multi.seeds.length > 1
      ? undefined
      : resampledDeltas(prepared, multi.testOutputs, independent.testOutputs, multi.seeds[0]!);
  return {
    tasks: tasks.map(({ task, higherIsBetter }) => ({
      name: task.name,
      higherIsBetter,
      directions: directionsOf(task),
    })),
    multi: scoresOf(multi.result),
    independent: scoresOf(independent.result),
    ...(resampled && { resampled }),
  };
}

export const scoresOf = ({ test, everyMetric }: TrialResult): Scores => ({
  test,
  ...(everyMetric && { metrics: everyMetric }),
});

/** Whether higher is better, for every metric of a task by its name. */
export function directionsOf(task: FittedTask): Record<string, boolean> {
  const metrics = kindOf(task.kind).metrics(task);
  return Object.fromEntries(metrics.map(({ name, higherIsBetter }) => [name, higherIsBetter]));
}
