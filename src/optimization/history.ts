import type { TensorData } from '../engine/index.ts';
import { type GradientPoint, gradientPoint } from './gradient-point.ts';
import type { ObservedPoint } from './observed-point.ts';
import type { WatchedTable } from './watching.ts';

/** What an evaluation on the validation rows found. */
export interface Evaluation {
  /** The primary metric of each task, [replica][task]; null where it is undefined. */
  readonly metrics: readonly (readonly (number | null)[])[];
  /** One score a replica: the mean of its tasks' normalised metrics; higher is better, −∞ where one broke down. */
  readonly replicaScores: readonly number[];
  /** One score for each task of each replica, replica-major; that of the replica where a task cannot be judged. */
  readonly taskScores: readonly number[];
  readonly watched?: readonly WatchedTable[];
}

/** One point of the learning curves. */
export interface EvaluationPoint {
  readonly epoch: number;
  readonly step: number;
  readonly seconds: number;
  /** Mean training loss since the last point, [replica][task]. */
  readonly losses: readonly (readonly number[])[];
  readonly metrics: readonly (readonly (number | null)[])[];
  /** Mean weights of the tasks' losses since the last point, [replica][task]. */
  readonly weights?: readonly (readonly number[])[];
  /** How the tasks' gradients met since the last point, in the first replica; where an aggregation compares them. */
  readonly gradients?: GradientPoint;
  /** How they met in what an observer saw since the last point; absent where it did not look. */
  readonly observed?: ObservedPoint;
  /** What was watched, of the first replica: [row][column] by name; small tables alone. */
  readonly watched?: Readonly<Record<string, readonly (readonly number[])[]>>;
}

/** What chunks of steps told, by output of the step. */
export type StepOutputs = Readonly<Record<string, TensorData>>;

/** Weights and gradients since the last point; weights only where they are not all 1. */
export function watchedObjective(
  told: readonly StepOutputs[],
  seeds: number,
): Pick<EvaluationPoint, 'weights' | 'gradients'> {
  const weights = meanWeights(told, seeds);
  const gradients = gradientPoint(told);
  return {
    ...(weights && { weights: rounded(weights) }),
    ...(gradients && { gradients }),
  };
}

/**
 * The mean weight of each task over the steps in which it had labels; 0 is a weight as any other. Undefined where all of
 * them are 1.
 */
function meanWeights(told: readonly StepOutputs[], seeds: number): number[][] | undefined {
  const tasks = told[0]!.losses!.shape.at(-1)!;
  const sums = new Float64Array(seeds * tasks);
  const counts = new Float64Array(seeds * tasks);
  for (const { losses, weights } of told)
    losses!.data.forEach((loss: number | bigint, i: number) => {
      if (Number(loss) === 0) return;
      sums[i % sums.length]! += Number(weights!.data[i]);
      counts[i % sums.length]!++;
    });
  if (sums.every((sum, i) => sum === counts[i])) return undefined;
  return Array.from({ length: seeds }, (_, s) =>
    Array.from({ length: tasks }, (_task, t) => sums[s * tasks + t]! / Math.max(1, counts[s * tasks + t]!)),
  );
}

/** Cells of the largest table that every point of the curves keeps. */
const SMALL_TABLE = 400;

/** Tables as the curves keep them. */
export function watchedPoint(tables: readonly WatchedTable[] = []): Pick<EvaluationPoint, 'watched'> {
  const small = tables.filter(({ rows, columns }) => rows.length * columns.length <= SMALL_TABLE);
  if (small.length === 0) return {};
  return { watched: Object.fromEntries(small.map(({ name, values }) => [name, rounded(values[0]!)])) };
}

/** Six digits are more than a picture shows. */
function rounded(table: readonly (readonly number[])[]): number[][] {
  return table.map((row) => row.map((value) => Number(value.toPrecision(6))));
}

/**
 * The mean loss of each task over steps in which it had labels.
 *
 * @param chunks losses [steps, …seeds, tasks]
 */
export function meanLosses(chunks: readonly TensorData[], seeds: number): number[][] {
  const tasks = chunks[0]?.shape.at(-1) ?? 0;
  const sums = new Float64Array(seeds * tasks);
  const counts = new Float64Array(seeds * tasks);
  for (const { data } of chunks)
    for (let i = 0; i < data.length; i++) {
      const value = Number(data[i]);
      if (value === 0) continue;
      sums[i % sums.length]! += value;
      counts[i % sums.length]!++;
    }
  return Array.from({ length: seeds }, (_, s) =>
    Array.from({ length: tasks }, (_, t) => sums[s * tasks + t]! / Math.max(1, counts[s * tasks + t]!)),
  );
}
