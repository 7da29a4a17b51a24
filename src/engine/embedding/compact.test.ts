import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numbers } from '../tensor-data.ts';
import { compactRows } from './compact.ts';
import { RowNumbering } from './row-numbering.ts';
import { EmbeddingStore } from './store.ts';

const rowNumbers = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 2 ** 31 - 2 }));

test('a chunk renumbered and looked up again is the chunk', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.array(rowNumbers, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 0, max: 3 }),
      (steps, pool, spare) => {
        const perStep = pool.length;
        const list = Array.from({ length: steps * perStep }, (_, i) => pool[(i * 7 + (i % 3)) % perStep]!);
        const distinct = (k: number) => new Set(list.slice(k * perStep, (k + 1) * perStep));
        const most = Math.max(...Array.from({ length: steps }, (_, k) => distinct(k).size));
        const shape = [steps, perStep];
        const { rows, unique, inverse } = compactRows(Int32Array.from(list), shape, { width: most + spare });
        expect([...rows]).toEqual([...new Set(list)]);
        expect(unique.shape).toEqual([steps, most + spare]);
        const [used, places] = [numbers(unique), numbers(inverse)];
        list.forEach((index, i) => {
          const k = Math.floor(i / perStep);
          expect(rows[used[k * (most + spare) + places[i]!]!]).toBe(index);
        });
        for (let k = 0; k < steps; k++) {
          const own = used.slice(k * (most + spare), (k + 1) * (most + spare));
          expect(new Set(own.slice(0, distinct(k).size)).size).toBe(distinct(k).size);
          expect(own.slice(distinct(k).size).every((row) => row === rows.length)).toBe(true);
        }
      },
    ),
  );
});

test('numbering is that of a Map, crowded or not', () => {
  fc.assert(
    fc.property(fc.array(rowNumbers), (keys) => {
      const numbering = new RowNumbering(keys.length);
      const map = new Map<number, number>();
      for (const key of keys) {
        if (!map.has(key)) map.set(key, map.size);
        expect(numbering.number(key)).toBe(map.get(key));
      }
      expect([...numbering.keys()]).toEqual([...map.keys()]);
    }),
  );
});

test('the example of the documentation', () => {
  const { rows, unique, inverse } = compactRows(Int32Array.of(7, 3, 7, 9), [2, 2]);
  expect([...rows]).toEqual([7, 3, 9]);
  expect(numbers(unique)).toEqual([0, 1, 0, 2]);
  expect(numbers(inverse)).toEqual([0, 1, 0, 1]);
});

test('what cannot be is refused', () => {
  expect(() => compactRows(Int32Array.of(0, -1), [1, 2])).toThrow('row numbers of at least 0');
  expect(() => compactRows(Int32Array.of(0, 3), [1, 2], { tableRows: 3 })).toThrow('rows below 3');
  expect(() => compactRows(Int32Array.of(0, 1), [1, 2], { width: 1 })).toThrow('at most 1 distinct rows');
  expect(() => new EmbeddingStore(new Float32Array(7), 2, [])).toThrow('rows of 2');
  expect(() => new EmbeddingStore(new Float32Array(6), 2, { m: new Float32Array(4) })).toThrow('in m');
  const store = new EmbeddingStore(new Float32Array(6), 2, ['m']);
  expect(() => store.gatherChunk(Int32Array.of(3))).toThrow('rows below 3');
  const chunk = store.gatherChunk(Int32Array.of(0));
  expect(() => store.writeBack(Int32Array.of(0, 1), chunk)).toThrow('3 rows of 2');
});
