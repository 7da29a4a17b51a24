import { expect, test } from 'vitest';
import type { Checkpoint, EvaluationPoint, Scorer } from '../../optimization/index.ts';
import { keptMetrics } from './kept-metrics.ts';

/** Scores are the metrics themselves; a replica's is their mean. */
const scorer = {
  judge: (metrics: readonly (readonly number[])[]) => ({
    metrics,
    replicaScores: metrics.map((row) => row.reduce((a, b) => a + b, 0) / row.length),
    taskScores: metrics.flat(),
  }),
} as unknown as Scorer;

const point = (step: number, ...metrics: number[][]): EvaluationPoint => ({
  epoch: step,
  step,
  seconds: step / 10,
  losses: [],
  metrics,
});

// One seed, two tasks.
const history = [point(10, [1, 5]), point(20, [4, 4]), point(30, [9, 0])];
const training = (evaluations: number[]): Pick<Checkpoint, 'history' | 'best'> => ({
  history,
  best: { scores: [], evaluations, theta: new Float32Array() },
});
const at = (level: number, separate: boolean, unit: 'steps' | 'seconds' = 'steps') =>
  keptMetrics(training(separate ? [2, 0] : [2]), scorer, { level, unit, separate });

test('the state of a level is the best up to it, for the model or for each task', () => {
  expect(at(20, false)).toEqual([[4, 4]]);
  expect(at(20, true)).toEqual([[4, 5]]);
  expect(at(2, false, 'seconds')).toEqual([[4, 4]]);
});

test('at its own level it is what training has kept', () => {
  expect(at(30, false)).toEqual([[9, 0]]);
  expect(at(1e9, true)).toEqual([[9, 5]]);
});

test('tasks that keep states of their own may be asked for those of one evaluation', () => {
  const options = { unit: 'steps', separate: true, together: true } as const;
  expect(keptMetrics(training([2, 0]), scorer, { level: 1e9, ...options })).toEqual([[9, 0]]);
  expect(keptMetrics(training([2, 0]), scorer, { level: 20, ...options })).toEqual([[4, 4]]);
});

test('the first evaluation counts in any case; before it there is nothing', () => {
  expect(at(1, false)).toEqual([[1, 5]]);
  expect(
    keptMetrics({ ...training([]), history: [] }, scorer, { level: 5, unit: 'steps', separate: false }),
  ).toBeUndefined();
});
