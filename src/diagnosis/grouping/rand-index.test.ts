import { expect, test } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import { indices } from './fixture.test-support.ts';
import { adjustedRandIndex } from './rand-index.ts';

test.each([
  [[0, 0, 1, 1], [0, 0, 1, 1], 1],
  [[0, 0, 1, 1], [5, 5, 2, 2], 1],
  // Pairs together 1; 2 and 1 of 6: e = 1/3, (1 − 1/3) / (3/2 − 1/3).
  [[0, 0, 1, 1], [0, 0, 1, 2], 4 / 7],
  // None together; e = 2 · 2 / 6, (0 − 2/3) / (2 − 2/3).
  [[0, 0, 1, 1], [0, 1, 0, 1], -0.5],
  // Together 2; 6 and 3 of 15: e = 18/15, (2 − 1.2) / (4.5 − 1.2).
  [[0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2], 8 / 33],
  [[0, 0, 0], [0, 1, 2], 0],
  [[0, 1, 2], [2, 1, 0], 1],
  [[0, 0, 0], [1, 1, 1], 1],
  [[0], [0], 1],
])('%j and %j: %d', (one, other, expected) => {
  expect(adjustedRandIndex(one, other)).toBeCloseTo(expected, 12);
  expect(adjustedRandIndex(other, one)).toBeCloseTo(expected, 12);
});

test('partitions drawn at random agree by nothing on average', () => {
  const random = new RandomStream(4, 'partitions');
  const part = (round: number): number[] => indices(12).map((t) => random.integer(3, t, round));
  const mean =
    indices(2000).reduce((sum, i) => sum + adjustedRandIndex(part(2 * i), part(2 * i + 1)), 0) / 2000;
  expect(Math.abs(mean)).toBeLessThan(0.01);
});
