import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import { conditionNumber, rescaled } from './index.ts';

const of = (...gramian: readonly number[]): number =>
  conditionNumber(Float64Array.from(gramian), Math.sqrt(gramian.length));

test('by hand: orthogonal gradients are as far from 1 as their lengths, equally long ones as their angle', () => {
  expect(of(1, 0, 0, 1)).toBe(1);
  expect(of(9, 0, 0, 4)).toBeCloseTo(1.5, 12);
  // 1 + cos and 1 − cos.
  expect(of(1, -0.6, -0.6, 1)).toBeCloseTo(2, 12);
  expect(of(1, 0.6, 0.6, 1)).toBeCloseTo(2, 12);
  expect(of(7)).toBe(1);
});

test('infinite where a gradient is 0 or follows from others, and not where it is only short', () => {
  expect(of(1, 0, 0, 0)).toBe(Number.POSITIVE_INFINITY);
  expect(of(0)).toBe(Number.POSITIVE_INFINITY);
  expect(of(4, 2, 2, 1)).toBe(Number.POSITIVE_INFINITY);
  // (1, 0), (0, 1) and their sum, with the rounding of float32.
  expect(of(1, 0, 1, 0, 1, 1, 1, 1, 2 + 2 ** -23)).toBe(Number.POSITIVE_INFINITY);
  expect(of(1, 0, 0, 1e-10)).toBeCloseTo(1e5, 4);
  expect(of(1, Number.NaN, Number.NaN, 1)).toBe(Number.POSITIVE_INFINITY);
});

test('σ_max / σ_min of J = U Σ Vᵀ, whatever the rotations and the unit', () => {
  const angle = fc.double({ min: 0, max: 6, noNaN: true });
  const size = fc.double({ min: 0.01, max: 1, noNaN: true });
  fc.assert(
    fc.property(angle, size, fc.integer({ min: -8, max: 8 }), (turn, small, exponent) => {
      const [c, s] = [Math.cos(turn), Math.sin(turn)];
      const [large, least] = [1, small * small];
      const mixed = c * s * (large - least);
      const gramian = Float64Array.of(
        c * c * large + s * s * least,
        mixed,
        mixed,
        s * s * large + c * c * least,
      );
      const unit = 10 ** exponent;
      const scaled = rescaled(gramian, Float64Array.of(unit, unit));
      expect(conditionNumber(scaled, 2) * small).toBeCloseTo(1, 6);
    }),
  );
});

test('the order of tasks does not matter', () => {
  const random = new RandomStream(3, 'gradients');
  const rows = [0, 1, 2, 3].map((t) => [0, 1, 2, 3, 4, 5].map((k) => random.normal(t, k)));
  const gramian = (order: readonly number[]): Float64Array =>
    Float64Array.from(
      order.flatMap((t) => order.map((u) => rows[t]!.reduce((sum, x, k) => sum + x * rows[u]![k]!, 0))),
    );
  expect(conditionNumber(gramian([2, 0, 3, 1]), 4)).toBeCloseTo(conditionNumber(gramian([0, 1, 2, 3]), 4), 9);
});
