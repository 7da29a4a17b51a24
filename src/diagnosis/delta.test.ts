import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meanOf, relativeChange, relativeChanges } from './delta.ts';

test.each([
  [0.88, 0.8, true, 10],
  [0.88, 0.8, false, -10],
  [3, 4, false, 25],
  [-1, -2, true, 50],
  [-3, -2, true, -50],
  [0, 0, true, 0],
  [0.1, 0, true, null],
  [null, 0.5, true, null],
  [0.5, null, false, null],
  [Number.NaN, 0.5, true, null],
  [Infinity, Infinity, true, null],
  [1, 1e-320, true, null],
] as const)('Δ(%s, %s, higher is better: %s) = %s', (multi, independent, higher, expected) => {
  const delta = relativeChange(multi, independent, higher);
  if (expected === null) expect(delta).toBeNull();
  else expect(delta).toBeCloseTo(expected, 12);
});

test('the sign flips with the direction of the metric', () => {
  const score = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(score, score, (multi, independent) => {
      const up = relativeChange(multi, independent, true);
      const down = relativeChange(multi, independent, false);
      if (up === null) expect(down).toBeNull();
      else expect(down! + up).toBe(0);
    }),
  );
});

test('a table of seeds and tasks', () => {
  const changes = relativeChanges(
    [
      [0.9, 8],
      [0.6, null],
      [1, 1],
    ],
    [
      [0.6, 10],
      [0.5, 3],
    ],
    [true, false],
  );
  expect(changes.map((seed) => seed.map((delta) => (delta === null ? null : Math.round(delta))))).toEqual([
    [50, 20],
    [20, null],
  ]);
  expect(meanOf(changes[1]!)).toBeCloseTo(20);
  expect(meanOf([null, Number.NaN])).toBeNull();
});
