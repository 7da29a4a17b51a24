import { describe, expect, test } from 'vitest';
import { RandomStream } from '../common/random.ts';
import { numbers, tensorData } from '../engine/index.ts';
import { adamw } from '../engine/optimiser/adamw.ts';
import { meanLosses } from './history.ts';
import { dropoutKeys, optimiserFeeds, stepFeeds } from './step-feeds.ts';

describe('rows and the tasks that they train', () => {
  const plans = [
    { rows: Int32Array.of(0, 1, 2, 3, 4, 5) },
    { rows: Int32Array.of(10, 11, 12, 13, 14, 15), active: Int32Array.of(0, 1, 0) },
  ];

  test('those of the steps of the chunk, replica by replica', () => {
    const { rows, 'task-weights': taskWeights } = stepFeeds(plans, {
      start: 1,
      steps: 2,
      rowsPerStep: 2,
      tasks: 2,
    });
    expect(rows).toEqual(tensorData(Int32Array.of(2, 3, 12, 13, 4, 5, 14, 15), [2, 2, 2], 'int32'));
    expect(taskWeights).toEqual(tensorData(Float32Array.of(1, 1, 0, 1, 1, 1, 1, 0), [2, 2, 2]));
  });

  test('one replica has no axis', () => {
    const { rows, 'task-weights': taskWeights } = stepFeeds(plans.slice(0, 1), {
      start: 0,
      steps: 3,
      rowsPerStep: 2,
      tasks: 2,
    });
    expect(rows!.shape).toEqual([3, 2]);
    expect(taskWeights!.shape).toEqual([3, 2]);
  });
});

describe('dropout keys', () => {
  const NAMES = ['dropout/multiplier', 'dropout/offset'];

  test('depend on seed and step alone, however steps are cut into chunks', () => {
    const whole = dropoutKeys([4, 7], 0, 6);
    for (const name of NAMES) {
      expect(whole[name]!.shape).toEqual([6, 2, 1, 1]);
      const parts = [dropoutKeys([4, 7], 0, 2), dropoutKeys([4, 7], 2, 4)].flatMap((part) =>
        numbers(part[name]!),
      );
      expect(parts).toEqual(numbers(whole[name]!));
      const alone = numbers(dropoutKeys([7], 0, 6)[name]!);
      expect(alone).toEqual(numbers(whole[name]!).filter((_, i) => i % 2 === 1));
      expect(alone[3]).toBe(new RandomStream(7, name).bits(3) | 0);
      expect(new Set(numbers(whole[name]!)).size).toBe(12);
    }
    expect(dropoutKeys([4], 0, 1)[NAMES[0]!]!.shape).toEqual([1, 1, 1]);
  });
});

test("an optimiser's scalars: of every step, replica and group", () => {
  const optimiser = adamw({ weightDecay: 0.1 });
  const rates = [
    [0.1, 0.2, 0.1, 0.3],
    [0.1, 0.05, 0.1, 0.3],
  ];
  const feeds = optimiserFeeds(optimiser, 5, rates, 2);
  const keys = Object.keys(optimiser.scalars(1, 1));
  expect(Object.keys(feeds)).toEqual(keys.map((key) => `optimiser/${key}`));
  for (const key of keys) {
    const feed = feeds[`optimiser/${key}`]!;
    expect(feed.shape).toEqual([2, 2, 2]);
    const expected = rates.flatMap((own, k) =>
      own.map((rate) => Math.fround(optimiser.scalars(5 + k, rate)[key]!)),
    );
    expect(numbers(feed)).toEqual(expected);
  }
  expect(optimiserFeeds(optimiser, 1, [[0.1]], 1)['optimiser/keep']!.shape).toEqual([1, 1]);
});

test('mean losses are over the steps in which a task had labels', () => {
  // [steps, seeds, tasks]
  const first = tensorData([1, 0, 2, 5, 3, 4, 4, 5], [2, 2, 2]);
  const second = tensorData([5, 0, 6, 5], [1, 2, 2]);
  expect(meanLosses([first, second], 2)).toEqual([
    [3, 4],
    [4, 5],
  ]);
  expect(meanLosses([tensorData([0, 2, 0, 4], [2, 2])], 1)).toEqual([[0, 3]]);
});
