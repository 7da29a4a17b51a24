import type { RunResult, TaskFacts } from '../experiment/result.ts';
import type { LeaderboardEntry, SearchResult } from '../experiment/search/result.ts';
import {
  type Delta,
  interval,
  meanOf,
  type Range,
  type RowsAnswer,
  rowsAnswer,
  type TransferAnswer,
  transferAnswer,
} from './transfer-answer.ts';

/** A number of the joint model and of the separate ones together, where they were trained. */
interface Both {
  readonly multi: number;
  readonly independent: number | null;
}

type Values = Readonly<Record<string, number | null>>;

interface Metrics {
  readonly multi: Values;
  readonly independent: Values | null;
}

export interface TaskAnswer extends Range {
  readonly kind: string;
  readonly metric: string;
  readonly higherIsBetter: boolean;
  /** The metric on the test rows, the mean over seeds. */
  readonly multi: number | null;
  readonly independent: number | null;
  /** What the best constant prediction reaches. */
  readonly constant: number | null;
  readonly delta: number | null;
  readonly verdict: string;
  readonly labelled: TaskFacts['labelled'];
  /** Every metric on the test rows, the mean over seeds. */
  readonly metrics: Metrics;
}

export interface SearchAnswer
  extends Pick<SearchResult, 'objective' | 'limit' | 'best' | 'chosen' | 'words'> {
  readonly leaderboard: readonly Pick<
    LeaderboardEntry,
    'side' | 'name' | 'stage' | 'score' | 'settings' | 'groups' | 'steps' | 'seconds' | 'finished' | 'failure'
  >[];
}

/** What `fit --json`, `train`, `resume` and `demo` print as their last line. */
export interface FitAnswer {
  readonly run: string;
  readonly verdict: string;
  readonly delta: Delta;
  readonly words: readonly string[];
  readonly tasks: Readonly<Record<string, TaskAnswer>>;
  /** How the tasks fared together; null where nothing was compared. */
  readonly transfer: TransferAnswer | null;
  /** Where rows were tested fold by fold, what each fold found. */
  readonly folds?: readonly (RowsAnswer & { readonly fold: number })[];
  /** Where the run trained on fewer rows as well, ascending; the last is the run itself. */
  readonly fractions?: readonly (RowsAnswer & { readonly fraction: number })[];
  /** Long problems: every metric over the test rows of all tasks together. */
  readonly pooled?: Metrics;
  readonly cost: {
    readonly parameters: Both;
    readonly trainSeconds: Both;
    readonly latencyMs: Both;
    readonly fileBytes: Both;
  };
  readonly best: RunResult['best'];
  /** What the exported model itself reaches on the test rows: its seeds, and every metric of each task. */
  readonly exported: {
    readonly seeds: readonly number[];
    readonly tasks: Readonly<Record<string, Values>>;
  } | null;
  /** Why sharing helped or hurt, where tasks were compared. */
  readonly causes: RunResult['causes'] | null;
  /** What a search tried, best first on the validation rows, and what it chose. */
  readonly search?: SearchAnswer;
  readonly rows: RunResult['data']['rows'];
  readonly seeds: readonly number[];
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly help: string }[];
  readonly runtime: string;
  readonly model: string;
  readonly report: string;
}

export function summarise(result: RunResult): FitAnswer {
  const { diagnosis, multi, independent, data, best } = result;
  return {
    run: result.run,
    verdict: diagnosis?.verdict ?? 'undecided',
    delta: interval(diagnosis?.delta),
    words: diagnosis?.words ?? [],
    tasks: Object.fromEntries(
      result.tasks.map((task, t) => [task.task.name, summariseTask(result, task, t)]),
    ),
    transfer: diagnosis === undefined ? null : transferAnswer(diagnosis),
    ...(result.folds && {
      folds: result.folds.map(({ fold, ...own }) => ({ fold, ...rowsAnswer(result, own) })),
    }),
    ...(result.fractions && {
      fractions: result.fractions.map(({ fraction, ...own }) => ({ fraction, ...rowsAnswer(result, own) })),
    }),
    ...(multi.pooled && { pooled: { multi: multi.pooled, independent: independent?.pooled ?? null } }),
    cost: {
      parameters: { multi: multi.parameters.total, independent: independent?.parameters.total ?? null },
      trainSeconds: { multi: multi.trainSeconds, independent: independent?.trainSeconds ?? null },
      latencyMs: { multi: multi.latencyMs, independent: independent?.latencyMs ?? null },
      fileBytes: { multi: multi.fileBytes, independent: independent?.fileBytes ?? null },
    },
    ...(result.search && { search: searchAnswer(result.search) }),
    best: { sharing: best.sharing, objective: best.objective, seed: best.seed },
    exported: exportedAnswer(result),
    causes: result.causes ?? null,
    rows: data.rows,
    seeds: result.seeds,
    warnings: data.warnings,
    runtime: result.machine.runtime,
    model: result.model,
    report: result.report,
  };
}

function exportedAnswer({ exported, tasks }: RunResult): FitAnswer['exported'] {
  if (exported === undefined) return null;
  const { seeds, allMetrics } = exported;
  return { seeds, tasks: Object.fromEntries(tasks.map(({ task }, t) => [task.name, allMetrics[t]!])) };
}

function searchAnswer({ leaderboard, ...rest }: SearchResult): SearchAnswer {
  return { ...rest, leaderboard: leaderboard.map(({ scores: _, metrics: __, ...entry }) => entry) };
}

function summariseTask(
  result: RunResult,
  { task, metric, higherIsBetter, constant, labelled }: TaskFacts,
  t: number,
): TaskAnswer {
  const own = result.diagnosis?.tasks.find(({ name }) => name === task.name);
  const { mean: delta, low, high } = interval(own?.delta);
  return {
    kind: task.kind,
    metric,
    higherIsBetter,
    multi: own === undefined ? testMean(result, t) : own.multi,
    independent: own?.independent ?? null,
    constant,
    delta,
    low,
    high,
    verdict: own?.verdict ?? 'undecided',
    labelled,
    metrics: { multi: result.multi.allMetrics[t]!, independent: result.independent?.allMetrics[t] ?? null },
  };
}

/** Over seeds, and over folds where there are some. */
function testMean({ folds, multi }: RunResult, t: number): number | null {
  const parts = folds ?? [{ multi }];
  return meanOf(parts.map((part) => meanOf(part.multi.test.map((seed) => seed[t] ?? null))));
}
