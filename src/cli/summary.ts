import type { Interval } from '../diagnosis/index.ts';
import type { RunResult, TaskFacts } from '../experiment/result.ts';

/** A number of the joint model and of the separate ones together, where they were trained. */
interface Both {
  readonly multi: number;
  readonly independent: number | null;
}

/** Δ in per cent with its 95 % interval, positive is better; null where it is undefined. */
interface Range {
  readonly low: number | null;
  readonly high: number | null;
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

/** What `fit --json`, `train`, `resume` and `demo` print as their last line. */
export interface FitAnswer {
  readonly run: string;
  readonly verdict: string;
  readonly delta: Range & { readonly mean: number | null };
  readonly words: readonly string[];
  readonly tasks: Readonly<Record<string, TaskAnswer>>;
  /** Long problems: every metric over the test rows of all tasks together. */
  readonly pooled?: Metrics;
  readonly cost: {
    readonly parameters: Both;
    readonly trainSeconds: Both;
    readonly latencyMs: Both;
    readonly fileBytes: Both;
  };
  readonly best: RunResult['best'];
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
    ...(multi.pooled && { pooled: { multi: multi.pooled, independent: independent?.pooled ?? null } }),
    cost: {
      parameters: { multi: multi.parameters.total, independent: independent?.parameters.total ?? null },
      trainSeconds: { multi: multi.trainSeconds, independent: independent?.trainSeconds ?? null },
      latencyMs: { multi: multi.latencyMs, independent: independent?.latencyMs ?? null },
      fileBytes: { multi: multi.fileBytes, independent: independent?.fileBytes ?? null },
    },
    best: { sharing: best.sharing, objective: best.objective, seed: best.seed },
    rows: data.rows,
    seeds: result.seeds,
    warnings: data.warnings,
    runtime: result.machine.runtime,
    model: result.model,
    report: result.report,
  };
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
    multi: own === undefined ? meanOf(result.multi.test.map((seed) => seed[t] ?? null)) : own.multi,
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

function interval(value: Interval | null | undefined): {
  mean: number | null;
  low: number | null;
  high: number | null;
} {
  return { mean: value?.mean ?? null, low: value?.low ?? null, high: value?.high ?? null };
}

function meanOf(values: readonly (number | null)[]): number | null {
  if (values.length === 0 || values.some((value) => value === null)) return null;
  return (values as number[]).reduce((sum, value) => sum + value, 0) / values.length;
}
