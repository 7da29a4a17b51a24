import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import {
  balance,
  bestInBall,
  cholesky,
  diagonal,
  dot,
  lengthOf,
  minNorm,
  multiply,
  nonNegativeQuadratic,
  projectSimplex,
  pseudoSolve,
  quadratic,
  solveFactor,
  sumOf,
  symmetricEigen,
} from './index.ts';

/** The Gramian of random gradients, [tasks, tasks]; fewer coordinates than tasks make it singular. */
function randomGramian(seed: number, tasks: number, coordinates: number, scale = 1): Float64Array {
  const random = new RandomStream(seed, 'gradients');
  const rows = Array.from({ length: tasks }, (_, t) =>
    Float64Array.from({ length: coordinates }, (_, k) => scale * random.normal(t * coordinates + k)),
  );
  return Float64Array.from({ length: tasks * tasks }, (_, k) =>
    dot(rows[Math.floor(k / tasks)]!, rows[k % tasks]!),
  );
}

const problem = fc.record({
  seed: fc.integer({ min: 0, max: 10_000 }),
  tasks: fc.integer({ min: 1, max: 9 }),
  coordinates: fc.integer({ min: 1, max: 12 }),
  exponent: fc.integer({ min: -10, max: 15 }),
});
type Problem = typeof problem extends fc.Arbitrary<infer P> ? P : never;
const gramianOf = ({ seed, tasks, coordinates, exponent }: Problem): Float64Array =>
  randomGramian(seed, tasks, coordinates, 10 ** exponent);
const longest = (gramian: Float64Array, size: number): number =>
  Math.sqrt(Math.max(...diagonal(gramian, size)));

test('Cholesky: LLᵀ x = b, and no factor where a pivot is not positive', () => {
  const matrix = Float64Array.of(4, 2, 2, 5);
  const factor = cholesky(matrix, 2)!;
  expect([...factor]).toEqual([2, 0, 1, 2]);
  expect([...solveFactor(factor, Float64Array.of(8, 12))]).toEqual([1, 2]);
  expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
});

test('eigenvalues fall, vectors are orthonormal and rebuild the matrix', () => {
  fc.assert(
    fc.property(problem, (drawn) => {
      const { tasks } = drawn;
      const gramian = gramianOf(drawn);
      const { values, vectors } = symmetricEigen(gramian, tasks);
      const row = (k: number): Float64Array => vectors.slice(k * tasks, (k + 1) * tasks);
      const size = longest(gramian, tasks) ** 2;
      for (let k = 0; k < tasks; k++) {
        if (k > 0) expect(values[k]!).toBeLessThanOrEqual(values[k - 1]!);
        for (let l = 0; l <= k; l++) expect(dot(row(k), row(l))).toBeCloseTo(k === l ? 1 : 0, 12);
        multiply(gramian, row(k)).forEach((value, i) => {
          expect(Math.abs(value - values[k]! * row(k)[i]!)).toBeLessThan(1e-12 * size * tasks);
        });
      }
    }),
  );
});

test('eigenvalues by hand, with a double one, a diagonal matrix and 0', () => {
  const eigen = symmetricEigen(Float64Array.of(2, 1, 1, 1, 2, 1, 1, 1, 2), 3);
  [4, 1, 1].forEach((value, k) => {
    expect(eigen.values[k]).toBeCloseTo(value, 12);
  });
  expect([...symmetricEigen(Float64Array.of(1, 0, 0, 3), 2).values]).toEqual([3, 1]);
  expect([...symmetricEigen(new Float64Array(9), 3).values]).toEqual([0, 0, 0]);
});

test('the projection on the simplex keeps order and meets the variational inequality', () => {
  expect([...projectSimplex(Float64Array.of(0.5, 0.5))]).toEqual([0.5, 0.5]);
  expect([...projectSimplex(Float64Array.of(3, 1, -1))]).toEqual([1, 0, 0]);
  expect([...projectSimplex(Float64Array.of(1e15, 1e15, 0))]).toEqual([0.5, 0.5, 0]);
  const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(values, (list) => {
      const v = Float64Array.from(list);
      const w = projectSimplex(v);
      expect(sumOf(w)).toBeCloseTo(1, 10);
      const gap = v.map((value, i) => value - w[i]!);
      expect(Math.max(...gap) - dot(gap, w)).toBeLessThan(1e-9);
    }),
  );
});

test('A⁺b solves what can be solved with the shortest vector', () => {
  const matrix = Float64Array.of(1, 1, 1, 1);
  pseudoSolve(matrix, Float64Array.of(2, 2)).forEach((value) => {
    expect(value).toBeCloseTo(1, 12);
  });
  pseudoSolve(matrix, Float64Array.of(1, -1)).forEach((value) => {
    expect(value).toBeCloseTo(0, 12);
  });
});

test('non-negative quadratic: the conditions of Karush, Kuhn and Tucker hold', () => {
  fc.assert(
    fc.property(problem, (drawn) => {
      const { tasks, seed } = drawn;
      const gramian = gramianOf(drawn);
      const random = new RandomStream(seed, 'b');
      const u = Float64Array.from({ length: tasks }, (_, i) => random.uniform(i));
      const b = multiply(gramian, u).map((value) => -value);
      const x = nonNegativeQuadratic(gramian, b);
      const slope = multiply(gramian, x).map((value, i) => value - b[i]!);
      const size = longest(gramian, tasks) ** 2 * tasks;
      slope.forEach((value, i) => {
        expect(x[i]!).toBeGreaterThanOrEqual(0);
        expect(value).toBeGreaterThan(-1e-9 * size);
        if (x[i]! > 0) expect(Math.abs(value)).toBeLessThan(1e-9 * size);
      });
    }),
    { numRuns: 300 },
  );
});

test('shortest point of a hull: no gradient points further back, the active ones alike', () => {
  fc.assert(
    fc.property(problem, (drawn) => {
      const { tasks } = drawn;
      const gramian = gramianOf(drawn);
      const w = minNorm(gramian, tasks);
      expect(sumOf(w)).toBeCloseTo(1, 12);
      expect(Math.min(...w)).toBeGreaterThanOrEqual(0);
      const along = multiply(gramian, w);
      expect(quadratic(gramian, w) - Math.min(...along)).toBeLessThan(1e-10 * longest(gramian, tasks) ** 2);
    }),
    { numRuns: 300 },
  );
});

describe('the best direction in a ball', () => {
  /** The dual value, which nothing on the simplex is to undercut. */
  const dual = (gramian: Float64Array, p: Float64Array, c: number, w: Float64Array): number =>
    dot(multiply(gramian, p), w) + c * lengthOf(gramian, p) * lengthOf(gramian, w);

  test('its worst-off task does as well as any point of the dual allows', () => {
    fc.assert(
      fc.property(problem, fc.double({ min: 0.01, max: 3, noNaN: true }), (drawn, c) => {
        const { tasks, seed } = drawn;
        const gramian = gramianOf(drawn);
        const p = new Float64Array(tasks).fill(1 / tasks);
        const alpha = bestInBall(gramian, p, c);
        const size = longest(gramian, tasks);
        const away = alpha.map((value, i) => value - p[i]!);
        expect(lengthOf(gramian, away)).toBeLessThan(c * lengthOf(gramian, p) + 1e-6 * size);
        const worst = Math.min(...multiply(gramian, alpha));
        const candidates = [minNorm(gramian, tasks), p];
        const random = new RandomStream(seed, 'simplex');
        for (let k = 0; k < 50; k++)
          candidates.push(
            projectSimplex(Float64Array.from({ length: tasks }, (_, i) => 2 * random.normal(k * tasks + i))),
          );
        if (sumOf(away) > 1e-9) candidates.push(away.map((value) => value / sumOf(away)));
        const bounds = candidates
          .filter((w) => w.every((value) => value >= 0))
          .map((w) => dual(gramian, p, c, w));
        // Weak duality: no direction of the ball beats any bound; strong: one bound is reached.
        expect(worst).toBeLessThan(Math.min(...bounds) + 1e-6 * size ** 2);
        expect(Math.min(...bounds) - worst).toBeLessThan(1e-6 * size ** 2);
      }),
      { numRuns: 300 },
    );
  });

  test('radius 0 is the centre; a point mass of gradients is scaled', () => {
    const gramian = Float64Array.of(1, 1, 1, 1);
    const p = Float64Array.of(0.5, 0.5);
    expect([...bestInBall(gramian, p, 0)]).toEqual([0.5, 0.5]);
    expect(lengthOf(gramian, bestInBall(gramian, p, 0.5))).toBeCloseTo(1.5, 12);
  });
});

describe('balance: Gα = c α^−p', () => {
  test.each([0.25, 0.5, 1, 2])('p = %d, at any scale and with opposed gradients', (power) => {
    fc.assert(
      fc.property(problem, (drawn) => {
        const { tasks } = drawn;
        const gramian = gramianOf({ ...drawn, coordinates: drawn.coordinates + tasks });
        const alpha = balance(gramian, new Float64Array(tasks).fill(1), power)!;
        multiply(gramian, alpha).forEach((value, i) => {
          expect(value * alpha[i]! ** power).toBeCloseTo(1, 6);
        });
      }),
      { numRuns: 100 },
    );
  });

  test('two gradients: αᵢ = 1 / (‖gᵢ‖ √(1 + cos))', () => {
    const gramian = Float64Array.of(4, -3, -3, 9);
    const alpha = balance(gramian, Float64Array.of(1, 1), 1)!;
    expect(alpha[0]).toBeCloseTo(1 / (2 * Math.sqrt(0.5)), 12);
    expect(alpha[1]).toBeCloseTo(1 / (3 * Math.sqrt(0.5)), 12);
  });

  test('gradients whose lengths are 10²⁵ apart', () => {
    const gramian = Float64Array.of(1e-20, -0.5e5, -0.5e5, 1e30);
    const alpha = balance(gramian, Float64Array.of(1, 1), 1)!;
    expect(alpha[0]).toBeCloseTo(1e10 * Math.SQRT2, -2);
    expect(alpha[1]! * 1e15).toBeCloseTo(Math.SQRT2, 10);
  });

  test('none where the gradients cancel', () => {
    expect(balance(Float64Array.of(1, -1, -1, 1), Float64Array.of(1, 1), 1)).toBeUndefined();
    expect(balance(Float64Array.of(1, -1, -1, 1), Float64Array.of(1, 1), 0.5)).toBeUndefined();
  });
});
