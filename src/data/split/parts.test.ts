import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tableFromColumns } from '../sources/memory.ts';
import { foldRows, nestedRows, type SplitSpec } from './index.ts';

const tables = fc
  .array(
    fc.record({
      group: fc.integer({ min: 0, max: 9 }),
      label: fc.constantFrom('a', 'b', 'b', 'b'),
      task: fc.constantFrom('p', 'q', 'r'),
    }),
    { minLength: 40, maxLength: 120 },
  )
  .map((rows) => ({
    rows,
    table: tableFromColumns(
      Object.fromEntries(
        (['group', 'label', 'task'] as const).map((key) => [key, rows.map((row) => row[key])]),
      ),
    ),
  }));
const SPECS: SplitSpec[] = [{}, { stratify: 'label', by: 'task' }, { ratio: '0.5/0.3/0.2' }];

const all = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);
const counted = <V>(rows: Int32Array, of: (row: number) => V): Map<V, number> => {
  const counts = new Map<V, number>();
  for (const row of rows) counts.set(of(row), (counts.get(of(row)) ?? 0) + 1);
  return counts;
};

test('folds: every row is tested once, sides cover the table, shares are those of the ratio', () => {
  fc.assert(
    fc.property(tables, fc.constantFrom(...SPECS), fc.integer({ min: 2, max: 6 }), ({ table }, spec, k) => {
      const folds = foldRows(table, spec, k, 3);
      expect(Int32Array.of(...folds.flatMap(({ test }) => [...test])).sort()).toEqual(all(table.rows));
      for (const { train, validation, test } of folds) {
        expect(Int32Array.of(...train, ...validation, ...test).sort()).toEqual(all(table.rows));
        expect(Math.abs(test.length - table.rows / k)).toBeLessThan(1);
        const rest = table.rows - test.length;
        const share = spec.ratio === undefined ? 0.15 / 0.85 : 0.3 / 0.8;
        expect(Math.abs(validation.length - share * rest)).toBeLessThan(1);
      }
      expect(foldRows(table, spec, k, 3)).toEqual(folds);
    }),
  );
});

test('folds keep tasks and classes in proportion', () => {
  fc.assert(
    fc.property(tables, ({ rows, table }) => {
      const stratum = (row: number): string => `${rows[row]!.task}${rows[row]!.label}`;
      const sizes = counted(all(table.rows), stratum);
      for (const { test } of foldRows(table, { stratify: 'label', by: 'task' }, 4, 0))
        for (const [name, count] of counted(test, stratum))
          expect(Math.abs(count - sizes.get(name)! / 4)).toBeLessThan(1);
    }),
  );
});

test('folds keep groups whole', () => {
  fc.assert(
    fc.property(tables, ({ rows, table }) => {
      fc.pre(new Set(rows.map(({ group }) => group)).size >= 4);
      for (const split of foldRows(table, { group: 'group' }, 4, 1)) {
        const sides = Object.values(split).map((side) => new Set([...side].map((row) => rows[row]!.group)));
        expect(sides.reduce((sum, { size }) => sum + size, 0)).toBe(
          new Set(rows.map(({ group }) => group)).size,
        );
        for (const { size } of sides) expect(size).toBeGreaterThan(0);
      }
    }),
  );
});

test.each<[SplitSpec, string]>([
  [{ column: 'label' }, 'split.column'],
  [{ time: 'group' }, 'split.time'],
  [{ group: 'label' }, '2'],
])('%j has no folds', (spec, found) => {
  const table = tableFromColumns({ label: ['a', 'b', 'b', 'a'], group: [1, 2, 3, 4] });
  expect(() => foldRows(table, spec, 2, 0)).toThrow(
    expect.objectContaining({ code: 'split-invalid', path: 'folds', found: expect.stringContaining(found) }),
  );
});

test('parts of the rows are nested, of the asked size, with every task and class in proportion', () => {
  const shares = fc.uniqueArray(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(tables, shares, fc.integer(), ({ rows, table }, given, seed) => {
      const own = all(table.rows).filter((row) => row % 3 > 0);
      const stratum = (row: number): string => `${rows[row]!.task}${rows[row]!.label}`;
      const sizes = counted(own, stratum);
      const ascending = given.toSorted((a, b) => a - b);
      const parts = ascending.map((share) =>
        nestedRows(table, own, share, { stratify: 'label', by: 'task' }, seed),
      );
      parts.forEach((part, i) => {
        expect(part).toEqual(part.toSorted());
        expect(part.length).toBe(Math.max(sizes.size, Math.round(ascending[i]! * own.length)));
        const counts = counted(part, stratum);
        for (const [name, size] of sizes) {
          expect(counts.get(name)).toBeGreaterThan(0);
          const off = Math.abs(counts.get(name)! / size - part.length / own.length);
          expect(off).toBeLessThanOrEqual(1 / size + sizes.size / own.length);
        }
        expect(parts.slice(i + 1).every((larger) => part.every((row) => larger.includes(row)))).toBe(true);
      });
      expect(nestedRows(table, own, 1, {}, seed)).toEqual(own);
    }),
  );
});
