import { type Gains, hypervolume, paretoFront } from '../../diagnosis/index.ts';
import { normalised } from '../../problem/index.ts';
import type { FrontPoint, FrontResult, FrontTask, Judged, Spread } from './result.ts';

/** What the training for one preference left. */
export interface PointRecord {
  /** [task] */
  readonly preference: readonly number[];
  /** The metric by which each task is judged, [seed][task]. */
  readonly validation: readonly Gains[];
  readonly test: readonly Gains[];
  readonly steps: number;
  readonly trainSeconds: number;
  readonly model: string;
  readonly seed: number;
}

/** Tasks of the most of which the volume is taken. */
const MOST_TASKS = 3;

/** Compares what was trained, by the validation rows alone. */
export function concludeFront(
  tasks: readonly FrontTask[],
  records: readonly PointRecord[],
): Pick<FrontResult, 'points' | 'hypervolume'> {
  const gains = records.map(({ validation }) => validation.map((row) => gainsOf(tasks, row)));
  const means = gains.map((own) => tasks.map((_, t) => spreadOf(own.map((row) => row[t]!))?.mean ?? null));
  const front = paretoFront(means);
  const named = <V>(of: (t: number) => V): Readonly<Record<string, V>> =>
    Object.fromEntries(tasks.map(({ name }, t) => [name, of(t)]));
  const points = records.map((record, i): FrontPoint => {
    const { preference, validation, test, ...rest } = record;
    const over = (side: readonly Gains[]) => named((t) => spreadOf(side.map((row) => row[t]!)));
    return {
      preference: named((t) => preference[t]!),
      front: front[i]!,
      gain: named((t) => means[i]![t]!),
      validation: over(validation),
      test: over(test),
      ...rest,
    };
  });
  if (tasks.length > MOST_TASKS) return { points };
  const origin = tasks.map(() => 0);
  const known = gains.filter((_, i) => means[i]!.every((mean) => mean !== null));
  const seeds = records[0]!.validation.map((_, s) =>
    hypervolume(
      known.map((own) => own[s]!),
      origin,
    ),
  );
  return { points, hypervolume: spreadOf(seeds)! };
}

/** How far each task is from the best constant, 0, to perfect, 1; null where the rows do not say. */
function gainsOf(tasks: readonly FrontTask[], metrics: Gains): Gains {
  const gain = (value: number | null, { constant, higherIsBetter }: Judged): number | null =>
    value === null || constant === null ? null : normalised(value, constant, higherIsBetter);
  return tasks.map(({ validation }, t) => gain(metrics[t]!, validation));
}

/** A number over seeds; null where one of them is. */
export function spreadOf(values: Gains): Spread | null {
  const known = values.filter((value) => value !== null);
  if (known.length < values.length || known.length === 0) return null;
  return {
    mean: known.reduce((sum, value) => sum + value, 0) / known.length,
    low: Math.min(...known),
    high: Math.max(...known),
  };
}
