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
  /** How much each task's score counts in a replica's. */
  readonly #weights: readonly number[];

  /** @param importance how much each task matters; default: all alike */
  constructor(data: Dataset, rows: Int32Array, importance?: readonly number[]) {
    const targets = taskTargets(data, rows);
    this.#judges = data.tasks.map((task, t) => judge(task, targets[t]!));
    const units = data.taskOfRow === undefined ? data.tasks.map(() => 1) : commonUnitWeights(this.#judges);
    this.#weights = importance === undefined ? units : units.map((unit, t) => unit * importance[t]!);
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
   * Every metric over the rows of all tasks together, as if they were one: for long problems, whose tasks share one
   * label column.
   */
  pooledMetrics(outputs: Outputs, replica: number): Record<string, number | null> {
    const { task } = this.#judges[0]!;
    const width = kindOf(task.kind).outputWidth(task);
    const parts = this.#judges.map(({ targets }, t) => outputs.at(replica, t, targets.positions, width));
    const all: TaskTargets = {
      positions: concatenate(
        Int32Array,
        this.#judges.map(({ targets }) => targets.positions),
      ),
      targets: concatenate(
        Float64Array,
        this.#judges.map(({ targets }) => targets.targets),
      ),
      weights: concatenate(
        Float64Array,
        this.#judges.map(({ targets }) => targets.weights),
      ),
    };
    const together = concatenate(Float32Array, parts);
    return Object.fromEntries(
      kindOf(task.kind)
        .metrics(task)
        .map((metric) => [metric.name, compute(metric, task, all, together)]),
    );
  }

  /**
   * Metrics and scores of all replicas. A task's score is its metric's improvement over the constant baseline; a
   * replica's is the mean over the tasks that have one. A task that these rows cannot judge goes with its replica.
   */
  evaluate(outputs: Outputs, replicas: number): Evaluation {
    const metrics = Array.from({ length: replicas }, (_, s) => this.metrics(outputs, s));
    return { ...this.judge(metrics), watched: outputs.watched };
  }

  /** The same of metrics that were computed before, [replica][task]. */
  judge(metrics: Evaluation['metrics']): Omit<Evaluation, 'watched'> {
    const scores = metrics.map((row) => row.map((value, t) => this.#score(value, t)));
    const replicaScores = scores.map((row) => mean(row, this.#weights));
    return {
      metrics,
      replicaScores,
      taskScores: scores.flatMap((row, s) => row.map((score) => score ?? replicaScores[s]!)),
    };
  }

  /** Null where the rows say nothing about a task; −∞ where its predictions are such that no metric is defined. */
  #score(value: number | null, t: number): number | null {
    const { metric, baseline } = this.#judges[t]!;
    if (baseline === null) return null;
    return value === null ? Number.NEGATIVE_INFINITY : normalised(value, baseline, metric.higherIsBetter);
  }
}

/** The primary metric, or the first that these rows define (AUC needs both classes, a log-loss does not). */
function judge(task: FittedTask, targets: TaskTargets): TaskJudge {
  const kind = kindOf(task.kind);
  const primary = kind.primary(task);
  const candidates = [...kind.metrics(task)].sort(
    (a, b) => Number(b.name === primary) - Number(a.name === primary),
  );
  const constant = kind.baseline(task);
  const outputs = Float32Array.from(Array.from(targets.positions, () => constant).flat());
  for (const metric of candidates) {
    const baseline = compute(metric, task, targets, outputs);
    if (baseline !== null) return { task, targets, metric, baseline };
  }
  return { task, targets, metric: candidates[0]!, baseline: null };
}

function compute(
  metric: Metric,
  task: FittedTask,
  targets: TaskTargets,
  outputs: Float32Array,
): number | null {
  if (targets.positions.length === 0) return null;
  return metric.compute({ outputs, targets: targets.targets, weights: targets.weights }, task);
}

/**
 * Tasks of a long problem share one unit, and may have a handful of rows each: Σ nᵢ gainᵢ / Σ nᵢ roomᵢ, the rows'
 * common improvement, is steady where a mean of ratios over tiny tasks is not; nᵢ as many rows as know of the metric.
 */
function commonUnitWeights(judges: readonly TaskJudge[]): number[] {
  const weights = judges.map(({ task, targets, metric, baseline }) => {
    const primary = metric.name === kindOf(task.kind).primary(task);
    if (baseline === null || !primary) return 0;
    const { length } = targets.positions;
    const rows = metric.information?.(targets.targets, length) ?? length;
    return rows * Math.abs((metric.higherIsBetter ? 1 : 0) - baseline);
  });
  // Where no task can be judged by its own metric, each counts as its rows do.
  return weights.some((weight) => weight > 0)
    ? weights
    : judges.map(({ targets }) => targets.positions.length);
}

/** Σ wᵢ xᵢ / Σ wᵢ over what is there; 0 when nothing is. */
function mean(values: readonly (number | null)[], weights: readonly number[]): number {
  let [sum, total] = [0, 0];
  values.forEach((value, i) => {
    if (value === null || weights[i] === 0) return;
    sum += weights[i]! * value;
    total += weights[i]!;
  });
  return total === 0 ? 0 : sum / total;
}

function concatenate<A extends Int32Array | Float32Array | Float64Array>(
  type: new (length: number) => A,
  parts: readonly A[],
): A {
  const all = new type(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
