import { meanOf } from './delta.ts';
import { discoveries } from './discoveries.ts';
import { type Evidence, overPairs } from './evidence.ts';
import type { Interval } from './interval.ts';
import { meanSample, perSeed } from './samples.ts';
import type { ScoredTask, Scores } from './transfer.ts';

/** A way of learning among several, on the same rows. */
export interface Way {
  readonly seeds: readonly number[];
  /** What each seed reached, in their order. */
  readonly scores: Scores;
  /** Where rows were tested fold by fold, the same folds in all ways: these decide. */
  readonly folds?: readonly (Scores & { readonly rows: { readonly train: number; readonly test: number } })[];
}

/** One way against another. */
export interface PairOfWays {
  /** The mean Δ over tasks in per cent, over the seeds that both have; null without one. */
  readonly delta: Interval | null;
  /** Whether intervals lie beyond 0, on the other side the other way round, and the difference stands once the number of pairs is accounted for. */
  readonly clear: boolean;
}

/**
 * Every way against every other, paired by seed or by fold: [of][against].
 *
 * Among n ways there are n (n − 1) / 2 pairs, of which some look different by chance: a difference is `clear` where it stands
 * after Benjamini and Hochberg (see `discoveries`), better and worse asked for apart. Ways without a common seed are not compared.
 *
 * @param tasks [task] axes of the scores follow them
 * @example pairwise(tasks, [{ seeds: [0, 1], scores: shared }, { seeds: [0, 1], scores: mmoe }])[1]![0]!.delta
 */
export function pairwise(tasks: readonly ScoredTask[], ways: readonly Way[]): PairOfWays[][] {
  const evidence = ways.map((own) =>
    ways.map((other) => (own === other ? NOTHING : evidenceOf(tasks, own, other))),
  );
  const above = (i: number): number[] => ways.flatMap((_, j) => (j > i ? [j] : []));
  const pairs = ways.flatMap((_, i) => above(i).map((j) => ({ i, j, p: evidence[i]![j]!.p })));
  const gains = discoveries(pairs.map(({ p }) => p));
  const losses = discoveries(pairs.map(({ p }) => (p === null ? null : 1 - p)));
  const stands = new Set(pairs.flatMap(({ i, j }, at) => (gains[at] || losses[at] ? [`${i}/${j}`] : [])));
  const isClear = (i: number, j: number): boolean =>
    stands.has(i < j ? `${i}/${j}` : `${j}/${i}`) &&
    sideOf(evidence[i]![j]!) !== 0 &&
    sideOf(evidence[i]![j]!) === -sideOf(evidence[j]![i]!);
  return evidence.map((row, i) => row.map(({ delta }, j) => ({ delta, clear: isClear(i, j) })));
}

/** On which side of 0 the whole interval lies; 0 where it holds 0, or there is none. */
function sideOf({ delta }: Evidence): number {
  if (delta === null || delta.low === null || delta.high === null) return 0;
  return delta.low > 0 ? 1 : delta.high < 0 ? -1 : 0;
}

const NOTHING: Evidence = { delta: null, p: null };

function evidenceOf(tasks: readonly ScoredTask[], own: Way, other: Way): Evidence {
  if (own.folds !== undefined && other.folds !== undefined) {
    const changes = own.folds.map((multi, f) =>
      meanOf(meanSample(perSeed(tasks, { multi, independent: other.folds![f]! })).tasks),
    );
    return overPairs(changes, meanOf(own.folds.map(({ rows }) => rows.test / rows.train))!);
  }
  const common = own.seeds.filter((seed) => other.seeds.includes(seed));
  const at = ({ seeds, scores }: Way): Scores => ({
    test: common.map((seed) => scores.test[seeds.indexOf(seed)]!),
  });
  const samples = perSeed(tasks, { multi: at(own), independent: at(other) });
  return overPairs(
    samples.map((sample) => meanOf(sample.tasks)),
    0,
  );
}
