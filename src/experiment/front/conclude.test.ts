import { expect, test } from 'vitest';
import { concludeFront, type PointRecord } from './conclude.ts';
import type { FrontTask, Judged } from './result.ts';

const judged = (metric: string, higherIsBetter: boolean, constant: number | null): Judged => ({
  metric,
  higherIsBetter,
  constant,
  labelled: 10,
});
const task = (name: string, side: Judged): FrontTask => ({ name, kind: 'any', validation: side, test: side });
const CLICKED = task('clicked', judged('auc', true, 0.5));
const HOURS = task('hours', judged('rmse', false, 10));

const record = (validation: PointRecord['validation'], preference: readonly number[]): PointRecord => ({
  preference,
  validation,
  test: validation.map((row) => row.map(() => 0.125)),
  steps: 7,
  trainSeconds: 1,
  model: '/models/1',
  seed: 3,
});
const RECORDS = [
  record(
    [
      [0.8, 8],
      [0.9, 6],
    ],
    [0.9, 0.1],
  ),
  record(
    [
      [0.6, 4],
      [0.6, 4],
    ],
    [0.5, 0.5],
  ),
  record(
    [
      [0.6, 5],
      [0.5, 4],
    ],
    [0.1, 0.9],
  ),
];

test('gains from the best constant to perfect, means and ranges over seeds, the front of the means', () => {
  const { points, hypervolume } = concludeFront([CLICKED, HOURS], RECORDS);
  const [first, second, third] = points;
  expect(first).toEqual({
    preference: { clicked: 0.9, hours: 0.1 },
    front: true,
    gain: { clicked: expect.closeTo(0.7, 12), hours: expect.closeTo(0.3, 12) },
    validation: {
      clicked: { mean: expect.closeTo(0.85, 12), low: 0.8, high: 0.9 },
      hours: { mean: 7, low: 6, high: 8 },
    },
    test: {
      clicked: { mean: 0.125, low: 0.125, high: 0.125 },
      hours: { mean: 0.125, low: 0.125, high: 0.125 },
    },
    steps: 7,
    trainSeconds: 1,
    model: '/models/1',
    seed: 3,
  });
  expect([second!.front, third!.front]).toEqual([true, false]);
  expect(third!.gain.clicked).toBeCloseTo(0.1, 12);
  expect(third!.gain.hours).toBeCloseTo(0.55, 12);
  // (0.6, 0.2), (0.2, 0.6) and (0.2, 0.5); then (0.8, 0.4), (0.2, 0.6) and (0, 0.6).
  expect(hypervolume!.low).toBeCloseTo(0.2, 12);
  expect(hypervolume!.high).toBeCloseTo(0.36, 12);
  expect(hypervolume!.mean).toBeCloseTo(0.28, 12);
});

test('a metric that one seed lacks is no number, and its point neither on the front nor in the volume', () => {
  const broken = record(
    [
      [null, 0],
      [1, 0],
    ],
    [0.3, 0.7],
  );
  const { points, hypervolume } = concludeFront([CLICKED, HOURS], [...RECORDS, broken]);
  expect(points[3]).toMatchObject({
    front: false,
    gain: { clicked: null, hours: 1 },
    validation: { clicked: null, hours: { mean: 0 } },
  });
  expect(hypervolume).toEqual(concludeFront([CLICKED, HOURS], RECORDS).hypervolume);
  expect(points.slice(0, 3)).toEqual(concludeFront([CLICKED, HOURS], RECORDS).points);
});

test('a side that cannot be judged is no gain; more than three tasks have no volume', () => {
  const unjudged = task('silent', judged('auc', true, null));
  expect(concludeFront([CLICKED, unjudged], RECORDS).points.map(({ front }) => front)).toEqual([
    false,
    false,
    false,
  ]);
  const four = [CLICKED, HOURS, task('a', judged('r2', true, 0)), task('b', judged('r2', true, 0))];
  const records = RECORDS.map((own) => ({
    ...own,
    preference: [0.25, 0.25, 0.25, 0.25],
    validation: own.validation.map((row) => [...row, 0.5, 0.5]),
  }));
  const found = concludeFront(four, records);
  expect(found).not.toHaveProperty('hypervolume');
  expect(found.points.map(({ front }) => front)).toEqual([true, true, false]);
});
