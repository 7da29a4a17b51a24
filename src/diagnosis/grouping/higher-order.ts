import type { Affinity } from '../affinity.ts';
import { relativeChange } from '../delta.ts';
import { MeasuredAffinity } from './measured-affinity.ts';

/** What two tasks reached in a model of the two, in order. */
export interface PairResult {
  readonly tasks: readonly [number, number];
  readonly scores: readonly [number | null, number | null];
}

/**
 * The higher-order approximation (HOA): what a task reaches in a group is taken to be the mean of what it reaches in a pair
 * with each of the others, so that all pairs, trained and measured, tell of every group. The benefit of t from u is the
 * relative change of t's metric in the pair against t alone, in per cent (`relativeChange`): the score of t in a group is
 * then Δ of that mean, and that of a task alone is 0.
 *
 * T. Standley et al.: Which tasks should be learned together in multi-task learning? ICML 2020.
 *
 * @param tasks with the metric of each alone, on the same rows
 * @param pairs one that occurs several times, as with several seeds, counts by its mean; one that does not is unknown
 * @example higherOrderAffinity([{ name: 'a', alone: 0.8, higherIsBetter: true }, …], [{ tasks: [0, 1], scores: [0.84, 0.7] }])
 */
export function higherOrderAffinity(
  tasks: readonly {
    readonly name: string;
    readonly alone: number | null;
    readonly higherIsBetter: boolean;
  }[],
  pairs: readonly PairResult[],
): Affinity {
  const measured = new MeasuredAffinity(tasks.map(({ name }) => name));
  for (const { tasks: pair, scores } of pairs)
    for (const [one, other] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const { alone, higherIsBetter } = tasks[pair[one]]!;
      measured.record(
        pair[one],
        pair[other],
        relativeChange(scores[one], alone, higherIsBetter) ?? Number.NaN,
      );
    }
  return measured.affinity();
}
