import { type FittedTask, kindOf, type Metric, normalised } from '../problem/index.ts';
import { type Dataset, type TaskTargets, taskTargets } from './dataset.ts';
import type { Evaluation } from './history.ts';
import type { Outputs } from './predictor.ts';

/** How one task is judged on a fixed set of rows. */
interface TaskJudge {
  readonly task: FittedTask;
  readonly targets: TaskTargets;
  readonly metric: Metric;
  /** What the best constant prediction reaches. */
  readonly baseline: number | null;
}

/** Turns predictions of a fixed set of rows into metrics and scores. */
export class Scorer {
  readonly #judges: readonly TaskJudge[];

  constructor(data: Dataset, rows: Int32Array) {
    const targets = taskTargets(data, rows);
    this.#judges = data.tasks.map((task, t) => judge(task, targets[t]!));
  }

  /** The metric by which each task is judged, and what a constant reaches. */
  get references(): readonly { readonly metric: Metric; readonly baseline: number | null }[] {
    return this.#judges.map(({ metric, baseline }) => ({ metric, baseline }));
  }

  /** The labelled rows of each task. */
  get counts(): readonly number[] {
    return this.#judges.map(({ targets }) => targets.positions.length);
  }

  /** One metric value for each task of a replica; null where it is undefined. */
  metrics(outputs: Outputs, replica: number): (number | null)[] {
    return this.#judges.map(({ task, targets, metric }, t) => {
      const width = kindOf(task.kind).outputWidth(task);
      return compute(metric, task, targets, outputs.at(replica, t, targets.positions, width));
    });
  }

  /** Every metric of one task. */
  allMetrics(outputs: Outputs, replica: number, t: number): Record<string, number | null> {
    const { task, targets } = this.#judges[t]!;
    const own = outputs.at(replica, t, targets.positions, kindOf(task.kind).outputWidth(task));
    return Object.fromEntries(
      kindOf(task.kind)
        .metrics(task)
        .map((metric) => [metric.name, compute(metric, task, targets, own)]),
    );
  }

  /**
   * Metrics and scores of all replicas. A task's score is its metric's improvement over the constant baseline; a
   * replica's is the mean over tasks, each weighted by nothing but having a defined score.
   */
  evaluate(outputs: Outputs, replicas: number): Evaluation {
    const metrics = Array.from({ length: replicas }, (_, s) => this.metrics(outputs, s));
    const scores = metrics.map((row) => row.map((value, t) => this.#score(value, t)));
    return {
      metrics,
      replicaScores: scores.map((row) => mean(row.filter((score) => score !== null))),
      taskScores: scores.flat().map((score) => score ?? Number.NEGATIVE_INFINITY),
    };
  }

  #score(value: number | null, t: number): number | null {
    const { metric, baseline } = this.#judges[t]!;
    if (value === null) return null;
    return baseline === null ? null : normalised(value, baseline, metric.higherIsBetter);
  }
}

/** The primary metric, or the first that these rows define (AUC needs both classes, a log-loss does not). */
function judge(task: FittedTask, targets: TaskTargets): TaskJudge {
  const kind = kindOf(task.kind);
  const primary = kind.primary(task);
  const candidates = [...kind.metrics(task)].sort((a, b) => Number(b.name === primary) - Number(a.name === primary));
  const constant = kind.baseline(task);
  const outputs = Float32Array.from(Array.from(targets.positions, () => constant).flat());
  for (const metric of candidates) {
    const baseline = compute(metric, task, targets, outputs);
    if (baseline !== null) return { task, targets, metric, baseline };
  }
  return { task, targets, metric: candidates[0]!, baseline: null };
}

function compute(metric: Metric, task: FittedTask, targets: TaskTargets, outputs: Float32Array): number | null {
  if (targets.positions.length === 0) return null;
  return metric.compute({ outputs, targets: targets.targets, weights: targets.weights }, task);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}
