import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PolytaskError } from '../../common/error.ts';
import type { Table } from '../../common/table.ts';
import { tableFromColumns } from '../sources/memory.ts';
import { type Split, type SplitSpec, splitRows } from './index.ts';

const tables: fc.Arbitrary<Table> = fc
  .array(
    fc.record({
      group: fc.option(fc.integer({ min: 0, max: 8 }), { nil: null }),
      time: fc.integer({ min: 0, max: 20 }),
      label: fc.constantFrom('a', 'b', null),
      task: fc.constantFrom('p', 'q', 'r'),
      score: fc.double({ noNaN: true }),
      side: fc.constantFrom('Train', 'TEST', 'training'),
    }),
    { minLength: 3, maxLength: 120 },
  )
  .map((rows) =>
    tableFromColumns(
      Object.fromEntries(
        ['group', 'time', 'label', 'task', 'score', 'side'].map((key) => [
          key,
          rows.map((row) => row[key as keyof typeof row]),
        ]),
      ),
    ),
  );

const SPECS: (string | SplitSpec)[] = [
  '0.6/0.2/0.2',
  '80/20',
  { ratio: [0.5, 0.25, 0.25], stratify: 'label', by: 'task' },
  { stratify: 'score' },
  { group: 'group' },
  { time: 'time' },
  { column: 'side', by: 'task' },
];

/** The split, or undefined where the table does not allow it, which must be said by the right error. */
function attempt(table: Table, spec: string | SplitSpec, seed: number): Split | undefined {
  try {
    return splitRows(table, spec, seed);
  } catch (error) {
    expect(error).toBeInstanceOf(PolytaskError);
    expect((error as PolytaskError).code).toBe('split-empty');
    return undefined;
  }
}

describe('every way of splitting', () => {
  it('covers all rows, none twice, and is the same for the same seed', () => {
    fc.assert(
      fc.property(tables, fc.constantFrom(...SPECS), fc.integer(), (table, spec, seed) => {
        const split = attempt(table, spec, seed);
        if (split === undefined) return;
        const all = [...split.train, ...split.validation, ...split.test].sort((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: table.rows }, (_, i) => i));
        for (const side of Object.values(split)) expect(side.length).toBeGreaterThan(0);
        expect(splitRows(table, spec, seed)).toEqual(split);
      }),
    );
  });

  it('puts no group on two sides', () => {
    fc.assert(
      fc.property(tables, fc.integer(), (table, seed) => {
        const split = attempt(table, { group: 'group' }, seed);
        const column = table.columns.get('group')!;
        if (split === undefined || column.type === 'string') return;
        const owner = new Map<number, string>();
        for (const [name, rows] of Object.entries(split)) {
          for (const row of rows as Int32Array) {
            const group = column.values[row]!;
            if (Number.isNaN(group)) continue;
            expect(owner.get(group) ?? name).toBe(name);
            owner.set(group, name);
          }
        }
      }),
    );
  });

  it('trains on the past', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const split = attempt(table, { time: 'time' }, 0);
        const column = table.columns.get('time')!;
        if (split === undefined || column.type === 'string') return;
        const range = (rows: Int32Array): [number, number] => {
          const times = [...rows].map((row) => column.values[row]!);
          return [Math.min(...times), Math.max(...times)];
        };
        expect(range(split.train)[1]).toBeLessThanOrEqual(range(split.validation)[0]);
        expect(range(split.validation)[1]).toBeLessThanOrEqual(range(split.test)[0]);
      }),
    );
  });
});

describe('shares', () => {
  const n = 3000;
  const table = tableFromColumns({
    label: Array.from({ length: n }, (_, i) => (i % 20 === 0 ? 'rare' : 'common')),
    task: Array.from({ length: n }, (_, i) => `t${i % 30}`),
    x: Array.from({ length: n }, (_, i) => i),
  });

  it('are met exactly by ratio, and near enough within every class and task', () => {
    const split = splitRows(table, { ratio: '0.6/0.2/0.2', stratify: 'label', by: 'task' }, 3);
    expect([split.train.length, split.validation.length, split.test.length]).toEqual([1800, 600, 600]);
    for (let task = 0; task < 30; task++) {
      const count = split.train.filter((row) => row % 30 === task).length;
      expect(Math.abs(count - 60)).toBeLessThanOrEqual(2);
    }
    const rare = split.test.filter((row) => row % 20 === 0).length;
    expect(Math.abs(rare - 30)).toBeLessThanOrEqual(8);
  });

  it('differ with the seed', () => {
    expect(splitRows(table, '0.8/0.2', 1).test).not.toEqual(splitRows(table, '0.8/0.2', 2).test);
    expect(splitRows(table, '0.8/0.2', 1).validation.length).toBe(360);
  });

  it('follow a column, and carve validation where it has none', () => {
    const sides = tableFromColumns({
      s: ['train', 'Dev', 'TEST', 'train', 'val'],
      y: [2011, 2011, 2012, 2011, 2011],
    });
    expect(splitRows(sides, { column: 's' }, 0)).toEqual({
      train: Int32Array.of(0, 3),
      validation: Int32Array.of(1, 4),
      test: Int32Array.of(2),
    });
    const years = splitRows(sides, { column: 'y', values: { train: [2011], test: [2012] } }, 0);
    expect([years.train.length, years.validation.length, [...years.test]]).toEqual([3, 1, [2]]);
  });
});

describe('bad splits end in a clear error', () => {
  const table = tableFromColumns({
    a: [1, 2, 3, 4],
    s: ['train', 'x', 'test', null],
    g: [1, 1, 1, 2],
    m: [1, null, 2, 3],
  });
  const one = tableFromColumns({ a: [1] });
  const CASES: Record<string, [Table, unknown, string, RegExp]> = {
    'one row': [one, '0.6/0.2/0.2', 'split-empty', /at least 3 rows/],
    'a ratio of words': [table, 'most/rest', 'split-invalid', /"most\/rest"/],
    'a ratio of sum 1.1': [table, '0.7/0.2/0.2', 'split-invalid', /sum 1 or 100/],
    'a share of zero': [table, '0.8/0.2/0', 'split-invalid', /above 0/],
    'four shares': [table, [0.25, 0.25, 0.25, 0.25].join('/'), 'split-invalid', /two or three/],
    'no share': [table, '', 'split-invalid', /two or three/],
    'an unknown setting': [table, { groups: 'g' }, 'split-invalid', /Did you mean "group"\?/],
    'two ways at once': [table, { group: 'g', time: 'a' }, 'split-invalid', /group and time/],
    'a ratio beside a column': [table, { column: 's', ratio: '0.8/0.2' }, 'split-invalid', /no ratio/],
    'an unknown column': [table, { column: 'split' }, 'column-unknown', /split\.column/],
    'an unknown group': [table, { group: 'gg' }, 'column-unknown', /Did you mean "g"\?/],
    'an unknown class column': [table, { stratify: 'zz' }, 'column-unknown', /split\.stratify/],
    'a side that is no side': [table, { column: 's' }, 'split-invalid', /"x" in row 2/],
    'a column without test': [
      table,
      { column: 'a', values: { train: [1, 2, 3, 4] } },
      'split-empty',
      /no row for test/,
    ],
    'two groups': [table, { group: 'g' }, 'split-empty', /3 groups/],
    'time that is text': [table, { time: 's' }, 'column-type', /type string/],
    'time that is missing': [table, { time: 'm' }, 'column-type', /row 2/],
    'a carve of 2': [table, { ratio: '0.8/0.2', validation: 2 }, 'split-invalid', /between 0 and 1/],
  };
  it.each(Object.entries(CASES))('%s', (_, [rows, spec, code, words]) => {
    expect(() => splitRows(rows, spec as SplitSpec, 0)).toThrow(words);
    expect(() => splitRows(rows, spec as SplitSpec, 0)).toThrow(expect.objectContaining({ code }));
  });
});
