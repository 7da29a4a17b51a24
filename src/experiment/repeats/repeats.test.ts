import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tableFromColumns } from '../../data/sources/memory.ts';
import { parseConfig } from '../config.ts';
import { divideRows, splitFingerprint, WHOLE } from '../divide-rows.ts';
import { prepare } from '../prepare.ts';
import type { RunConfigInput } from '../run-config.ts';
import { resolveTasks } from '../tasks.ts';
import { checkRepeats } from './check-repeats.ts';
import { labelOfOwn, repeatsOf, withTimeOf } from './repeats.ts';

const configOf = (more: Partial<RunConfigInput>) =>
  parseConfig({ data: [], tasks: { y: { kind: 'regression' } }, ...more });

test('what a run repeats: the other folds, or smaller shares, ascending and once', () => {
  expect(repeatsOf({ folds: 3 })).toEqual([
    { name: 'fold-2', label: 'fold 2 of 3', choice: { fold: 1 } },
    { name: 'fold-3', label: 'fold 3 of 3', choice: { fold: 2 } },
  ]);
  expect(repeatsOf({ fractions: [1, 0.3, 0.125, 0.3] })).toEqual([
    { name: 'fraction-0.125', label: '12.5 % of the training rows', choice: { fraction: 0.125 } },
    { name: 'fraction-0.3', label: '30 % of the training rows', choice: { fraction: 0.3 } },
  ]);
  expect(repeatsOf({})).toEqual([]);
  expect([{ folds: 3 }, { fractions: [0.1] }, {}].map(labelOfOwn)).toEqual([
    'fold 1 of 3',
    'all training rows',
    undefined,
  ]);
});

test('time is divided among all choices of rows', () => {
  const limited = { timeLimit: 60, choose: false };
  expect(withTimeOf(configOf({ ...limited, folds: 3 })).timeLimit).toBe(20);
  expect(withTimeOf(configOf({ ...limited, fractions: [0.1, 1] })).timeLimit).toBe(30);
  expect(withTimeOf(configOf(limited)).timeLimit).toBe(60);
  expect(withTimeOf(configOf({ folds: 3 }))).not.toHaveProperty('timeLimit', expect.anything());
});

/** Rows of tasks with so many rows each. */
const longTable = (sizes: Readonly<Record<string, number>>) => {
  const names = Object.entries(sizes).flatMap(([name, size]) => new Array<string>(size).fill(name));
  return tableFromColumns({
    task: names,
    x: names.map((_, i) => i),
    y: names.map((_, i) => (i * 7919) % 101),
  });
};

test.each<[string, Record<string, number>, Partial<RunConfigInput>, RegExp | undefined]>([
  ['enough rows of every task', { a: 20, b: 20 }, { folds: 4 }, undefined],
  ['a task whose only row is tested', { a: 30, b: 1 }, { folds: 4 }, /none of "b" in fold/],
  ['shares of the rows keep every task', { a: 90, b: 3, c: 3 }, { fractions: [0.01] }, undefined],
])('%s', (_, sizes, more, refused) => {
  const config = configOf({ by: 'task', ...more });
  const table = longTable(sizes);
  const check = (): void => checkRepeats(config, table, resolveTasks(config, table));
  if (refused === undefined) expect(check).not.toThrow();
  else
    expect(check).toThrow(
      expect.objectContaining({
        code: 'split-invalid',
        path: 'folds',
        found: expect.stringMatching(refused),
      }),
    );
});

test('rows of a run: its split, its first fold, and a share of the training rows alone', () => {
  const table = longTable({ a: 40, b: 60 });
  const rowsOf = (more: Partial<RunConfigInput>, choice = WHOLE) => {
    const config = configOf({ by: 'task', ...more });
    return divideRows(config, table, resolveTasks(config, table), choice);
  };
  const whole = rowsOf({});
  expect(rowsOf({ fractions: [0.5] })).toEqual(whole);
  const half = rowsOf({ fractions: [0.5] }, { fraction: 0.5 });
  expect([half.validation, half.test]).toEqual([whole.validation, whole.test]);
  expect(half.train).toHaveLength(whole.train.length / 2);
  expect([...half.train].every((row) => whole.train.includes(row))).toBe(true);
  const folds = [0, 1, 2, 3, 4].map((fold) => rowsOf({ folds: 5 }, { fold }));
  expect(rowsOf({ folds: 5 })).toEqual(folds[0]);
  expect(Int32Array.of(...folds.flatMap(({ test }) => [...test])).sort()).toHaveLength(100);
});

test('any split: its fingerprint tells it from any other', () => {
  const sides = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 12 });
  const splitOf = (own: readonly number[]) => {
    const on = (side: number) => Int32Array.from(own.keys()).filter((row) => own[row] === side);
    return { train: on(0), validation: on(1), test: on(2) };
  };
  fc.assert(
    fc.property(sides, sides, (one, other) => {
      const same = JSON.stringify(one) === JSON.stringify(other);
      expect(splitFingerprint(splitOf(one)) === splitFingerprint(splitOf(other))).toBe(same);
    }),
  );
});

test.each([
  [{ folds: 4 }, { fold: 2 }],
  [{ fractions: [0.2] }, { fraction: 0.2 }],
])('%j: what is fitted sees no row but its own training rows', async (more, choice) => {
  const rows = Array.from({ length: 80 }, (_, i) => ({ x: i % 17, word: `w${i % 5}`, y: (i * 31) % 23 }));
  const preparedOf = (data: readonly object[]) =>
    prepare(configOf({ ...more, data }), '.', undefined, choice);
  const own = await preparedOf(rows);
  const taught = new Set(own.split.train);
  const changed = rows.map((row, i) => (taught.has(i) ? row : { x: 1e6, word: 'other', y: 1e6 }));
  const other = await preparedOf(changed);
  expect(other.split).toEqual(own.split);
  expect(other.encoders.toJSON()).toEqual(own.encoders.toJSON());
  expect(other.dataset.tasks).toEqual(own.dataset.tasks);
  const taughtMore = await preparedOf(rows.map((row, i) => (taught.has(i) ? { ...row, x: row.x + 1 } : row)));
  expect(taughtMore.encoders.toJSON()).not.toEqual(own.encoders.toJSON());
});
