import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockSampler, RowStream, type Sampler, shuffledSampler, taskSampler } from './sampler.ts';
import type { TaskSampling } from './task-sampling.ts';

/** Rows that are not their own positions, so that the two cannot be taken for each other. */
const rowsFrom = (start: number, count: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => start + 3 * i);
const sorted = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);
const names = (count: number): string[] => Array.from({ length: count }, (_, t) => `t${t}`);

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const disjoint = (counts: readonly number[]): Int32Array[] =>
  counts.map((count, t) => rowsFrom(1000 * t, count));
const STRATEGIES: readonly TaskSampling[] = [
  { name: 'proportional' },
  { name: 'uniform' },
  { name: 'temperature', temperature: 3 },
  { name: 'annealed' },
  { name: 'capped', cap: 7 },
];

interface Made {
  readonly sampler: Sampler;
  /** The rows that each task may give. */
  readonly rowsOfTask: readonly Int32Array[];
  readonly batchSize: number;
}

const shuffled = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20 }))
  .map(([count, batchSize]): Made => {
    const rows = rowsFrom(5, count);
    return { sampler: shuffledSampler(rows, batchSize), rowsOfTask: [rows], batchSize };
  });
const byTask = (batches: 'mixed' | 'single'): fc.Arbitrary<Made> =>
  fc
    .tuple(sizes, fc.integer({ min: 1, max: 20 }), fc.constantFrom(...STRATEGIES))
    .map(([counts, batchSize, sampling]): Made => {
      const rowsOfTask = disjoint(counts);
      const sampler = taskSampler(rowsOfTask, names(counts.length), { ...sampling, batches }, batchSize, 6);
      return { sampler, rowsOfTask, batchSize };
    });
const blocks = fc.tuple(sizes, fc.integer({ min: 1, max: 20 })).map(([counts, batchSize]): Made => {
  const rowsOfTask = disjoint(counts);
  return { sampler: blockSampler(rowsOfTask, names(counts.length), batchSize), rowsOfTask, batchSize };
});
const SAMPLERS: readonly [string, fc.Arbitrary<Made>][] = [
  ['shuffled', shuffled],
  ['by task, mixed', byTask('mixed')],
  ['by task, single', byTask('single')],
  ['blocks', blocks],
];

describe.each(SAMPLERS)('%s', (_, made) => {
  test('an epoch depends on its number and the seed alone', () => {
    fc.assert(
      fc.property(made, fc.array(fc.nat(5), { minLength: 1, maxLength: 6 }), ({ sampler }, order) => {
        const fresh = [0, 1, 2, 3, 4, 5].map((epoch) => sampler.epoch(epoch, 9));
        for (const epoch of order) {
          sampler.epoch(epoch, 10);
          expect(sampler.epoch(epoch, 9)).toEqual(fresh[epoch]);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('has the promised size and rows of the tasks alone', () => {
    fc.assert(
      fc.property(made, ({ sampler, rowsOfTask }) => {
        const known = new Set(rowsOfTask.flatMap((rows) => [...rows]));
        const { rows } = sampler.epoch(2, 1);
        expect(rows).toHaveLength(sampler.stepsPerEpoch * sampler.rowsPerStep);
        expect([...rows].every((row) => known.has(row))).toBe(true);
      }),
    );
  });

  test('seeds and epochs differ', () => {
    const { sampler } = fc.sample(made, { seed: 4, numRuns: 1 })[0]!;
    const plan = (epoch: number, seed: number): string => sampler.epoch(epoch, seed).rows.join();
    expect(new Set([plan(0, 0), plan(1, 0), plan(0, 1)]).size).toBe(3);
  });
});

describe('shuffled', () => {
  test('gives every row once an epoch, and no row twice in a batch', () => {
    fc.assert(
      fc.property(shuffled, fc.nat(4), ({ sampler, rowsOfTask: [own] }, epoch) => {
        const { rows } = sampler.epoch(epoch, 3);
        expect(sorted(rows.subarray(0, own!.length))).toEqual(sorted(own!));
        for (let step = 0; step < sampler.stepsPerEpoch; step++) {
          const batch = rows.subarray(step * sampler.rowsPerStep, (step + 1) * sampler.rowsPerStep);
          expect(new Set(batch).size).toBe(batch.length);
        }
      }),
    );
  });
});

describe('by task', () => {
  const draws = (rows: Int32Array, count: number): number[] => {
    const found = new Array<number>(count).fill(0);
    for (const row of rows) found[Math.floor(row / 1000)]!++;
    return found;
  };

  test('draws each task by its probability', () => {
    const rowsOfTask = disjoint([60, 30, 10]);
    const sampler = taskSampler(rowsOfTask, names(3), { name: 'uniform' }, 10, 5);
    expect(draws(sampler.epoch(0, 0).rows, 3)).toEqual([34, 33, 33]);
    const given: TaskSampling = { name: 'given', probabilities: { t0: 1, t2: 3 } };
    expect(draws(taskSampler(rowsOfTask, names(3), given, 10, 5).epoch(3, 0).rows, 3)).toEqual([25, 0, 75]);
  });

  test('annealed moves from proportional to nearly uniform', () => {
    const sampler = taskSampler(disjoint([81, 16]), names(2), { name: 'annealed' }, 97, 3);
    expect(draws(sampler.epoch(0, 0).rows, 2)).toEqual([81, 16]);
    const late = 81 ** 0.2 / (81 ** 0.2 + 16 ** 0.2);
    expect(draws(sampler.epoch(2, 0).rows, 2)).toEqual([Math.round(97 * late), Math.round(97 * (1 - late))]);
    expect(sampler.epoch(7, 0).rows).toHaveLength(97);
  });

  test('over epochs the rows of a task come up equally often', () => {
    fc.assert(
      fc.property(byTask('mixed'), ({ sampler, rowsOfTask }) => {
        const times = new Map<number, number>();
        for (let epoch = 0; epoch < 5; epoch++)
          for (const row of sampler.epoch(epoch, 2).rows) times.set(row, (times.get(row) ?? 0) + 1);
        for (const own of rowsOfTask) {
          const counts = [...own].map((row) => times.get(row) ?? 0);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a single-task batch holds rows of the active task alone', () => {
    fc.assert(
      fc.property(byTask('single'), fc.nat(4), ({ sampler }, epoch) => {
        const { rows, active } = sampler.epoch(epoch, 0);
        expect(active).toHaveLength(sampler.stepsPerEpoch);
        rows.forEach((row, i) => {
          expect(Math.floor(row / 1000)).toBe(active![Math.floor(i / sampler.rowsPerStep)]);
        });
      }),
    );
  });

  test('an epoch is as long as the rows that any task has, counted once', () => {
    const shared = rowsFrom(0, 50);
    expect(taskSampler([shared, shared], names(2), { name: 'uniform' }, 10, 1).stepsPerEpoch).toBe(5);
  });

  test('plans of late epochs do not go through those before again', () => {
    const sampler = taskSampler(disjoint([5, 3]), names(2), { name: 'proportional' }, 4, 10);
    sampler.epoch(20_000, 0);
    const later = Array.from({ length: 200 }, (_, i) => sampler.epoch(20_000 - i, 0));
    expect(later).toHaveLength(200);
  });
});

describe('blocks', () => {
  test('every step holds a block of each task in turn', () => {
    fc.assert(
      fc.property(blocks, fc.nat(3), ({ sampler, rowsOfTask }, epoch) => {
        const block = sampler.rowsPerStep / rowsOfTask.length;
        sampler.epoch(epoch, 5).rows.forEach((row, i) => {
          expect(Math.floor(row / 1000)).toBe(Math.floor(i / block) % rowsOfTask.length);
        });
      }),
    );
  });

  test('a block is a batch, unless there is less than that for each task', () => {
    expect(blockSampler(disjoint([100, 60]), names(2), 16)).toMatchObject({
      rowsPerStep: 32,
      stepsPerEpoch: 5,
    });
    expect(blockSampler(disjoint([6, 2]), names(2), 16)).toMatchObject({ rowsPerStep: 8, stepsPerEpoch: 1 });
  });

  test('a task of its own is given the rows that it gets beside others', () => {
    const [a, b] = disjoint([20, 20]);
    const both = blockSampler([a!, b!], ['a', 'b'], 5).epoch(1, 0).rows;
    const alone = blockSampler([b!], ['b'], 5).epoch(1, 0).rows;
    const ofB = [...both].filter((_, i) => Math.floor(i / 5) % 2 === 1);
    expect(ofB).toEqual([...alone]);
  });

  test('a task without rows is refused', () => {
    const sampler = blockSampler([rowsFrom(0, 3), new Int32Array(0)], ['a', 'b'], 2);
    expect(() => sampler.epoch(0, 0)).toThrow(
      expect.objectContaining({ code: 'sampling-invalid', path: 'tasks.b' }),
    );
  });
});

test('a stream goes through its rows pass after pass, wherever it is asked', () => {
  const rows = rowsFrom(1, 7);
  const stream = new RowStream(rows, 0, 'x');
  const all = Array.from({ length: 21 }, (_, i) => stream.at(i));
  for (const pass of [0, 7, 14]) expect(sorted(all.slice(pass, pass + 7))).toEqual(sorted(rows));
  const again = new Int32Array(9);
  new RowStream(rows, 0, 'x').fill(again, 5);
  expect([...again]).toEqual(all.slice(5, 14));
  expect([...rows].map((_, i) => new RowStream(rows, 0, 'y').at(i))).not.toEqual(all.slice(0, 7));
});
