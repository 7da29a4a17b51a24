import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RandomStream } from '../common/random.ts';
import { pairwise, type Way } from './pairwise.ts';
import { measureTransfer } from './transfer.ts';

const TASKS = [
  { name: 'a', higherIsBetter: true },
  { name: 'b', higherIsBetter: false },
];
const way = (...test: number[][]): Way => ({ seeds: test.map((_, s) => s), scores: { test } });

test('by hand: the mean over tasks and seeds, each side in units of the other', () => {
  const [alone, better] = [way([0.8, 1], [0.8, 1]), way([0.88, 0.9], [0.88, 0.92])];
  const pairs = pairwise(TASKS, [alone, better]);
  // +10 % and +10 %, then +10 % and +8 %.
  expect(pairs[1]![0]!.delta!.mean).toBeCloseTo(9.5, 9);
  // Against what is better, −9.09 % and −11.11 %, then −9.09 % and −8.70 %.
  expect(pairs[0]![1]!.delta!.mean).toBeCloseTo(-(100 / 11 + 100 / 9 + 100 / 11 + 800 / 92) / 4, 9);
  expect(pairs[0]![0]).toEqual({ delta: null, clear: false });
});

test('is what comparing with one of them says', () => {
  const ways = [way([0.8, 1.1], [0.7, 1], [0.75, 1.2]), way([0.82, 1], [0.81, 1.1], [0.7, 1])];
  const { delta } = measureTransfer({ tasks: TASKS, multi: ways[0]!.scores, independent: ways[1]!.scores });
  expect(pairwise(TASKS, ways)[0]![1]!.delta).toEqual(delta);
});

test('pairs the seeds that both have, whatever their order', () => {
  const own: Way = {
    seeds: [3, 1],
    scores: {
      test: [
        [0.9, 1],
        [0.6, 1],
      ],
    },
  };
  const other: Way = {
    seeds: [1, 2],
    scores: {
      test: [
        [0.5, 1],
        [0.1, 1],
      ],
    },
  };
  const pairs = pairwise(TASKS, [own, other, { seeds: [7], scores: { test: [[1, 1]] } }]);
  expect(pairs[0]![1]!.delta).toEqual({ mean: expect.closeTo(10, 9), low: null, high: null });
  expect(pairs[0]![2]!.delta).toBeNull();
});

test('folds decide where there are some, widened by what they share', () => {
  const fold = (value: number) => ({ test: [[value, 1]], rows: { train: 80, test: 20 } });
  const folds = (...values: number[]): Way => ({
    seeds: [0],
    scores: { test: [[0, 1]] },
    folds: values.map(fold),
  });
  const ways = [folds(1.1, 1.2, 1.3), folds(1, 1, 1)];
  const [[, { delta }]] = pairwise([TASKS[0]!], ways) as [
    [unknown, { delta: { mean: number; low: number } }],
  ];
  expect(delta.mean).toBeCloseTo(20, 9);
  // t(0.975, 2) = 4.302653, s = 10, 1/3 + 20/80.
  expect(delta.low).toBeCloseTo(20 - 4.302653 * 10 * Math.sqrt(1 / 3 + 0.25), 4);
});

test('among many ways that do not differ, hardly a pair is clear; a great difference is', () => {
  const draws = new RandomStream(0, 'noise');
  const noise = (at: number): number => 0.02 * (draws.uniform(at) - 0.5);
  const ways = Array.from({ length: 20 }, (_, w) =>
    way(...[0, 1, 2, 3].map((s) => [0.8 + noise(4 * w + s), 1])),
  );
  const clear = (all: readonly Way[]): number =>
    pairwise(TASKS, all)
      .flat()
      .filter((pair) => pair.clear).length;
  expect(clear(ways)).toBe(0);
  const best = way(...[0, 1, 2, 3].map((s) => [1.2 + noise(999 - s), 1]));
  expect(clear([...ways, best])).toBe(2 * ways.length);
});

test('what is clear one way round is clear the other, and leaves out 0', () => {
  const scores = fc.array(fc.tuple(fc.double({ min: 0.1, max: 1, noNaN: true }), fc.constant(1)), {
    minLength: 3,
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.array(scores, { minLength: 2, maxLength: 6 }), (all) => {
      const pairs = pairwise(
        TASKS,
        all.map((own) => way(...own)),
      );
      for (const [i, row] of pairs.entries()) {
        expect(row[i]!.clear).toBe(false);
        for (const { delta, clear } of row) if (clear) expect(delta!.low! > 0 || delta!.high! < 0).toBe(true);
      }
    }),
  );
});
