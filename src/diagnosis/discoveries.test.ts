import { expect, test } from 'vitest';
import { RandomStream } from '../common/random.ts';
import { discoveries, pairedPValue, rowsPValue } from './discoveries.ts';

test('p-values by hand', () => {
  // t = 2 / (1 / √3) = 3.4641 with two degrees of freedom: p = ½ − t / (2 √(2 + t²)) = 0.0370899.
  expect(pairedPValue([1, 2, 3])).toBeCloseTo(0.0370899, 6);
  expect(pairedPValue([-1, -2, -3])).toBeCloseTo(1 - 0.0370899, 6);
  expect(pairedPValue([4])).toBeNull();
  expect(pairedPValue([0, 0])).toBe(0.5);
  expect(pairedPValue([1, 1])).toBe(0);
  expect(pairedPValue([-1, -1])).toBe(1);
  const hundred = Array.from({ length: 99 }, (_, i) => i - 2);
  // Two below, one tie.
  expect(rowsPValue(hundred)).toBeCloseTo(0.03, 12);
  expect(rowsPValue([1, 2])).toBeNull();
});

test('the largest k with p₍ₖ₎ ≤ k · rate / n', () => {
  expect(discoveries([0.024, 0.9])).toEqual([true, false]);
  expect(discoveries([0.024, 0.9, 0.8])).toEqual([false, false, false]);
  // The third passes its own bound (0.03 ≤ 0.05 · 3 / 4), and takes along the second, which does not (0.0275 > 0.025).
  expect(discoveries([0.5, 0.0275, 0.001, 0.03])).toEqual([false, true, true, true]);
  expect(discoveries([null, 0.01])).toEqual([false, true]);
  expect(discoveries([])).toEqual([]);
});

test('among 139 tasks without effect hardly any stands', () => {
  const random = new RandomStream(3, 'null');
  const runs = Array.from({ length: 200 }, (_, r) => {
    const p = Array.from({ length: 139 }, (_, t) =>
      pairedPValue([0, 1, 2].map((s) => random.normal(t * 3 + s, r))),
    );
    return discoveries(p).some(Boolean);
  });
  expect(runs.filter(Boolean).length).toBeLessThan(20);
});
