import {
  type AffinityJSON,
  affinityFrom,
  groupScore,
  meanOf,
  rankCorrelation,
  relativeChange,
} from '../../diagnosis/index.ts';
import { Scorer } from '../../optimization/index.ts';
import { judgeParts } from '../judge.ts';
import type { Part } from '../part.ts';
import type { LearningHooks } from '../train-kept.ts';
import type { ProposedGrouping, Verification, VerifiedGroup, VerifiedGrouping } from './result.ts';
import { type GroupsOfRun, type TrainedGroups, trainGroups } from './train-groups.ts';

type Scores = readonly (readonly (number | null)[])[];

/**
 * Trains every group that was proposed, all tasks together, and each task alone, and says what each task gains in its
 * group. What is best is chosen by the validation rows; that alone is judged on the test rows, and each task alone, which
 * it is compared with.
 */
export async function verifyGroups(
  run: GroupsOfRun,
  json: AffinityJSON,
  groupings: readonly ProposedGrouping[],
  hooks: LearningHooks,
): Promise<Verification> {
  const { dataset, split } = run.prepared;
  const names = dataset.tasks.map(({ name }) => name);
  const affinity = affinityFrom(json);
  const together = { most: 1, groups: [names], servedBy: names.map(() => 0) };
  const all = [together, ...groupings];
  const groups = distinct(all.flatMap((own) => own.groups)).filter(({ length }) => length > 1);
  const trained = await trainGroups(run, groups, hooks);
  const higher = new Scorer(dataset, split.validation).references.map(({ metric }) => metric.higherIsBetter);
  const verified = groups.map((tasks, g): VerifiedGroup => {
    const own = tasks.map((name) => names.indexOf(name));
    const gains = gainsOf(trained.groups[g]!.scores, trained.alone.scores, own, higher);
    return { tasks, predicted: own.map((t) => groupScore(affinity, t, own)), gains };
  });
  const found = all.map(({ groups: own, servedBy }) => {
    const gains = names.map((name, t): number | null => {
      const group = verified[indexOf(groups, own[servedBy[t]!]!)];
      // A task in a group of its own is what it is compared with.
      return group === undefined ? 0 : group.gains[group.tasks.indexOf(name)]!;
    });
    return { gains, gain: meanOf(gains) };
  });
  const [top, place] = best(found.map(({ gain }) => gain));
  const parts = top > 0 ? partsOf(all[place]!, groups, trained, names) : [trained.alone.part];
  return {
    groups: verified,
    groupings: groupings.map((own, i): VerifiedGrouping => ({ ...own, ...found[i + 1]! })),
    correlation: correlationOf(verified),
    best: top > 0 ? (place === 0 ? 'together' : place - 1) : 'alone',
    test: await onTestRows(run, parts, trained.alone.part, higher),
    seconds: [trained.alone, ...trained.groups].reduce(
      (sum, { part }) => sum + part.kept.checkpoint.seconds,
      0,
    ),
  };
}

/** Δ of each task of a group against the task alone, the mean over seeds. */
function gainsOf(
  scores: Scores,
  alone: Scores,
  own: readonly number[],
  higher: readonly boolean[],
): (number | null)[] {
  return own.map((t, at) =>
    meanOf(scores.map((seed, s) => relativeChange(seed[at] ?? null, alone[s]![t] ?? null, higher[t]!))),
  );
}

/** The highest value and where it stands. */
function best(values: readonly (number | null)[]): [number, number] {
  const known = values.map((value) => value ?? Number.NEGATIVE_INFINITY);
  const top = Math.max(...known);
  return [top, known.indexOf(top)];
}

/** The models of a grouping: each task is served by its group, or by itself where that is no other. */
function partsOf(
  { groups: own, servedBy }: Pick<ProposedGrouping, 'groups' | 'servedBy'>,
  groups: readonly (readonly string[])[],
  { alone, groups: trained }: TrainedGroups,
  names: readonly string[],
): Part[] {
  return own.map((group, g) => ({
    kept: (trained[indexOf(groups, group)] ?? alone).part.kept,
    serves: names.filter((_, t) => servedBy[t] === g),
  }));
}

async function onTestRows(
  { runtime, prepared }: GroupsOfRun,
  parts: readonly Part[],
  alone: Part,
  higher: readonly boolean[],
): Promise<Verification['test']> {
  const judged = async (own: readonly Part[]): Promise<Scores> =>
    (await judgeParts(runtime, prepared, own)).result.test;
  const scores = await judged(parts);
  const apart = parts[0] === alone ? scores : await judged([alone]);
  const tasks = higher.map((_, t) => t);
  const gains = gainsOf(scores, apart, tasks, higher);
  return { scores, gains, gain: meanOf(gains) };
}

/** Spearman's ρ of what was predicted and found, over all tasks of all groups. */
function correlationOf(groups: readonly VerifiedGroup[]): number | null {
  const pairs = groups.flatMap(({ predicted, gains }) =>
    predicted.flatMap((value, i) => {
      const gain = gains[i] ?? null;
      return value === null || gain === null ? [] : [{ value, gain }];
    }),
  );
  return rankCorrelation(
    pairs.map(({ value }) => value),
    pairs.map(({ gain }) => gain),
  );
}

const keyOf = (group: readonly string[]): string => JSON.stringify(group);

const indexOf = (groups: readonly (readonly string[])[], group: readonly string[]): number =>
  groups.findIndex((other) => keyOf(other) === keyOf(group));

function distinct(groups: readonly (readonly string[])[]): (readonly string[])[] {
  return [...new Map(groups.map((group) => [keyOf(group), group])).values()];
}
