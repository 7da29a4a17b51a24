import { expect, test } from 'vitest';
import { allBetterAlone, betterAlone, exceedsError } from './choice.ts';

test('above 0 by more than the standard error: by hand', () => {
  // Mean 2, deviation 1, error 1/√3.
  expect(exceedsError([1, 2, 3])).toBe(true);
  // Mean 1/30, error 0.088.
  expect(exceedsError([0.2, -0.1, 0])).toBe(false);
  expect(exceedsError([-1, -2, -3])).toBe(false);
  expect(exceedsError([0, 0])).toBe(false);
  expect(exceedsError([0.1])).toBe(true);
});

/** Δ on 200 resamples of which a share is below 0. */
const resampled = (below: number): number[] =>
  Array.from({ length: 200 }, (_, i) => (i < 200 * below ? -1 : 1));

test('a task goes alone where seeds and rows both say so', () => {
  const together = [
    [0.5, 0.5, 0.5, 0.5],
    [0.5, 0.5, 0.5, 0.5],
  ];
  const alone = [
    [0.6, 0.6, 0.7, 0.4],
    [0.6, 0.6, 0.3, 0.4],
  ];
  const rows = [resampled(0.995), resampled(0.6), resampled(0.995), resampled(0.995)];
  // Sure; not by rows; not by seeds; worse alone by seeds.
  const labels = [100, 100, 100, 100];
  expect(betterAlone({ together, alone, resampled: rows, labels })).toEqual([true, false, false, false]);
  // Of few labels nothing is said.
  expect(betterAlone({ together, alone, resampled: rows, labels: [99, 100, 100, 100] })[0]).toBe(false);
});

test('among many tasks it takes more for one to go', () => {
  const together = [new Array<number>(40).fill(0.5)];
  const alone = [new Array<number>(40).fill(0.6)];
  const rows = Array.from({ length: 40 }, (_, t) => resampled(t === 0 ? 0.97 : 0.5));
  const labels = new Array<number>(40).fill(500);
  expect(betterAlone({ together, alone, resampled: rows, labels }).some(Boolean)).toBe(false);
  const one = { together: [[0.5]], alone: [[0.6]], resampled: [resampled(0.97)], labels: [500] };
  expect(betterAlone(one)).toEqual([true]);
});

test('all go alone where seeds and the rows of all tasks together say so', () => {
  const clear = { together: [0.5, 0.5], alone: [0.6, 0.61] };
  // A single seed decides nothing by itself.
  const single = { together: [0.5], alone: [0.51] };
  expect(allBetterAlone(clear, [resampled(0.99), resampled(0.99)])).toBe(true);
  expect(allBetterAlone(single, [resampled(0.99)])).toBe(true);
  expect(allBetterAlone(single, [resampled(0.8)])).toBe(false);
  // One task gains in every resample as much as the other loses.
  expect(allBetterAlone(clear, [resampled(1), resampled(0)])).toBe(false);
  expect(allBetterAlone({ together: [0.5, 0.5], alone: [0.7, 0.4] }, [resampled(0.99)])).toBe(false);
});
