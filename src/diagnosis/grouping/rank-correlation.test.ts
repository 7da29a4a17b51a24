import { expect, test } from 'vitest';
import { rankCorrelation } from './rank-correlation.ts';

test.each([
  [[1, 2, 3], [10, 30, 20], 0.5],
  [[1, 2, 3, 4], [-1, 0, 7, 1000], 1],
  [[1, 2, 3], [3, 2, 1], -1],
  // Ranks 1.5, 1.5, 3 and 1, 2, 3: 1.5 / √(1.5 · 2).
  [[5, 5, 9], [1, 2, 3], Math.sqrt(0.75)],
])('of %j and %j', (a, b, expected) => {
  expect(rankCorrelation(a, b)).toBeCloseTo(expected, 12);
});

test('there is none where nothing varies', () => {
  expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNull();
  expect(rankCorrelation([1], [2])).toBeNull();
  expect(rankCorrelation([], [])).toBeNull();
});
