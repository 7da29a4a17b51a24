import {
  type Affinity,
  affinityFrom,
  agreeingGroups,
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
 * Groupings by an affinity: the one of at most `most` groups; or, without it, that of as many groups as the gains ask for,
 * and those of at most 2, 3 and 4, each once.
 *
 * @throws grouping-invalid
 */
export function proposals(affinity: Affinity, { most, overlap = true }: GroupingChoice): ProposedGrouping[] {
  // A pair that no look saw tells neither for nor against.
  const unknown = 0;
  const ofAtMost = (count: number): ProposedGrouping =>
    proposed(chooseGroups(affinity, { most: count, overlap, unknown }), count);
  if (most !== undefined) return [ofAtMost(most)];
  const last = Math.min(MOST_PROPOSED, affinity.tasks.length - 1);
  const all = [
    proposed(agreeingGroups(affinity, { unknown }), 'any'),
    ...Array.from({ length: Math.max(0, last - 1) }, (_, i) => ofAtMost(i + 2)),
  ];
  const texts = all.map(({ groups, servedBy }) => JSON.stringify([groups, servedBy]));
  return all.filter((_, i) => texts.indexOf(texts[i]!) === i);
}

function proposed(
  { tasks, groups, servedBy, scores, mean, exact }: Grouping,
  most: ProposedGrouping['most'],
): ProposedGrouping {
  return { most, groups: groups.map((group) => group.map((t) => tasks[t]!)), servedBy, scores, mean, exact };
}

/** The result of a run as its affinity. */
export function affinityResult(run: string, observed: ObservedGradients): AffinityResult {
  const { affinity, cosine, looks } = observed;
  const result = { run, tasks: affinity.values.tasks, looks, affinity, cosine };
  const groupings = proposals(affinityFrom(affinity.values), {});
  return { ...result, groupings };
}
