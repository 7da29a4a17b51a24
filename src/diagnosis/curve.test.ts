import { expect, test } from 'vitest';
import type { EvaluationPoint } from '../optimization/index.ts';
import { type CurvePoint, taskCurve } from './curve.ts';
import { overfitting } from './overfitting.ts';
import { effort, quicker, summariseQuicker } from './quicker.ts';

/** One task, one point a step of ten, a second each. */
const points = (metrics: readonly number[], losses?: readonly number[]): CurvePoint[] =>
  metrics.map((metric, i) => ({
    step: 10 * (i + 1),
    seconds: i + 1,
    metric,
    loss: losses?.[i] ?? 1 / (i + 1),
  }));

test('a curve is the mean over seeds, without the points that no seed has', () => {
  const point = (step: number, metrics: (number | null)[][]): EvaluationPoint => ({
    epoch: 1,
    step,
    seconds: step / 10,
    losses: [
      [1, 2],
      [3, 4],
    ],
    metrics,
  });
  const curve = [
    point(10, [
      [9, 0.5],
      [9, 0.7],
    ]),
    point(20, [
      [9, null],
      [9, null],
    ]),
    point(30, [
      [9, null],
      [9, 0.9],
    ]),
  ];
  expect(taskCurve(curve, 1)).toEqual([
    { step: 10, seconds: 1, metric: 0.6, loss: 3 },
    { step: 30, seconds: 3, metric: 0.9, loss: 3 },
  ]);
});

test('quicker: the first step at which the joint curve reaches the independent best', () => {
  const independent = points([0.5, 0.6, 0.8, 0.8, 0.7]);
  expect(quicker(points([0.6, 0.8, 0.9]), independent, true)).toEqual({
    steps: { multi: 20, independent: 30 },
    seconds: { multi: 2, independent: 3 },
  });
  expect(quicker(points([0.6, 0.79]), independent, true)).toEqual({
    steps: { multi: null, independent: 30 },
    seconds: { multi: null, independent: 3 },
  });
  // A step together draws other rows than one alone.
  expect(quicker(points([0.6, 0.8]), independent, true, { multi: 100, independent: 300 })?.rows).toEqual({
    multi: 2000,
    independent: 9000,
  });
  expect(quicker(points([0.6]), independent, true, { multi: 100, independent: 300 })?.rows?.multi).toBeNull();
  // For an error, the best is the lowest.
  expect(quicker(points([0.6, 0.5]), independent, false)?.steps).toEqual({ multi: 20, independent: 10 });
  expect(quicker([], independent, true)).toBeNull();
  expect(quicker(independent, [], true)).toBeNull();
});

test('the summary takes the median over tasks that were reached', () => {
  const task = (multi: number | null, independent: number) => ({
    steps: { multi, independent },
    seconds: { multi, independent },
    rows: { multi: multi === null ? null : 2 * multi, independent },
  });
  expect(summariseQuicker([task(10, 20), task(30, 20), task(20, 20), task(null, 5), null])).toEqual({
    reached: 3,
    compared: 4,
    steps: 1,
    rows: 2,
    seconds: 1,
  });
  expect(summariseQuicker([null, task(null, 5)])).toEqual({
    reached: 0,
    compared: 1,
    steps: null,
    rows: null,
    seconds: null,
  });
});

test.each<[number, number | null, string]>([
  [0.5, null, '50 % of the steps'],
  [0.5, 0.5, '50 % of the steps'],
  [4.5, 0.16, '4.5 times the steps and 16 % of the rows'],
  [1, 0.98, 'about as many steps and about as many rows'],
])('%f of the steps and %f of the rows', (steps, rows, words) => {
  expect(effort(steps, rows)).toBe(words);
});

test('overfitting: the metric ends worse than its best while the training loss falls', () => {
  const rise = [0.5, 0.6, 0.7, 0.8, 0.8, 0.8, 0.78, 0.75, 0.72, 0.69, 0.66, 0.6];
  const found = overfitting(points(rise), true)!;
  expect(found.overfits).toBe(true);
  expect(found.last).toBe(0.6);
  expect(found.best).toBeCloseTo(0.786, 9);
  expect(found.gap).toBeCloseTo((100 * (0.786 - 0.6)) / 0.786, 9);
  // A rising training loss is divergence, or a task that the others push aside.
  expect(
    overfitting(
      points(
        rise,
        rise.map((_, i) => i),
      ),
      true,
    )?.overfits,
  ).toBe(false);
  expect(overfitting(points(rise.map((metric) => -metric)), false)?.overfits).toBe(true);
  expect(overfitting(points([0.5, 0.6, 0.7, 0.8, 0.85]), true)?.overfits).toBe(false);
  expect(overfitting(points([0.5, 0.6]), true)).toBeNull();
});

test('a jittery plateau is not overfitting, although its best point lies above its last', () => {
  const jitter = [0.5, 0.7, 0.8, 0.84, 0.79, 0.83, 0.78, 0.82, 0.79, 0.83, 0.8, 0.79];
  const found = overfitting(points(jitter), true)!;
  expect(found.overfits).toBe(false);
});
