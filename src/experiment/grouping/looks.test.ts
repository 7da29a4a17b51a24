import { describe, expect, test } from 'vitest';
import { chooseAffinity } from './affinity-method.ts';
import { looksOf } from './looks.ts';

type Setup = Parameters<typeof looksOf>[2];

const setup = (tasks: number, changes: Partial<Setup> = {}): Setup =>
  ({
    graph: { tasks: Array.from({ length: tasks }) },
    seeds: [0, 1, 2],
    sampler: { rowsPerStep: 256, stepsPerEpoch: 20 },
    learningRate: 1e-3,
    maxEpochs: 100,
    patience: 10,
    epochsPerEvaluation: 1,
    ...changes,
  }) as unknown as Setup;
const looks = (spec: string, of: Setup, rows?: Int32Array[]) => {
  const { method, options } = chooseAffinity(spec);
  return looksOf(method.name as 'first-order', options, of, rows);
};
const blocks = (tasks: number, rows: number): Int32Array[] =>
  Array.from({ length: tasks }, () => new Int32Array(rows));

/** Steps of looks before a step. */
function stepsOf({ every, thinning = 0 }: { every: number; thinning?: number }, before: number): number[] {
  const steps: number[] = [];
  for (let at = 0; at < before; at += Math.max(every, Math.floor(thinning * at))) steps.push(at);
  return steps;
}

describe('to the first order', () => {
  test.each([2, 5, 12, 40])('%i tasks on shared rows cost at most their share', (tasks) => {
    const found = looks('first-order', setup(tasks));
    expect(found).toMatchObject({ sources: tasks, looksAhead: false, thinning: 0.25 });
    // Five steps of way, and a forward and T backward passes, of one replica in three; 440 steps: patience twice.
    const cost = (5 + (1 + 2 * tasks) / 3) / 3;
    expect(stepsOf(found, 440).length * cost).toBeLessThanOrEqual(0.04 * 440 + cost);
    expect(found.every).toBeGreaterThan(5);
  });

  test('more of the time is more looks; fewer replicas, whose steps cost less, are fewer', () => {
    const every = (spec: string, seeds: number[]): number => looks(spec, setup(5, { seeds })).every;
    expect(every('first-order:share=0.4', [0])).toBeLessThan(every('first-order', [0]));
    expect(every('first-order', [0])).toBeGreaterThan(every('first-order', [0, 1, 2]));
  });

  test('rows of one task each: as many of each task as a step has of all, if there are as many', () => {
    expect(looks('first-order', setup(8), blocks(8, 1000)).blocks!.size).toBe(256);
    expect(looks('first-order', setup(8), blocks(8, 90)).blocks!.size).toBe(90);
    expect(looks('first-order:rows=7', setup(8), blocks(8, 90)).blocks!.size).toBe(7);
  });
});

describe('ahead', () => {
  test('every ten steps, of as many tasks as that allows', () => {
    expect(looks('look-ahead', setup(5))).toEqual({ every: 10, sources: 5, looksAhead: true, rate: 1e-3 });
    const many = looks('look-ahead', setup(40));
    expect(many.every).toBe(10);
    expect(many.sources).toBeLessThan(10);
    expect((5 + (1 + 3.5 * many.sources) / 3) / 3).toBeLessThanOrEqual(0.45 * 10);
  });

  test('less often where one replica alone would feel it', () => {
    const { every, sources } = looks('look-ahead', setup(5, { seeds: [0] }));
    expect(every).toBeGreaterThan(10);
    expect((5 + (1 + 3.5 * sources) / 3) / every).toBeLessThanOrEqual(0.45);
  });

  test('what is asked for is taken', () => {
    expect(looks('look-ahead:every=3,sources=2,rate=0.5', setup(5))).toMatchObject({
      every: 3,
      sources: 2,
      rate: 0.5,
    });
  });
});

test.each([
  ['second-order', 'affinity'],
  ['look-ahead:every=0', 'affinity.every'],
  ['look-ahead:rate=0', 'affinity.rate'],
  ['first-order:rate=1', 'affinity.rate'],
  ['none:every=2', 'affinity.every'],
])('%s is refused at %s', (spec, path) => {
  expect(() => chooseAffinity(spec)).toThrowError(
    expect.objectContaining({ code: 'affinity-invalid', path }),
  );
});
