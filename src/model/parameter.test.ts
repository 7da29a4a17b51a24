import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TensorData } from '../engine/index.ts';
import {
  countParameters,
  type Initialiser,
  initialise,
  type Owner,
  type Parameter,
  ParameterSet,
  partsOf,
} from './parameter.ts';

const uniform: Initialiser = { kind: 'uniform', fanIn: 50, gain: 2 };
const SHARED: Owner = { kind: 'shared' };
const parameter = (
  name: string,
  shape: readonly number[],
  owner: Owner = SHARED,
  initialiser: Initialiser = uniform,
): Parameter => ({ name, shape, owner, initialiser, decays: true });

const start = (one: Parameter, seeds: readonly number[] = [0]): Float32Array =>
  (initialise([one], seeds)[one.name] as TensorData).data as Float32Array;

/** What each task starts from, in the order of its elements. */
const byTask = (one: Parameter, values: Float32Array): Record<string, number[]> =>
  Object.fromEntries(
    partsOf(one.owner, values.length).map(({ task, count, at }) => [
      task,
      Array.from({ length: count }, (_, i) => values[at(i)]!),
    ]),
  );

describe('initial values', () => {
  test('a replica starts as its seed alone', () => {
    const one = parameter('w', [3, 4]);
    expect(initialise([one], [5, 7]).w!.shape).toEqual([2, 3, 4]);
    expect(initialise([one], [5]).w!.shape).toEqual([3, 4]);
    expect([...start(one, [5, 7])]).toEqual([...start(one, [5]), ...start(one, [7])]);
    expect(start(one, [5])).not.toEqual(start(one, [7]));
  });

  test('another name, another start', () => {
    expect(start(parameter('a', [8]))).not.toEqual(start(parameter('b', [8])));
  });

  test('a task starts alike whatever tasks stand beside it', () => {
    const stacked = (tasks: readonly string[]): Record<string, number[]> => {
      const one = parameter('w', [tasks.length, 2, 3], { kind: 'task', tasks });
      return byTask(one, start(one));
    };
    expect(stacked(['a', 'b', 'c']).b).toEqual(stacked(['c', 'b']).b);
    expect(stacked(['a', 'b']).a).not.toEqual(stacked(['a', 'b']).b);
    const columns = (tasks: Readonly<Record<string, number>>): Record<string, number[]> => {
      const widths = Object.values(tasks);
      const owner: Owner = { kind: 'task-columns', tasks: Object.keys(tasks), columns: widths };
      const one = parameter('w', [5, widths.reduce((a, b) => a + b)], owner);
      return byTask(one, start(one));
    };
    expect(columns({ a: 1, b: 3 }).b).toEqual(columns({ b: 3, c: 2, d: 1 }).b);
    expect(columns({ a: 2, b: 2 }).a).not.toEqual(columns({ a: 2, b: 2 }).b);
  });

  test('uniform values fill ±√(3 gain / fanIn) with variance gain / fanIn', () => {
    const values = start(parameter('w', [100, 200]));
    const bound = Math.sqrt((3 * 2) / 50);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(Math.fround(bound));
    expect(Math.max(...values)).toBeGreaterThan(0.999 * bound);
    expect(mean(values)).toBeCloseTo(0, 2);
    expect(variance(values) / (2 / 50)).toBeCloseTo(1, 1);
  });

  test('normal values have their deviation; zeros, ones and given values are what they say', () => {
    const values = start(parameter('e', [100, 200], SHARED, { kind: 'normal', deviation: 0.1 }));
    expect(Math.sqrt(variance(values))).toBeCloseTo(0.1, 2);
    expect(mean(values.map((x) => x ** 4)) / variance(values) ** 2).toBeCloseTo(3, 0);
    expect([...start(parameter('z', [2], SHARED, { kind: 'zeros' }))]).toEqual([0, 0]);
    expect([...start(parameter('o', [2], SHARED, { kind: 'ones' }))]).toEqual([1, 1]);
    expect([...start(parameter('v', [2], SHARED, { kind: 'values', values: [3, -1] }), [0, 1])]).toEqual([
      3, -1, 3, -1,
    ]);
  });
});

const mean = (values: Float32Array): number => values.reduce((a, b) => a + b, 0) / values.length;
const variance = (values: Float32Array): number => mean(values.map((x) => x * x)) - mean(values) ** 2;

describe('owners', () => {
  test('every element has one owner', () => {
    const owners = fc.oneof(
      fc.constant(SHARED),
      fc.integer({ min: 1, max: 5 }).map((count): Owner => ({ kind: 'task', tasks: names(count) })),
      fc
        .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 })
        .map((columns): Owner => ({ kind: 'task-columns', tasks: names(columns.length), columns })),
    );
    fc.assert(
      fc.property(owners, fc.integer({ min: 1, max: 6 }), (owner, rows) => {
        const width = owner.kind === 'task-columns' ? owner.columns.reduce((a, b) => a + b) : 1;
        const size = rows * (owner.kind === 'task' ? owner.tasks.length : width);
        const all = partsOf(owner, size).flatMap(({ count, at }) =>
          Array.from({ length: count }, (_, i) => at(i)),
        );
        expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
      }),
    );
  });

  test('counts: all, shared, and of each task, whatever it is called', () => {
    const tasks = ['a', 'constructor'];
    const count = countParameters([
      parameter('trunk', [3, 4]),
      parameter('tower', [2, 4, 5], { kind: 'task', tasks }),
      parameter('heads', [4, 3], { kind: 'task-columns', tasks, columns: [1, 2] }),
    ]);
    expect(count).toEqual({ total: 64, shared: 12, experts: {}, tasks: { a: 24, constructor: 28 } });
  });
});

const names = (count: number): string[] => Array.from({ length: count }, (_, t) => `t${t}`);

test('a parameter is declared once, under its lead', () => {
  const set = new ParameterSet([3]);
  const leaf = set.declare(parameter('w', [2, 2]));
  expect(set.declare(parameter('w', [2, 2]))).toBe(leaf);
  expect(leaf.shape).toEqual([3, 2, 2]);
  expect(set.parameters.map(({ name }) => name)).toEqual(['w']);
});
