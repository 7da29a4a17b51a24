import { expect, test } from 'vitest';
import type { Affinity } from '../affinity.ts';
import { CosineAffinity, FirstOrderAffinity } from './gradient-affinity.ts';
import { groupScore } from './group-score.ts';
import { higherOrderAffinity } from './higher-order.ts';
import { LookAheadAffinity } from './look-ahead.ts';

/** [to][from], as benefits are asked for. */
const matrixOf = (affinity: Affinity): (number | null)[][] =>
  affinity.tasks.map((_to, to) => affinity.tasks.map((_from, from) => affinity.benefit(to, from)));

const close = (rows: readonly (readonly number[])[]): unknown =>
  rows.map((row) => row.map((value) => expect.closeTo(value, 12)));

test('look-ahead: by which share the step of one task lowers the loss of another, a mean over steps', () => {
  const measured = new LookAheadAffinity(['a', 'b']);
  measured.add(0, [1, 2], [0.5, 1.8]);
  measured.add(0, [1, 4], [0.9, 4.4]);
  measured.add(1, [1, 2], [1.5, 1]);
  // a gains .5 and .1 from itself, b .1 and −.1 from a; a loses half by b.
  expect(matrixOf(measured.affinity())).toEqual(
    close([
      [0.3, -0.5],
      [0, 0.5],
    ]),
  );
});

test('look-ahead: tasks without labels take no part, and a loss below 0 falls as any other', () => {
  const measured = new LookAheadAffinity(['a', 'b', 'c']);
  measured.add(0, [1, 0, Number.NaN], [0.5, 0, 0]);
  measured.add(1, [1, 0, 2], [0, 0, 0]);
  measured.add(2, [1, 0, -2], [1, 0, -3]);
  expect(matrixOf(measured.affinity())).toEqual([
    [0.5, null, 0],
    [null, null, null],
    [null, null, 0.5],
  ]);
});

/** Losses cₜ + aₜ·θ, which are linear. */
const SLOPES = [
  [1, 2],
  [-1, 1],
  [3, 0],
] as const;
const loss = (t: number, theta: readonly number[]): number =>
  9 + t + SLOPES[t]![0] * theta[0]! + SLOPES[t]![1] * theta[1]!;
const gramian = SLOPES.flatMap((g) => SLOPES.map((h) => g[0] * h[0] + g[1] * h[1]));

test('first order is look-ahead where losses are linear, with and without division by the rate', () => {
  for (const perRate of [false, true]) {
    const [exact, first] = [new LookAheadAffinity(['a', 'b', 'c']), new FirstOrderAffinity(['a', 'b', 'c'])];
    for (const [theta, rate] of [
      [[0, 0], 0.1],
      [[0.5, -0.25], 0.02],
    ] as const) {
      const before = SLOPES.map((_, t) => loss(t, theta));
      SLOPES.forEach((g, source) => {
        const ahead = theta.map((value, k) => value - rate * g[k]!);
        exact.add(
          source,
          before,
          SLOPES.map((_, t) => loss(t, ahead)),
          perRate ? rate : 1,
        );
      });
      first.add(gramian, before, perRate ? 1 : rate);
    }
    expect(matrixOf(first.affinity())).toEqual(close(matrixOf(exact.affinity()) as number[][]));
  }
});

test('first order by hand: what b gains from a is divided by the loss of b', () => {
  const measured = new FirstOrderAffinity(['a', 'b', 'c']);
  measured.add([1, 2, 0, 2, 9, 0, 0, 0, 0], [4, 8, 0], 0.5);
  measured.add([1, 4, 0, 4, 9, 0, 0, 0, 0], [4, 8, 0], 0.5);
  measured.add([1, 9, 9, 9, 9, 9, 9, 9, 9], [4, 0, Number.NaN], 0.5);
  expect(matrixOf(measured.affinity())).toEqual([
    [0.125, 0.375, null],
    [0.1875, 0.5625, null],
    [null, null, null],
  ]);
});

test('cosines: a mean over steps in which neither gradient is 0; recorded cosines are a Gramian', () => {
  const measured = new CosineAffinity(['a', 'b']);
  measured.add([4, 3, 3, 9]);
  measured.add([1, -1, -1, 1]);
  measured.add([1, 0, 0, 0]);
  measured.add([1, null, null, 1]);
  expect(matrixOf(measured.affinity())).toEqual([
    [1, -0.25],
    [-0.25, 1],
  ]);
});

test('a measurement goes on from its JSON as if it had not stopped', () => {
  const whole = new LookAheadAffinity(['a', 'b']);
  const [first, second] = [
    [1, 3],
    [0.7, 2.9],
  ] as const;
  whole.add(0, [2, 7], first);
  const resumed = new LookAheadAffinity(['a', 'b'], JSON.parse(JSON.stringify(whole)));
  for (const measured of [whole, resumed]) {
    measured.add(0, [2, 7], second);
    measured.add(1, [2, 7], second);
  }
  expect(resumed.toJSON()).toEqual(whole.toJSON());
  expect(resumed.affinity().toJSON()).toEqual(whole.affinity().toJSON());
});

const TASKS = [
  { name: 'a', alone: 0.8, higherIsBetter: true },
  { name: 'b', alone: 10, higherIsBetter: false },
  { name: 'c', alone: 5, higherIsBetter: false },
];

test('higher order: a pair’s result against the task alone, and the score of a group is their mean', () => {
  const affinity = higherOrderAffinity(TASKS, [
    { tasks: [0, 1], scores: [0.88, 9] },
    { tasks: [2, 0], scores: [6, 0.76] },
    { tasks: [1, 2], scores: [null, 4] },
    { tasks: [1, 2], scores: [12, 3] },
  ]);
  expect(matrixOf(affinity)).toEqual([
    [null, expect.closeTo(10, 9), expect.closeTo(-5, 9)],
    [10, null, -20],
    [-20, 30, null],
  ]);
  expect([0, 1, 2].map((t) => groupScore(affinity, t, [0, 1, 2]))).toEqual(
    [2.5, -5, 5].map((score) => expect.closeTo(score, 9)),
  );
  expect(groupScore(affinity, 1, [0])).toBe(10);
  expect(groupScore(affinity, 1, [1])).toBeNull();
});

test('higher order: a pair that was not trained, or a task without a score alone, is unknown', () => {
  const affinity = higherOrderAffinity(
    [{ ...TASKS[0]!, alone: null }, TASKS[1]!, TASKS[2]!],
    [{ tasks: [0, 1], scores: [0.88, 9] }],
  );
  expect(affinity.benefit(0, 1)).toBeNull();
  expect(affinity.benefit(1, 0)).toBe(10);
  expect(groupScore(affinity, 1, [0, 1, 2])).toBeNull();
});
