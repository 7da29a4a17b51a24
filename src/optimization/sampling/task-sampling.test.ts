import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quotas, type TaskSampling, taskProbabilities } from './task-sampling.ts';

const TASKS = ['a', 'b', 'c', 'constructor'];
const SIZES = [900, 100, 0, 400];
const probabilities = (sampling: TaskSampling, progress: number = 0): number[] =>
  taskProbabilities(sampling, SIZES, TASKS, progress);
const shares = (...parts: readonly number[]): number[] => {
  const total = parts.reduce((a, b) => a + b);
  return parts.map((part) => part / total);
};

describe('probabilities', () => {
  test.each<[TaskSampling, number[]]>([
    [{ name: 'proportional' }, shares(900, 100, 0, 400)],
    [{ name: 'uniform' }, shares(1, 1, 0, 1)],
    [{ name: 'temperature' }, shares(30, 10, 0, 20)],
    [{ name: 'temperature', temperature: 1 }, shares(900, 100, 0, 400)],
    [{ name: 'annealed' }, shares(900, 100, 0, 400)],
    [{ name: 'capped', cap: 300 }, shares(300, 100, 0, 300)],
    [{ name: 'given', probabilities: { a: 1, b: 3, c: 5 } }, shares(1, 3, 0, 0)],
  ])('%j', (sampling, expected) => {
    probabilities(sampling).forEach((p, t) => {
      expect(p).toBeCloseTo(expected[t]!, 12);
    });
  });

  test('annealed half way and at the end', () => {
    const expected = (exponent: number): number[] =>
      shares(900 ** exponent, 100 ** exponent, 0, 400 ** exponent);
    for (const [progress, exponent] of [
      [0.5, 0.6],
      [1, 0.2],
    ] as const)
      probabilities({ name: 'annealed' }, progress).forEach((p, t) => {
        expect(p).toBeCloseTo(expected(exponent)[t]!, 12);
      });
  });

  test.each<[TaskSampling, string]>([
    [{ name: 'temprature' } as unknown as TaskSampling, 'sampling.name'],
    [{ name: 'temperature', temperature: 0 }, 'sampling.temperature'],
    [{ name: 'capped', cap: -1 }, 'sampling.cap'],
    [{ name: 'given', probabilities: { d: 1 } }, 'sampling.probabilities.d'],
    [{ name: 'given', probabilities: { a: -1 } }, 'sampling.probabilities.a'],
    [{ name: 'given', probabilities: { c: 1 } }, 'sampling'],
    [{ name: 'given' }, 'sampling'],
  ])('refuses %j', (sampling, path) => {
    expect(() => probabilities(sampling)).toThrow(
      expect.objectContaining({ code: 'sampling-invalid', path }),
    );
  });
});

describe('quotas', () => {
  test('sum to the total, each within one of its share', () => {
    const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(weights, fc.nat(5000), (raw, total) => {
        const sum = raw.reduce((a, b) => a + b, 0);
        fc.pre(sum > 1e-9);
        const parts = raw.map((value) => value / sum);
        const counts = quotas(parts, total);
        expect(counts.reduce((a, b) => a + b, 0)).toBe(total);
        counts.forEach((count, i) => {
          expect(Math.abs(count - parts[i]! * total)).toBeLessThan(1 + 1e-9);
          if (parts[i] === 0) expect(count).toBe(0);
        });
      }),
    );
  });

  test('the largest remainders are rounded up, the first of equal ones', () => {
    expect(quotas([0.5, 0.3, 0.2], 9)).toEqual([4, 3, 2]);
    expect(quotas([0.25, 0.25, 0.25, 0.25], 6)).toEqual([2, 2, 1, 1]);
  });
});
