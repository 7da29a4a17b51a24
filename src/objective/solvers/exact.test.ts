import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import { cosinesOf, drawnGradients, from, gramianOf, longest } from './gramians.test-support.ts';
import {
  bestInBall,
  dot,
  lengthOf,
  minNorm,
  multiply,
  nonNegativeQuadratic,
  projectEach,
  quadratic,
  sumOf,
  unitScales,
} from './index.ts';

/** How far x is from the conditions of Karush, Kuhn and Tucker for ½xᵀGx − bᵀx, in units of the rows. */
function residual(gramian: Float64Array, b: Float64Array, x: Float64Array): number {
  const size = b.length;
  const scales = unitScales(gramian, size);
  let worst = 0;
  multiply(gramian, x).forEach((value, i) => {
    const off = (value - b[i]!) * scales[i]!;
    worst = Math.max(worst, -off, -x[i]!, x[i]! > 0 ? Math.abs(off) : 0);
  });
  return worst;
}

test('non-negative quadratic of up to 60 variables, dependent and nearly so', () => {
  fc.assert(
    fc.property(drawnGradients, (problem) => {
      const { tasks, seed } = problem;
      const gramian = gramianOf(problem);
      const random = new RandomStream(seed, 'b');
      const b = multiply(
        gramian,
        from(tasks, (i) => random.uniform(i)),
      ).map((value) => -value);
      const x = nonNegativeQuadratic(gramian, b);
      expect(residual(gramian, b, x)).toBeLessThan(1e-10 * longest(gramian, tasks) * tasks);
      // A guess, however wrong, changes no more than rounding does.
      const guess = from(tasks, (i) => Math.round(random.uniform(i, 1)));
      const other = nonNegativeQuadratic(gramian, b, guess);
      expect(residual(gramian, b, other)).toBeLessThan(1e-10 * longest(gramian, tasks) * tasks);
    }),
    { numRuns: 150 },
  );
});

test('shortest point of a hull of up to 60 gradients', () => {
  fc.assert(
    fc.property(drawnGradients, (problem) => {
      const { tasks } = problem;
      const gramian = gramianOf(problem);
      const w = minNorm(gramian, tasks);
      expect(sumOf(w)).toBeCloseTo(1, 12);
      expect(Math.min(...w)).toBeGreaterThanOrEqual(0);
      const gap = quadratic(gramian, w) - Math.min(...multiply(gramian, w));
      expect(gap).toBeLessThan(1e-11 * longest(gramian, tasks) ** 2);
    }),
    { numRuns: 150 },
  );
});

describe('projections on the directions that no task minds', () => {
  test('of each gradient alone: no task minds, and what is added is of no use to its own', () => {
    fc.assert(
      fc.property(drawnGradients, (problem) => {
        const { tasks, seed } = problem;
        const gramian = gramianOf(problem);
        const size = longest(gramian, tasks);
        const scales = unitScales(gramian, tasks);
        const task = seed % tasks;
        const own = from(tasks, (i) => Number(i === task));
        const v = projectEach(gramian, own);
        const added = v.map((value, i) => value - own[i]!);
        const served = multiply(gramian, v);
        added.forEach((value, i) => {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(served[i]! * scales[i]!).toBeGreaterThan(-1e-9 * size);
          if (value > 0) expect(Math.abs(served[i]! * scales[i]!)).toBeLessThan(1e-9 * size);
        });
      }),
      { numRuns: 150 },
    );
  });

  test('of all together: the sum of what each gives alone', () => {
    fc.assert(
      fc.property(drawnGradients, (problem) => {
        const { tasks, seed } = problem;
        const gramian = gramianOf(problem);
        const random = new RandomStream(seed, 'shares');
        const shares = from(tasks, (i) => Math.max(0, random.uniform(i) - 0.2));
        const difference = projectEach(gramian, shares);
        for (let t = 0; t < tasks; t++)
          projectEach(
            gramian,
            from(tasks, (i) => (i === t ? shares[t]! : 0)),
          ).forEach((value, i) => {
            difference[i]! -= value;
          });
        // As directions: where gradients depend on each other their weights are not unique.
        expect(lengthOf(gramian, difference)).toBeLessThan(1e-6 * longest(gramian, tasks) * tasks);
      }),
      { numRuns: 40 },
    );
  });
});

describe('Gramians that rounding to float32 has made indefinite', () => {
  const drawn = fc.record({
    tasks: fc.integer({ min: 3, max: 60 }),
    seed: fc.integer({ min: 0, max: 10_000 }),
  });
  /** Cosines as they are, and from a Gramian of float32. */
  function cosinesOfBoth(tasks: number, random: RandomStream): readonly [Float64Array, Float64Array] {
    const rank = 1 + random.integer(tasks - 1, 0);
    const rows = Array.from({ length: tasks }, (_, t) => from(rank, (k) => random.normal(t * rank + k, 1)));
    const gramian = from(tasks * tasks, (k) => dot(rows[Math.floor(k / tasks)]!, rows[k % tasks]!));
    return [cosinesOf(gramian, tasks), cosinesOf(gramian.map(Math.fround), tasks)];
  }

  test('no task minds a projection much', () => {
    fc.assert(
      fc.property(drawn, ({ tasks, seed }) => {
        const [, cosines] = cosinesOfBoth(tasks, new RandomStream(seed, 'gradients'));
        const served = multiply(cosines, projectEach(cosines, new Float64Array(tasks).fill(1 / tasks)));
        expect(Math.min(...served)).toBeGreaterThan(-1e-2);
      }),
      { numRuns: 60 },
    );
  });

  test('the best direction in a ball stays there and is as good but for the rounding', () => {
    fc.assert(
      fc.property(drawn, fc.constantFrom(0.5, 2), ({ tasks, seed }, c) => {
        const [exact, cosines] = cosinesOfBoth(tasks, new RandomStream(seed, 'gradients'));
        const p = new Float64Array(tasks).fill(1 / tasks);
        const alpha = bestInBall(cosines, p, c);
        const away = alpha.map((value, i) => value - p[i]!);
        expect(lengthOf(exact, away)).toBeLessThan(c * lengthOf(exact, p) + 0.05);
        const worst = (weights: Float64Array): number => Math.min(...multiply(exact, weights));
        expect(worst(alpha)).toBeGreaterThan(worst(bestInBall(exact, p, c)) - 0.05);
      }),
      { numRuns: 200 },
    );
  });

  test('a non-negative quadratic is solved but for the rounding', () => {
    fc.assert(
      fc.property(drawn, ({ tasks, seed }) => {
        const random = new RandomStream(seed, 'gradients');
        const [, cosines] = cosinesOfBoth(tasks, random);
        const u = from(tasks, (i) => random.uniform(i, 2));
        const b = multiply(cosines, u).map((value) => -value);
        const least = nonNegativeQuadratic(cosines, b);
        expect(residual(cosines, b, least)).toBeLessThan(1e-3 * Math.max(...b.map(Math.abs)));
      }),
      { numRuns: 200 },
    );
  });
});

test('the best direction in a ball, by its dual, with up to 60 gradients', () => {
  fc.assert(
    fc.property(drawnGradients, fc.constantFrom(0.1, 0.5, 2), (problem, c) => {
      const { tasks } = problem;
      const gramian = gramianOf(problem);
      const size = longest(gramian, tasks);
      const p = new Float64Array(tasks).fill(1 / tasks);
      const alpha = bestInBall(gramian, p, c);
      const away = alpha.map((value, i) => value - p[i]!);
      expect(lengthOf(gramian, away)).toBeLessThan(c * lengthOf(gramian, p) + 1e-6 * size);
      const dual = (w: Float64Array): number =>
        dot(multiply(gramian, p), w) + c * lengthOf(gramian, p) * lengthOf(gramian, w);
      const bounds = [minNorm(gramian, tasks)];
      if (sumOf(away) > 1e-9) bounds.push(away.map((value) => value / sumOf(away)));
      const worst = Math.min(...multiply(gramian, alpha));
      expect(Math.min(...bounds.map(dual)) - worst).toBeLessThan(1e-6 * size ** 2);
    }),
    { numRuns: 150 },
  );
});
