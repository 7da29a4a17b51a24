import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import { cosinesOf, drawnGradients, from, gramianOf } from './gramians.test-support.ts';
import { cholesky, dot, multiply, symmetricEigen } from './index.ts';
import { isLeast } from './non-negative.ts';
import { Sweep } from './sweep.ts';

test('a swept matrix by hand, and back', () => {
  const swept = new Sweep(Float64Array.of(4, 2, 2, 5), 2, Float64Array.of(8, 12));
  const column = (k: number): number[] => [...swept.column(k, new Float64Array(2))];
  swept.sweep(0);
  expect([column(0), column(1), column(2)]).toEqual([
    [-0.25, 0.5],
    [0.5, 4],
    [2, 8],
  ]);
  expect([...swept.inside]).toEqual([1, 0]);
  swept.sweep(1);
  // Of all variables: the negative inverse, and the solution beside it.
  expect([column(0), column(1), column(2)]).toEqual([
    [-0.3125, 0.125],
    [0.125, -0.25],
    [1, 2],
  ]);
  swept.sweep(0);
  swept.sweep(1);
  expect([column(0), column(1), column(2)]).toEqual([
    [4, 2],
    [2, 5],
    [8, 12],
  ]);
});

test('sweeps settle where x ≥ 0, w ≥ 0 and one of the two is 0', () => {
  fc.assert(
    fc.property(drawnGradients, (problem) => {
      const size = problem.tasks;
      const cosines = cosinesOf(gramianOf({ ...problem, noise: 0, centred: 0 }), size);
      const random = new RandomStream(problem.seed, 'b');
      const b = from(size, (i) => random.normal(i));
      const swept = new Sweep(cosines, size, b);
      const column = new Float64Array(size);
      swept.settle(() => swept.column(size, column).map((value) => -value));
      const x = column.map((value, i) => value * swept.inside[i]!);
      multiply(cosines, x).forEach((value, i) => {
        expect(x[i]!).toBeGreaterThan(-1e-10);
        expect(value - b[i]!).toBeGreaterThan(-1e-10);
        expect(Math.abs(x[i]! * (value - b[i]!))).toBeLessThan(1e-10);
      });
    }),
    { numRuns: 50 },
  );
});

test('what is least is told from what is almost least', () => {
  const matrix = Float64Array.of(1, 0.5, 0.5, 1);
  const b = Float64Array.of(1, -1);
  expect(isLeast(matrix, b, Float64Array.of(1, 0))).toBe(true);
  expect(isLeast(matrix, b, Float64Array.of(1 + 1e-10, 0))).toBe(false);
  expect(isLeast(matrix, b, Float64Array.of(1, 1e-10))).toBe(false);
  expect(isLeast(matrix, Float64Array.of(1, 0.5 + 1e-10), Float64Array.of(1, 0))).toBe(false);
  expect(isLeast(matrix, b, Float64Array.of(Number.NaN, 0))).toBe(false);
});

test('Cholesky: LLᵀ = A with even and odd numbers of rows', () => {
  fc.assert(
    fc.property(drawnGradients, (problem) => {
      const size = problem.tasks;
      const matrix = cosinesOf(gramianOf(problem), size);
      for (let i = 0; i < size; i++) matrix[i * size + i]! += 1;
      const factor = cholesky(matrix, size)!;
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++) {
          const row = (k: number): Float64Array => factor.subarray(k * size, (k + 1) * size);
          expect(Math.abs(dot(row(i), row(j)) - matrix[i * size + j]!)).toBeLessThan(1e-13);
          if (j > i) expect(factor[i * size + j]).toBe(0);
        }
    }),
    { numRuns: 20 },
  );
});

test('eigenvectors of many rows rebuild the matrix, of which only the upper triangle counts', () => {
  fc.assert(
    fc.property(drawnGradients, (problem) => {
      const size = problem.tasks;
      const matrix = cosinesOf(gramianOf(problem), size);
      const { values, vectors } = symmetricEigen(
        matrix.map((value, k) => (Math.floor(k / size) > k % size ? Number.EPSILON : value)),
        size,
      );
      for (let i = 0; i < size; i++)
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let k = 0; k < size; k++) sum += values[k]! * vectors[k * size + i]! * vectors[k * size + j]!;
          expect(Math.abs(sum - matrix[i * size + j]!)).toBeLessThan(1e-12 * size);
        }
    }),
    { numRuns: 20 },
  );
});
