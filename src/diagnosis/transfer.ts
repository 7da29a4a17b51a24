import { meanOverMetrics, meanOverTasks, meanRanks, seesaw, winsAndLosses } from './conventions.ts';
import { meanOf } from './delta.ts';
import { discoveries } from './discoveries.ts';
import { type Evidence, meanResamples, overPairs, overRows } from './evidence.ts';
import type { Interval } from './interval.ts';
import { meanSample, perSeed } from './samples.ts';
import { type Effect, effectOf, overallVerdict, taskVerdict, type Verdict } from './verdict.ts';

/** What a way of learning reached on the test rows; null where a metric is undefined. */
export interface Scores {
  /** The primary metric, [seed][task]. */
  readonly test: readonly (readonly (number | null)[])[];
  /** Every metric by its name, [seed][task]; default: the primary one alone. */
  readonly metrics?: readonly (readonly Readonly<Record<string, number | null>>[])[] | undefined;
}

export interface ScoredTask {
  readonly name: string;
  readonly higherIsBetter: boolean;
  /** Whether higher is better, for every metric by its name. */
  readonly directions?: Readonly<Record<string, boolean>> | undefined;
}

/** Both ways on one fold of the rows. */
export interface FoldScores {
  readonly multi: Scores;
  readonly independent: Scores;
  readonly rows: { readonly train: number; readonly test: number };
}

export interface TransferInput {
  readonly tasks: readonly ScoredTask[];
  readonly multi: Scores;
  readonly independent: Scores;
  /** Δ in per cent on resampled test rows, [task][resample]; read where there is one seed. */
  readonly resampled?: readonly (readonly (number | null)[])[] | undefined;
  /** Where rows were tested fold by fold: these decide in place of `multi` and `independent`. */
  readonly folds?: readonly FoldScores[] | undefined;
}

/** What one way of learning brought against another. */
export interface Transfer {
  readonly verdict: Verdict;
  /** The mean of Δ over tasks, each by its primary metric; null where no task has one. */
  readonly delta: Interval | null;
  readonly tasks: readonly TaskTransfer[];
  /** What the intervals range over: seeds, folds, resampled test rows where there is one seed, or none are known. */
  readonly intervalOver: 'seeds' | 'folds' | 'rows' | 'nothing';
  /** Tasks whose interval lies above 0, and tasks whose interval lies below. */
  readonly wins: number;
  readonly losses: number;
  /** The mean Δ over every metric that the tasks have, by both conventions of the literature. */
  readonly conventions: {
    readonly meanOverTasks: Interval | null;
    readonly meanOverMetrics: Interval | null;
  };
  /** Tasks that are better and tasks that are worse on average, however little. */
  readonly seesaw: { readonly improved: number; readonly harmed: number };
  /** Mean rank over tasks among the two; 1 is the best. */
  readonly ranks: { readonly multi: number | null; readonly independent: number | null };
}

export interface TaskTransfer {
  /** Relative change in per cent, positive is better; null where it is undefined (see `relativeChange`). */
  readonly delta: Interval | null;
  readonly verdict: Exclude<Verdict, 'mixed'>;
  readonly effect: Effect;
  /** Whether helped or hurt stands once the number of tasks is accounted for. */
  readonly clear: boolean;
}

/**
 * Compares two ways of learning task by task, paired by seed. Where there are folds, a fold's Δ is its mean over seeds, and
 * the intervals range over folds, whose training rows overlap (see `pairedInterval`).
 *
 * @param input [task] axes in the order of `tasks`, seeds in the same order on both sides
 */
export function measureTransfer(input: TransferInput): Transfer {
  const { tasks, resampled, folds } = input;
  const samples =
    folds === undefined ? perSeed(tasks, input) : folds.map((fold) => meanSample(perSeed(tasks, fold)));
  const overlap = folds === undefined ? 0 : meanOf(folds.map(({ rows }) => rows.test / rows.train))!;
  const byRows = folds === undefined && samples.length === 1 && resampled !== undefined;
  const weigh = (changes: readonly (number | null)[], rows?: readonly (number | null)[]): Evidence =>
    byRows && rows !== undefined ? overRows(changes, rows) : overPairs(changes, overlap);
  const evidence = tasks.map((_, t) =>
    weigh(
      samples.map((sample) => sample.tasks[t]!),
      resampled?.[t] ?? [],
    ),
  );
  const { delta } = weigh(
    samples.map((sample) => meanOf(sample.tasks)),
    resampled && meanResamples(resampled),
  );
  const gains = discoveries(evidence.map(({ p }) => p));
  const losses = discoveries(evidence.map(({ p }) => (p === null ? null : 1 - p)));
  const judged = evidence.map((own, t): TaskTransfer => {
    const effect = effectOf(own.delta);
    return {
      delta: own.delta,
      verdict: taskVerdict(effect),
      effect,
      clear: (effect === 'helped' && gains[t]!) || (effect === 'hurt' && losses[t]!),
    };
  });
  const deltas = judged.map((task) => task.delta);
  const [multi, independent] = meanRanks(
    [meanScores(input, 'multi'), meanScores(input, 'independent')],
    tasks.map(({ higherIsBetter }) => higherIsBetter),
  );
  const over = (convention: typeof meanOverTasks): Interval | null =>
    overPairs(
      samples.map(({ metrics }) => convention(metrics)),
      overlap,
    ).delta;
  return {
    verdict: overallVerdict(delta, judged),
    delta,
    tasks: judged,
    intervalOver: [delta, ...deltas].every((own) => own === null || own.low === null)
      ? 'nothing'
      : folds !== undefined
        ? 'folds'
        : byRows
          ? 'rows'
          : 'seeds',
    ...winsAndLosses(deltas),
    conventions: { meanOverTasks: over(meanOverTasks), meanOverMetrics: over(meanOverMetrics) },
    seesaw: seesaw(deltas.map((own) => [own?.mean ?? null])),
    ranks: { multi: multi!, independent: independent! },
  };
}

/** The mean of each task's primary metric over seeds, and over folds where there are some. */
export function meanScores(
  { tasks, folds, ...whole }: TransferInput,
  side: 'multi' | 'independent',
): (number | null)[] {
  const parts = folds ?? [whole];
  return tasks.map((_, t) =>
    meanOf(parts.map((part) => meanOf(part[side].test.map((seed) => seed[t] ?? null)))),
  );
}
