import { expect, test } from 'vitest';
import { affordable, leastOf } from './affordable.ts';

test('as many as there is room for, in their order', () => {
  // Two or three run in one rung, four to nine in two.
  expect(affordable([1, 1, 1, 1, 1], 100)).toEqual([0, 1, 2, 3, 4]);
  expect(affordable([1, 1, 1, 1, 1], 8)).toEqual([0, 1, 2, 3]);
  expect(affordable([1, 1, 1, 1, 1], 7)).toEqual([0, 1, 2]);
  expect(affordable([1, 1, 1], 2.5)).toEqual([0, 1]);
});

test('two in any case, and none that costs far more than the first and half of it all', () => {
  expect(affordable([5, 4, 1], 8)).toEqual([0, 1]);
  expect(affordable([9, 9, 9], 1)).toEqual([0, 1]);
  expect(affordable([2, 5, 1, 6], 8)).toEqual([0, 2]);
  expect(affordable([9], 1)).toEqual([0]);
});

test('more FLOPs take longer, beyond what overhead hides; steps are steps', () => {
  const pace = { seconds: 0.002, flops: 1e6 };
  const seconds = { unit: 'seconds', total: 60 } as const;
  expect(leastOf(1e6, pace, seconds)).toBeCloseTo(1);
  expect(leastOf(4e6, pace, seconds)).toBeCloseTo(1);
  expect(leastOf(40e6, pace, seconds)).toBeCloseTo(5.5);
  expect(leastOf(40e6, pace, { unit: 'steps', total: 1e4 })).toBe(250);
});
