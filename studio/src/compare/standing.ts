import type { Interval } from '../../../src/diagnosis/index.ts';
import type { ComparedRun } from '../../../src/experiment/compare/comparison.ts';
import type { ComparedFits } from '../../../src/studio/compared-runs.ts';
import type { ComparedRuns } from '../api.ts';
import { shortNames } from './short-names.ts';

/** A run on the leaderboard. */
export interface StandingRun {
  readonly id: string;
  /** Its place in the comparison. */
  readonly place: number;
  readonly run: ComparedRun;
  /** Its name without what all names begin with. */
  readonly short: string;
  /** The mean Δ in per cent against what the page compares with; null where there is none. */
  readonly delta: Interval | null;
  /** Δ of each task. */
  readonly tasks: readonly (Interval | null)[];
  readonly isBaseline: boolean;
}

/**
 * Runs with what they gain, the best first.
 *
 * @param baseline id of a run; undefined compares each run with its own models of each task alone
 */
export function standingRuns(
  { tasks }: Pick<ComparedRuns, 'tasks'>,
  { comparison, ids, own }: ComparedFits,
  baseline: string | undefined,
): StandingRun[] {
  const known = baseline !== undefined && ids.includes(baseline);
  const none = tasks.map(() => null);
  const names = shortNames(comparison.runs.map(({ name }) => name));
  const gain = ({ delta }: StandingRun): number => delta?.mean ?? Number.NEGATIVE_INFINITY;
  return comparison.runs
    .map((run, place): StandingRun => {
      const gains = known
        ? { delta: run.delta, tasks: run.tasks.map(({ delta }) => delta) }
        : (own[place] ?? { delta: null, tasks: none });
      const id = ids[place]!;
      return { id, place, run, short: names[place]!, ...gains, isBaseline: known && id === baseline };
    })
    .sort((a, b) => gain(b) - gain(a));
}
