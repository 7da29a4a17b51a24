import {
  effectOf,
  type FoldScores,
  meanOf,
  meanRanks,
  measureTransfer,
  type ScoredTask,
  type Scores,
} from '../../diagnosis/index.ts';
import { directionsOf, scoresOf } from '../compared-ways.ts';
import type { RunResult } from '../result.ts';
import { VERSION } from '../version.ts';
import { factsOf } from './common-ground.ts';
import type { ComparedRun, Comparison, MeanScore, Standing } from './comparison.ts';

/** A run as a comparison takes it. */
export interface Comparable {
  readonly name: string;
  readonly result: RunResult;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Runs of the same data, split and tasks side by side. Every run is paired with the baseline seed by seed, or fold by fold
 * where all were tested in folds.
 *
 * @param settings in which they differ
 * @param baseline the place of the run that the others are compared with
 */
export function compareResults(
  runs: readonly Comparable[],
  settings: readonly string[],
  baseline: number,
): Comparison {
  const { tasks } = runs[baseline]!.result;
  const scored = scoredTasks(tasks);
  const samples = runs.map(({ result }) => samplesOf(result, tasks.length));
  const ranks = meanRanks(
    samples.map((run) => tasks.map((_, t) => meanOf(run.map((sample) => sample[t]!)))),
    scored.map(({ higherIsBetter }) => higherIsBetter),
  );
  const compared = runs.map((run, r) =>
    comparedRun(run, runs[baseline]!, scored, settings, {
      samples: samples[r]!,
      meanRank: ranks[r]!,
      isBaseline: r === baseline,
    }),
  );
  const known = compared.find(({ over }) => over !== 'nothing');
  return {
    version: 1,
    polytask: VERSION,
    created: new Date().toISOString(),
    baseline: runs[baseline]!.name,
    ...factsOf(runs[baseline]!.result),
    settings,
    runs: compared.map(({ over: _, ...run }) => run),
    intervalOver: known?.over ?? 'nothing',
  };
}

/** By what tasks are compared. */
export function scoredTasks(tasks: RunResult['tasks']): ScoredTask[] {
  return tasks.map(({ task, higherIsBetter }) => ({
    name: task.name,
    higherIsBetter,
    directions: directionsOf(task),
  }));
}

/** Where a run stands among the others. */
interface Place {
  /** The primary metric, [seed or fold][task]. */
  readonly samples: readonly (readonly (number | null)[])[];
  readonly meanRank: number | null;
  readonly isBaseline: boolean;
}

function comparedRun(
  { name, result, settings: own }: Comparable,
  baseline: Comparable,
  tasks: readonly ScoredTask[],
  settings: readonly string[],
  { samples, meanRank, isBaseline }: Place,
): ComparedRun & { over: Comparison['intervalOver'] } {
  const paired = result.seeds.filter((seed) => baseline.result.seeds.includes(seed));
  const folds = foldsOf(result, baseline.result);
  const transfer = measureTransfer({
    tasks,
    multi: scoresAt(result, paired),
    independent: scoresAt(baseline.result, paired),
    ...(folds && { folds }),
  });
  const { multi } = result;
  return {
    name,
    run: result.run,
    sharing: multi.sharing,
    objective: multi.objective,
    seeds: result.seeds,
    paired,
    settings: Object.fromEntries(settings.map((path) => [path, own[path] ?? null])),
    standing: isBaseline ? 'baseline' : standingOf(transfer),
    delta: isBaseline ? null : transfer.delta,
    conventions: isBaseline ? { meanOverTasks: null, meanOverMetrics: null } : transfer.conventions,
    wins: transfer.wins,
    losses: transfer.losses,
    seesaw: transfer.seesaw,
    tasks: transfer.tasks.map(({ delta, effect, clear }, t) => ({
      score: meanScore(samples.map((sample) => sample[t]!)),
      delta: isBaseline ? null : delta,
      effect,
      clear,
    })),
    meanRank,
    parameters: multi.parameters.total,
    trainSeconds: multi.trainSeconds,
    over: isBaseline ? 'nothing' : transfer.intervalOver,
  };
}

const STANDINGS = { helped: 'better', hurt: 'worse', equal: 'same', undecided: 'undecided' } as const;

function standingOf({
  verdict,
  delta,
}: Pick<ReturnType<typeof measureTransfer>, 'verdict' | 'delta'>): Standing {
  return verdict === 'mixed' ? 'mixed' : STANDINGS[effectOf(delta)];
}

/** What the run that was asked for reached, at some of its seeds in their order; without a pair, the means. */
function scoresAt({ multi, seeds }: RunResult, paired: readonly number[]): Scores {
  const { test, metrics } = scoresOf(multi);
  if (paired.length === 0) {
    const tasks = test[0]?.length ?? 0;
    return { test: [Array.from({ length: tasks }, (_, t) => meanOf(test.map((seed) => seed[t]!)))] };
  }
  const at = <V>(values: readonly V[]): V[] => paired.map((seed) => values[seeds.indexOf(seed)]!);
  return { test: at(test), ...(metrics && { metrics: at(metrics) }) };
}

function foldsOf({ folds }: RunResult, baseline: RunResult): FoldScores[] | undefined {
  return folds?.map(({ multi, rows }, f) => ({ multi, independent: baseline.folds![f]!.multi, rows }));
}

/** The primary metric on the test rows: of each seed, or of each fold as the mean over seeds. */
function samplesOf({ multi, folds }: RunResult, tasks: number): (number | null)[][] {
  if (folds === undefined) return multi.test.map((seed) => [...seed]);
  return folds.map((fold) =>
    Array.from({ length: tasks }, (_, t) => meanOf(fold.multi.test.map((seed) => seed[t] ?? null))),
  );
}

function meanScore(values: readonly (number | null)[]): MeanScore | null {
  const mean = meanOf(values);
  if (mean === null) return null;
  const there = values.filter((value) => value !== null);
  const squares = there.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: there.length < 2 ? null : Math.sqrt(squares / (there.length - 1)) };
}
