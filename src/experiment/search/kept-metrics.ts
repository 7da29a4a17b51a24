import type { Checkpoint, Scorer } from '../../optimization/index.ts';
import type { Limit } from './budget.ts';

type Metrics = readonly (readonly (number | null)[])[];

/** How far a training has come. */
export const progressOf = (
  { step, seconds }: Pick<Checkpoint, 'step' | 'seconds'>,
  unit: Limit['unit'],
): number => (unit === 'steps' ? step : seconds);

/**
 * The validation metrics, [replica][task], of the states that a training would have kept had it ended at a level. The first
 * evaluation counts in any case, so that who learns slowly has something to show.
 *
 * @param separate whether every task keeps a state of its own
 * @param together whether tasks that do are asked for the states of one evaluation, as those of one model are
 * @returns undefined before the first evaluation
 */
export function keptMetrics(
  { history, best }: Pick<Checkpoint, 'history' | 'best'>,
  scorer: Scorer,
  {
    level,
    unit,
    separate,
    together = false,
  }: {
    readonly level: number;
    readonly unit: Limit['unit'];
    readonly separate: boolean;
    readonly together?: boolean;
  },
): Metrics | undefined {
  if (history.length === 0) return undefined;
  const seen = history.filter((point, i) => i === 0 || progressOf(point, unit) <= level);
  const kept =
    seen.length === history.length && !(separate && together)
      ? best.evaluations
      : bestOf(
          seen.map(({ metrics }) => metrics),
          scorer,
          separate && !together,
        );
  const tasks = history[0]!.metrics[0]!.length;
  return history[0]!.metrics.map((_, s) =>
    Array.from({ length: tasks }, (_task, t) => {
      const unitOf = separate && !together ? s * tasks + t : s;
      return history[kept[unitOf]!]!.metrics[s]![t]!;
    }),
  );
}

/** The evaluation at which each unit was best; ties keep the earlier. */
function bestOf(points: readonly Metrics[], scorer: Scorer, separate: boolean): number[] {
  const scores = points.map((metrics) => {
    const { replicaScores, taskScores } = scorer.judge(metrics);
    return separate ? taskScores : replicaScores;
  });
  return scores[0]!.map((_, unit) => {
    const own = scores.map((point) => point[unit]!);
    return own.indexOf(Math.max(...own));
  });
}
