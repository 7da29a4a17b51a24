import type { Affinity } from '../affinity.ts';

/**
 * The score of a task in a group: the mean of what it gains from each of the others, in units of the affinity.
 *
 * @param group tasks, as positions; whether it names the task itself does not matter
 * @returns null in a group of its own, or where it is not known what it gains from one of them
 */
export function groupScore(affinity: Affinity, task: number, group: readonly number[]): number | null {
  const gains = group.filter((other) => other !== task).map((other) => affinity.benefit(task, other));
  if (gains.length === 0) return null;
  return gains.reduce((sum, gain) => (sum === null || gain === null ? null : sum + gain / gains.length), 0);
}
