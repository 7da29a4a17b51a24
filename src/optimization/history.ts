import type { TensorData } from '../engine/index.ts';
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
  /** What was watched, of the first replica: [row][column] by name; small tables alone. */
  readonly watched?: Readonly<Record<string, readonly (readonly number[])[]>>;
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
