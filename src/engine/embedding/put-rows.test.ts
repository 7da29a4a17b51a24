import { expect, test } from 'vitest';
import { input } from '../leaf.ts';
import { runtime } from '../optimiser/run.test-support.ts';
import { compile } from '../program.ts';
import { numbers, tensorData } from '../tensor-data.ts';
import { putRows } from './put-rows.ts';

const table = input('table', ['rows', 2]);
const rows = input('rows', [3], { dtype: 'int32' });

test('rows are replaced, the same value twice is once, the rest stays', async () => {
  const put = await runtime.load(compile({ next: putRows(table, rows, input('values', [3, 2])) }));
  const { next } = await put.run({
    table: tensorData([0, 1, 2, 3, 4, 5], [3, 2]),
    rows: tensorData([2, 0, 2], [3], 'int32'),
    values: tensorData([8, 9, 6, 7, 8, 9], [3, 2]),
  });
  expect(numbers(next!)).toEqual([6, 7, 2, 3, 8, 9]);
  await put.close();
});

test('what does not fit is refused', () => {
  expect(() => putRows(table, rows, input('values', [2, 2]))).toThrow('shape-mismatch');
  expect(() => putRows(table, input('r', [3]), input('values', [3, 2]))).toThrow('dtype-mismatch');
  expect(() => putRows(table, rows, input('v', [3, 2], { dtype: 'float64' }))).toThrow('dtype-mismatch');
});
