import type { Interval } from './interval.ts';

export type Verdict = 'share' | 'separate' | 'mixed' | 'undecided';

/** What sharing did to one task. */
export type Effect = 'helped' | 'hurt' | 'equal' | 'undecided';

/** Per cent: a difference that surely lies within it is none, and the one model wins by being one. */
export const EQUAL_MARGIN = 1;

/**
 * The rule for one task, first that holds:
 *
 * | the 95 % interval of Δ | effect | verdict |
 * |---|---|---|
 * | is absent | undecided | undecided |
 * | lies above 0 | helped | share |
 * | lies below 0 | hurt | separate |
 * | lies within ±1 % | equal | share: one model is smaller |
 * | otherwise | undecided | undecided |
 */
export function effectOf(delta: Interval | null): Effect {
  if (delta === null || delta.low === null || delta.high === null) return 'undecided';
  if (delta.low > 0) return 'helped';
  if (delta.high < 0) return 'hurt';
  return delta.low >= -EQUAL_MARGIN && delta.high <= EQUAL_MARGIN ? 'equal' : 'undecided';
}

const TASK_VERDICTS = { helped: 'share', equal: 'share', hurt: 'separate', undecided: 'undecided' } as const;

export function taskVerdict(effect: Effect): Exclude<Verdict, 'mixed'> {
  return TASK_VERDICTS[effect];
}

/**
 * The rule for all tasks. `mean` is the effect by the rule above of the mean Δ over tasks; a task gains or loses
 * when it is helped or hurt and that stands among the number of tasks (`discoveries`). First that holds:
 *
 * | tasks | mean | verdict |
 * |---|---|---|
 * | all lose | any | separate |
 * | some lose | hurt, and none gains | separate |
 * | some lose | otherwise | mixed |
 * | none loses, some gain | hurt | mixed |
 * | none loses | helped or equal | share |
 * | all helped or equal | any | share |
 * | none gains or loses | hurt | separate |
 * | otherwise | undecided | undecided |
 */
export function overallVerdict(
  mean: Interval | null,
  tasks: readonly { readonly effect: Effect; readonly clear: boolean }[],
): Verdict {
  const effect = effectOf(mean);
  const gain = tasks.filter((task) => task.effect === 'helped' && task.clear).length;
  const lose = tasks.filter((task) => task.effect === 'hurt' && task.clear).length;
  if (lose > 0) return lose === tasks.length || (effect === 'hurt' && gain === 0) ? 'separate' : 'mixed';
  if (effect === 'hurt') return gain > 0 ? 'mixed' : 'separate';
  if (effect === 'helped' || effect === 'equal') return 'share';
  const content = tasks.length > 0 && tasks.every((task) => taskVerdict(task.effect) === 'share');
  return content ? 'share' : 'undecided';
}
