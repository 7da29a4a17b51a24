import { expect, test } from 'vitest';
import { unusedColumns, warnOfUnusedExperts } from './unused-experts.ts';

test('an expert is unused below a tenth of an even share of all tasks', () => {
  // An even share of 4 is 0.25; the limit 0.025.
  expect(unusedColumns([[0.024, 0.026, 0.45, 0.5]])).toEqual([0]);
  // Unused by one task, used by the other.
  expect(
    unusedColumns([
      [0, 0.5, 0.5, 0],
      [0.9, 0.1, 0, 0],
    ]),
  ).toEqual([3]);
  expect(unusedColumns([[0.025, 0.975, 0, 0]])).toEqual([2, 3]);
  expect(unusedColumns([[1]])).toEqual([]);
  expect(unusedColumns([])).toEqual([]);
});

const table = (values: number[][][]) => ({
  name: 'gate',
  kind: 'use' as const,
  rows: ['a'],
  columns: ['e1', 'e2', 'e3'],
  values,
});

test('a warning names the experts, and the seeds where there are several', () => {
  expect(warnOfUnusedExperts([table([[[0, 0.6, 0.4]]])], [7])).toEqual([
    {
      code: 'expert-unused',
      message: 'Of the 3 experts of "gate" the tasks hardly use e1.',
      help: expect.stringContaining('Fewer experts'),
    },
  ]);
  const [warning] = warnOfUnusedExperts(
    [table([[[0, 1, 0]], [[0.3, 0.4, 0.3]], [[0.5, 0.5, 0.01]]])],
    [7, 8, 9],
  );
  expect(warning!.message).toContain('hardly use e1, e3 with seed 7; e3 with seed 9.');
});

test('all used, or no use at all: no warning', () => {
  expect(warnOfUnusedExperts([table([[[0.3, 0.4, 0.3]]])], [0])).toEqual([]);
  expect(warnOfUnusedExperts([{ ...table([[[0, 1, 0]]]), kind: 'matrix' }], [0])).toEqual([]);
  expect(warnOfUnusedExperts([], [0])).toEqual([]);
});
