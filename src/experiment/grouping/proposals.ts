import {
  type Affinity,
  affinityFrom,
  chooseGroups,
  type Grouping,
  type ObservedGradients,
} from '../../diagnosis/index.ts';
import type { AffinityResult, GroupingChoice, GroupMeasure, ProposedGrouping } from './result.ts';

/** Groups of the most that are proposed where nobody says how many. */
const MOST_PROPOSED = 4;

/** The affinity of a run by the measure that is asked for. */
export function affinityBy({ affinity, cosine }: AffinityResult, by: GroupMeasure): Affinity {
  return affinityFrom(by === 'cosine' ? cosine : affinity.values);
}

/**
 * Groupings by an affinity: the one of at most `most` groups, or those for each number of groups
 * from 2 on, each once.
 *
 * @throws grouping-invalid
 */
export function proposals(affinity: Affinity, { most, overlap = true }: GroupingChoice): ProposedGrouping[] {
  const tasks = affinity.tasks.length;
  const last = Math.max(2, Math.min(MOST_PROPOSED, tasks - 1));
  const counts = most === undefined ? Array.from({ length: last - 1 }, (_, i) => i + 2) : [most];
  // A pair that no look saw tells neither for nor against.
  const all = counts.map((count) =>
    proposed(chooseGroups(affinity, { most: count, overlap, unknown: 0 }), count),
  );
  // Where more groups are no better the same ones come again.
  const texts = all.map(({ groups }) => JSON.stringify(groups));
  return all.filter((_, i) => texts.indexOf(texts[i]!) === i);
}

function proposed(
  { tasks, groups, servedBy, scores, mean, exact }: Grouping,
  most: number,
): ProposedGrouping {
  return {
    most,
    groups: groups.map((group) => group.map((t) => tasks[t]!)),
    servedBy,
    scores,
    mean,
    exact,
  };
}

/** The result of a run as its affinity. */
export function affinityResult(run: string, observed: ObservedGradients): AffinityResult {
  const { affinity, cosine, looks } = observed;
  const result = { run, tasks: affinity.values.tasks, looks, affinity, cosine };
  const groupings = proposals(affinityFrom(affinity.values), {});
  return { ...result, groupings };
}
