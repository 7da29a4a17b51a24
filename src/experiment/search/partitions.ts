import { affinityFrom, chooseGroups } from '../../diagnosis/index.ts';
import { observedIn } from '../grouping/observe.ts';
import type { Contestant } from './contestant.ts';

/** Groups up to which partitions are tried. */
const MOST_GROUPS = 3;

/**
 * Partitions of the tasks into a few groups by what its training showed of a contestant of one model: by how the tasks'
 * gradients agreed (cosines, where below 0 a task is better alone), and by what they gained from each other.
 */
export function partitionsOf(contestant: Contestant): string[][][] {
  const [checkpoint] = contestant.checkpoints;
  const observed = contestant.lanes.length === 1 && checkpoint ? observedIn(checkpoint) : undefined;
  if (observed === undefined) return [];
  const found = new Map<string, string[][]>();
  for (const values of [observed.cosine, observed.affinity.values])
    for (let most = 2; most <= Math.min(MOST_GROUPS, values.tasks.length - 1); most++) {
      const { groups } = chooseGroups(affinityFrom(values), { most, overlap: false, alone: 0, unknown: 0 });
      const named = groups.map((group) => group.map((t) => values.tasks[t]!));
      // One group is no partition, and groups of one are each task alone.
      if (named.length > 1 && named.some(({ length }) => length > 1)) found.set(JSON.stringify(named), named);
    }
  return [...found.values()];
}
