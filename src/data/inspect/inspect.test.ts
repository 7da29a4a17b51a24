import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import type { Table } from '../../common/table.ts';
import { type PlanOptions, planColumns } from '../plan.ts';
import { tableFromColumns } from '../sources/memory.ts';
import { type SplitSpec, splitRows } from '../split/index.ts';
import type { Warning } from '../warning.ts';
import { inspectData } from './index.ts';
import { auc, pearson, ranks, spearman } from './statistics.ts';

const n = 1200;
const random = new RandomStream(5, 'test');
const make = (f: (i: number) => unknown): unknown[] => Array.from({ length: n }, (_, i) => f(i));
const normal = (stream: number) => (i: number) => random.normal(i, stream);
const inspect = (
  table: Table,
  tasks: string[],
  options: Partial<PlanOptions> = {},
  split: SplitSpec = {},
): Warning[] => {
  const encoders = Object.fromEntries(
    [...table.columns.values()]
      .filter(({ name }) => !tasks.includes(name) && name !== options.by)
      .map(({ name, type }) => [
        name,
        type === 'string' ? 'categorical' : type === 'number' ? 'numeric' : type,
      ]),
  );
  const plans = planColumns(table, { tasks, encoders, ...options });
  return inspectData(
    table,
    plans,
    splitRows(table, { ratio: '0.6/0.2/0.2', ...split }, 1),
    tasks.map((name) => ({ name, columns: [name] })),
  );
};
const codes = (warnings: Warning[]): string[] => warnings.map(({ code, column }) => `${code} ${column}`);

const x = make(normal(1)) as number[];
const y = make((i) => x[i]! + normal(2)(i)) as number[];
const label = y.map((value) => value > 0.5);

describe('leaks', () => {
  const found = (column: unknown[], target: unknown[]): string[] =>
    codes(inspect(tableFromColumns({ x, column, target }), ['target']));

  it('are not seen in honest inputs', () => {
    expect(found(make(normal(3)), y)).toEqual([]);
    expect(
      found(
        make((i) => `k${i % 7}`),
        label,
      ),
    ).toEqual([]);
    // Many values and few rows a value: majorities must be judged on other rows.
    expect(
      found(
        make((i) => `k${i % 400}`),
        label,
      ),
    ).toEqual([]);
  });

  it.each<[string, unknown[], unknown[], string]>([
    ['a line with noise', y.map((v, i) => 3 * v + 0.05 * normal(4)(i)), y, 'leak-numeric column'],
    ['a falling curve', y.map((v) => Math.exp(-3 * v)), y, 'leak-numeric column'],
    ['a curve that turns', y.map((v) => v), y.map((v) => v * v), 'leak-numeric column'],
    ['fine categories of a number', y.map((v) => `g${Math.round(v * 8)}`), y, 'leak-numeric column'],
    ['a copy of a number', y, y, 'leak-copy column'],
    ['a copy of a class', label, label, 'leak-copy column'],
    ['a class by other names', label.map((v) => (v ? 'p' : 'q')), label, 'leak-class column'],
    ['a number that tells the class', y, label, 'leak-class column'],
    ['being missing tells the class', label.map((v) => (v ? 1 : null)), label, 'leak-class column'],
    [
      'a finer class',
      y.map((v) => `${Math.floor(v)}.${Math.floor(v * 3)}`),
      y.map((v) => `c${Math.floor(v)}`),
      'leak-class column',
    ],
  ])('%s', (_, column, target, expected) => {
    expect(found(column, target)).toContain(expected);
  });

  it('of several columns by arithmetic', () => {
    const a = make((i) => 10 + Math.abs(normal(6)(i))) as number[];
    const part = y.map((v, i) => v - a[i]!);
    expect(codes(inspect(tableFromColumns({ x, a, part, y }), ['y']))).toContain('leak-combination a');
    const rate = make((i) => 0.05 + 0.2 * random.uniform(i, 8)) as number[];
    const amount = make((i) => Math.exp(8 + 1.5 * normal(7)(i))) as number[];
    const term = make((i) => (i % 2 === 0 ? 36 : 60)) as number[];
    const paid = rate.map((r, i) => (amount[i]! * r * term[i]!) / 12 + amount[i]!);
    const [warning] = inspect(tableFromColumns({ amount, paid, term, rate, x }), ['rate']);
    expect(warning).toMatchObject({
      code: 'leak-combination',
      message: expect.stringMatching(/ratio of "paid" and "amount", given "term"/),
    });
  });
});

describe('columns and tasks', () => {
  const of = (columns: Record<string, unknown[]>, tasks = ['y'], options = {}, split = {}): string[] =>
    codes(inspect(tableFromColumns({ x, ...columns }), tasks, options, split));

  it('that hold little', () => {
    expect(of({ y, same: make(() => 1) })).toEqual(['constant same']);
    expect(of({ y, rare: make((i) => (i % 50 === 0 ? i : null)) })).toEqual(['mostly-missing rare']);
    expect(of({ y, wide: make((i) => (i === 3 ? Infinity : normal(9)(i))) })).toEqual([
      'values-infinite wide',
    ]);
  });

  it('without enough labels', () => {
    expect(of({ y: make(() => null), z: y }, ['y', 'z'])).toEqual(['task-unlabelled y']);
    expect(of({ y: make((i) => (i === 0 ? 1 : null)) })).toEqual(['task-unlabelled y']);
    expect(of({ y: make(() => 'one') })).toEqual(['task-one-class y']);
    expect(of({ y: make((i) => (i % 60 === 0 ? y[i] : null)) })).toEqual(['task-few-labels y']);
    expect(of({ y: make((i) => i % 300 === 0) }, ['y'], {}, { stratify: 'y' })).toEqual([
      'task-few-labels y',
    ]);
  });

  it('of a long table, task by task', () => {
    const task = make((i) => (i < 20 ? 'small' : i < 600 ? 'dull' : 'good'));
    const outcome = make((i) => (i < 600 && i >= 20 ? 'same' : label[i] ? 'p' : 'q'));
    const warnings = inspect(
      tableFromColumns({ x, task, outcome }),
      ['outcome'],
      { by: 'task' },
      { by: 'task' },
    );
    expect(warnings.map((w) => `${w.code} ${w.task}`)).toEqual([
      'task-few-labels small',
      'task-one-class dull',
    ]);
  });

  it('duplicates across the split', () => {
    const [warning] = inspect(tableFromColumns({ a: make((i) => i % 4), y }), ['y']);
    expect(warning).toMatchObject({
      code: 'duplicates',
      message: expect.stringMatching(/240 of 240 \(100\.0 %\) test/),
    });
  });
});

describe('statistics', () => {
  it('match what is known', () => {
    expect([...ranks([10, 20, 20, 5])]).toEqual([2, 3.5, 3.5, 1]);
    expect(pearson([1, 2, 3], [2, 4, 6])).toBeCloseTo(1);
    expect(pearson([1, 1, 1], [2, 4, 6])).toBe(0);
    expect(spearman([1, 2, 3], [1, 100, 1e6])).toBeCloseTo(1);
    expect(auc([1, 2, 3, 4], [false, true, false, true])).toBe(0.75);
    expect(auc([1, 2], [true, true])).toBe(0.5);
  });
});
