import type { EvaluationPoint } from '../optimization/index.ts';
import { Outputs } from '../optimization/index.ts';
import { kindOf } from '../problem/index.ts';
import type { Prepared } from './prepare.ts';
import type { KeptTrial } from './trial.ts';

/** A trained model, and which of the tasks that it learned it answers for. Parts divide the tasks of a problem. */
export interface Part {
  readonly kept: KeptTrial;
  readonly serves: readonly string[];
}

/** One model that answers for all that it learned. */
export const wholeOf = (kept: KeptTrial): Part => ({
  kept,
  serves: kept.trial.prepared.dataset.tasks.map(({ name }) => name),
});

/** Where a task of the whole problem is learned: the part that serves it, and its position among the part's tasks. */
export interface Place {
  readonly part: number;
  readonly task: number;
}

/** [task of the problem] */
export function placesOf({ dataset }: Pick<Prepared, 'dataset'>, parts: readonly Part[]): Place[] {
  return placesIn(
    dataset,
    parts.map(({ kept, serves }) => ({ trial: kept.trial, serves })),
  );
}

/** The same of trials that need not have been trained. */
export function placesIn(
  { tasks }: Pick<Prepared['dataset'], 'tasks'>,
  lanes: readonly { readonly trial: KeptTrial['trial']; readonly serves: readonly string[] }[],
): Place[] {
  return tasks.map(({ name }) => {
    const part = lanes.findIndex(({ serves }) => serves.includes(name));
    const own = lanes[part]!.trial.prepared.dataset.tasks;
    return { part, task: own.findIndex((task) => task.name === name) };
  });
}

/**
 * What parts predict, as if one model had: rows of the whole problem in place of those that a part was asked for.
 *
 * @param rows of the whole problem
 * @param asked the rows of each part, all of which are among them
 */
export function assembleOutputs(
  prepared: Prepared,
  parts: readonly Part[],
  rows: Int32Array,
  asked: readonly Int32Array[],
  outputs: readonly Outputs[],
): Outputs {
  const places = placesOf(prepared, parts);
  const positions = new Map(Array.from(rows, (row, position) => [row, position]));
  const spread = (values: Float32Array, part: number, width: number): Float32Array => {
    const own = asked[part]!;
    if (own === rows || own.length === rows.length) return values;
    const all = new Float32Array(rows.length * width);
    own.forEach((row, i) => {
      all.set(values.subarray(i * width, (i + 1) * width), positions.get(row)! * width);
    });
    return all;
  };
  const seeds = parts[0]!.kept.trial.seeds.length;
  return new Outputs(
    Array.from({ length: seeds }, (_, s) =>
      prepared.dataset.tasks.map((task, t) => {
        const { part, task: own } = places[t]!;
        return spread(outputs[part]!.of(s, own), part, kindOf(task.kind).outputWidth(task));
      }),
    ),
  );
}

/** Trainings of parts as one curve: point by point, each part where it was then, and at its last point once it is over. */
export function assembleCurve(prepared: Prepared, parts: readonly Part[]): EvaluationPoint[] {
  const places = placesOf(prepared, parts);
  const histories = parts.map(({ kept }) => kept.checkpoint.history);
  const length = Math.max(...histories.map((history) => history.length));
  return Array.from({ length: histories.every((own) => own.length > 0) ? length : 0 }, (_, i) => {
    const points = histories.map((history) => history[Math.min(i, history.length - 1)]!);
    const sum = (of: 'step' | 'seconds'): number => points.reduce((total, point) => total + point[of], 0);
    const gather = <V>(of: (point: EvaluationPoint) => readonly (readonly V[])[]): V[][] =>
      of(points[0]!).map((_seed, s) => places.map(({ part, task }) => of(points[part]!)[s]![task]!));
    return {
      epoch: Math.max(...points.map(({ epoch }) => epoch)),
      step: sum('step'),
      seconds: sum('seconds'),
      losses: gather(({ losses }) => losses),
      metrics: gather(({ metrics }) => metrics),
    };
  });
}
