import type { Scorer } from '../optimization/index.ts';
import { keptMetrics } from './search/kept-metrics.ts';
import { type KeptTrial, unitsOf } from './trial.ts';

type Metrics = readonly (readonly (number | null)[])[];

/** Labels among the validation rows below which little is known of one task. */
const LEAST_LABELS = 100;

/** Which tasks have few labels among the validation rows. @param labels labelled rows, [task] */
export const haveFew = (labels: readonly number[]): boolean[] => labels.map((own) => own < LEAST_LABELS);

/**
 * Validation metrics by which each task alone is fairly held against one model. Each alone stops where it was best, which of
 * few validation rows is mostly luck; one model stops once for all. Tasks with few labels are therefore asked for states of
 * one evaluation.
 *
 * @param own of the states that tasks kept, [seed][task]
 * @param once of the states that all had at the evaluation that was best for all together
 * @param few [task]
 */
export function fairMetrics(own: Metrics, once: Metrics, few: readonly boolean[]): (number | null)[][] {
  return own.map((tasks, s) => tasks.map((value, t) => (few[t] ? once[s]![t]! : value)));
}

/** Scores of each seed by `fairMetrics`, of a training whose tasks stopped one by one; undefined for any other. */
export function fairScores(
  { trial, checkpoint }: Pick<KeptTrial, 'trial' | 'checkpoint'>,
  scorer: Scorer,
): readonly number[] | undefined {
  if (unitsOf(trial) === 'replica') return undefined;
  const asked = { level: Number.POSITIVE_INFINITY, unit: 'steps', separate: true } as const;
  const own = keptMetrics(checkpoint, scorer, asked);
  const once = keptMetrics(checkpoint, scorer, { ...asked, together: true });
  return own && scorer.judge(fairMetrics(own, once!, haveFew(scorer.counts))).replicaScores;
}
