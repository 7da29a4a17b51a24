import type { Diagnosis, Interval, Scores } from '../diagnosis/index.ts';
import type { RowsResult } from '../experiment/repeats/result.ts';
import type { RunResult } from '../experiment/result.ts';

/** Δ in per cent with its 95 % interval, positive is better; null where it is undefined. */
export interface Range {
  readonly low: number | null;
  readonly high: number | null;
}

export type Delta = Range & { readonly mean: number | null };

export interface TransferAnswer {
  readonly intervalOver: Diagnosis['intervalOver'];
  /** Tasks whose interval lies above 0, and below. */
  readonly wins: number;
  readonly losses: number;
  readonly seesaw: Diagnosis['seesaw'];
  readonly ranks: Diagnosis['ranks'];
  /** Over every metric, by both conventions. */
  readonly meanOverTasks: Delta;
  readonly meanOverMetrics: Delta;
}

/** What was reached on other rows than the run's own. */
export interface RowsAnswer {
  readonly rows: RunResult['data']['rows'];
  readonly delta: Delta;
  readonly tasks: Readonly<
    Record<
      string,
      Range & {
        readonly multi: number | null;
        readonly independent: number | null;
        readonly delta: number | null;
      }
    >
  >;
}

export function transferAnswer({
  intervalOver,
  wins,
  losses,
  seesaw,
  ranks,
  conventions,
}: Diagnosis): TransferAnswer {
  const { meanOverTasks, meanOverMetrics } = conventions;
  return {
    intervalOver,
    wins,
    losses,
    seesaw,
    ranks,
    meanOverTasks: interval(meanOverTasks),
    meanOverMetrics: interval(meanOverMetrics),
  };
}

export function rowsAnswer(
  { tasks }: RunResult,
  { rows, multi, independent, transfer }: RowsResult,
): RowsAnswer {
  const score = (scores: Scores | undefined, t: number): number | null =>
    meanOf((scores?.test ?? []).map((seed) => seed[t] ?? null));
  return {
    rows,
    delta: interval(transfer?.delta),
    tasks: Object.fromEntries(
      tasks.map(({ task }, t) => {
        const { mean: delta, low, high } = interval(transfer?.tasks[t]?.delta);
        return [task.name, { multi: score(multi, t), independent: score(independent, t), delta, low, high }];
      }),
    ),
  };
}

export function interval(value: Interval | null | undefined): Delta {
  return { mean: value?.mean ?? null, low: value?.low ?? null, high: value?.high ?? null };
}

/** Null where one is. */
export function meanOf(values: readonly (number | null)[]): number | null {
  if (values.length === 0 || values.some((value) => value === null)) return null;
  return (values as number[]).reduce((sum, value) => sum + value, 0) / values.length;
}
