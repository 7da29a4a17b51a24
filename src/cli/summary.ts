import type { Interval } from '../diagnosis/index.ts';
import type { RunResult, TaskFacts } from '../experiment/result.ts';

/** The object that `--json` prints: see docs/cli.md for its fields. */
export function summarise(result: RunResult): object {
  const { diagnosis, multi, independent, data, best } = result;
  return {
    run: result.run,
    verdict: diagnosis?.verdict ?? 'undecided',
    delta: interval(diagnosis?.delta),
    words: diagnosis?.words ?? [],
    tasks: Object.fromEntries(
      result.tasks.map((task, t) => [task.task.name, summariseTask(result, task, t)]),
    ),
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
): object {
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
