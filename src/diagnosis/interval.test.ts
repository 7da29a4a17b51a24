import { expect, test } from 'vitest';
import { RandomStream } from '../common/random.ts';
import { pairedInterval, quantile, rowsInterval } from './interval.ts';

test('three seeds by hand: 2 ± 4.3026527 / √3', () => {
  const interval = pairedInterval([1, 2, 3])!;
  expect(interval.mean).toBe(2);
  expect(interval.low).toBeCloseTo(2 - 4.3026527 / Math.sqrt(3), 6);
  expect(interval.high).toBeCloseTo(2 + 4.3026527 / Math.sqrt(3), 6);
});

test('three folds by hand: the variance of the mean is s² (1/3 + n_test / n_train)', () => {
  const { low, high } = pairedInterval([1, 2, 3], 0.5)!;
  expect(high! - 2).toBeCloseTo(4.3026527 * Math.sqrt(1 / 3 + 0.5), 6);
  expect(2 - low!).toBeCloseTo(high! - 2, 12);
});

test('no seed has no mean, one has no interval, equal ones have no width', () => {
  expect(pairedInterval([])).toBeNull();
  expect(pairedInterval([5])).toEqual({ mean: 5, low: null, high: null });
  expect(pairedInterval([2, 2, 2])).toEqual({ mean: 2, low: 2, high: 2 });
});

test('the paired interval covers the true mean in about 95 % of cases', () => {
  const random = new RandomStream(7, 'coverage');
  const covered = Array.from({ length: 2000 }, (_, r) => {
    const { low, high } = pairedInterval([0, 1, 2, 3].map((i) => 3 + 2 * random.normal(i, r)))!;
    return low! < 3 && 3 < high!;
  });
  const share = covered.filter(Boolean).length / covered.length;
  expect(share).toBeGreaterThan(0.935);
  expect(share).toBeLessThan(0.965);
});

test('the percentile interval of 0 … 1000 is 25 … 975, whatever the order and the gaps', () => {
  const values = Array.from(new RandomStream(1, 'order').permutation(1001));
  expect(rowsInterval(480, [null, ...values, Number.NaN])).toEqual({ mean: 480, low: 25, high: 975 });
  expect(rowsInterval(1, [1, 2, 3])).toEqual({ mean: 1, low: null, high: null });
});

test('quantiles are linear between neighbours', () => {
  expect(quantile([1, 2, 4], 0.5)).toBe(2);
  expect(quantile([1, 2, 4], 0.75)).toBe(3);
  expect(quantile([1, 2, 4], 1)).toBe(4);
});
