import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import { cosinesOf, drawnGradients, from, gramianOf } from './gramians.test-support.ts';
import { balance, lengthOf, minNorm, multiply } from './index.ts';

describe('balance of up to 60 gradients', () => {
  test.each([0.01, 0.1, 0.5, 1, 2, 10])('Gα = c α^−p with p = %d and unlike shares', (power) => {
    fc.assert(
      fc.property(drawnGradients, (problem) => {
        const { tasks, seed } = problem;
        const random = new RandomStream(seed, 'shares');
        // Close to max-min fairness, nearly dependent gradients take more rounds than there are.
        const noise = Math.max(power < 0.1 ? 0 : -3, problem.noise);
        const cosines = cosinesOf(gramianOf({ ...problem, noise }), tasks);
        const shares = from(tasks, (i) => 10 ** (2 * random.uniform(i) - 1));
        const alpha = balance(cosines, shares, power);
        if (alpha === undefined) {
          expect(lengthOf(cosines, minNorm(cosines, tasks))).toBeLessThan(1e-5);
          return;
        }
        const most = Math.max(...alpha);
        multiply(cosines, alpha).forEach((value, i) => {
          const asked = shares[i]! * alpha[i]! ** -power;
          // What weighs next to nothing may ask for more than it gets; and small sums of large terms are rounded.
          if (alpha[i]! > 1e-12 * most)
            expect(Math.abs(value - asked)).toBeLessThan(1e-6 * asked + 1e-11 * most);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('nearly dependent gradients, whose weights are large and all but cancel', () => {
    fc.assert(
      fc.property(drawnGradients, (problem) => {
        const { tasks } = problem;
        const cosines = cosinesOf(gramianOf({ ...problem, rank: 3, noise: -3, centred: 0 }), tasks);
        const alpha = balance(cosines, new Float64Array(tasks).fill(1), 1)!;
        multiply(cosines, alpha).forEach((value, i) => {
          expect(value * alpha[i]!).toBeCloseTo(1, 3);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('p near 0 is all but max-min fair', () => {
    fc.assert(
      fc.property(drawnGradients, (problem) => {
        const { tasks } = problem;
        const cosines = cosinesOf(gramianOf({ ...problem, noise: 0, centred: 0 }), tasks);
        const alpha = balance(cosines, new Float64Array(tasks).fill(1), 1e-2)!;
        const gains = multiply(cosines, alpha);
        const length = lengthOf(cosines, alpha);
        // The direction of length 1 whose least gain is largest is that of the shortest point of the hull.
        const best = lengthOf(cosines, minNorm(cosines, tasks));
        expect(Math.min(...gains) / length).toBeGreaterThan(0.9 * best);
      }),
      { numRuns: 60 },
    );
  });
});
