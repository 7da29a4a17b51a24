import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { association, type Labels, labelStatistics } from './label-statistics.ts';

const numbers = (...values: number[]): Labels => ({ values: Float64Array.from(values), nominal: false });
const classes = (...values: number[]): Labels => ({ values: Float64Array.from(values), nominal: true });

describe('association of labels', () => {
  test('Spearman by hand: ranks 0 1 2 3 and 0 2 1 3', () => {
    expect(association(numbers(1, 2, 3, 4), numbers(10, 30, 20, 1000))).toBeCloseTo(0.8, 6);
    expect(association(numbers(1, 2, 3), numbers(3, 2, 1))).toBe(-1);
    // Ties share ranks: 0.5 0.5 2 3 against 0 1 2 3 is 4.5/√(4.5 · 5).
    expect(association(numbers(0, 0, 1, 2), numbers(1, 2, 3, 4))).toBeCloseTo(Math.sqrt(0.9), 5);
  });

  test('only order counts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer(), fc.integer()), { minLength: 3, maxLength: 30 }),
        (pairs) => {
          const one = numbers(...pairs.map(([a]) => a));
          const other = numbers(...pairs.map(([, b]) => b));
          const bent = numbers(...pairs.map(([, b]) => Math.cbrt(b)));
          expect(association(one, other)).toBe(association(one, bent));
          expect(association(one, other)).toBe(association(other, one));
        },
      ),
    );
  });

  test('classes and numbers: ε² by hand', () => {
    // Ranks 0 1 | 2 3: within 1, total 5, ε² = 1 − 1/5 · 3/2 = 0.7.
    expect(association(classes(0, 0, 1, 1), numbers(1, 2, 3, 4))).toBeCloseTo(Math.sqrt(0.7), 5);
    expect(association(numbers(1, 2, 3, 4), classes(0, 0, 1, 1))).toBeCloseTo(Math.sqrt(0.7), 5);
    expect(association(classes(5, 5, 2, 2, 9, 9), classes(1, 1, 0, 0, 7, 7))).toBe(1);
    // What random classes would show is taken off, down to nothing.
    expect(association(classes(0, 1, 0, 1), numbers(1, 2, 3, 4))).toBe(0);
  });

  test('a constant goes with nothing', () => {
    expect(association(numbers(1, 1, 1), numbers(1, 2, 3))).toBeNull();
    expect(association(classes(1, 1, 1), numbers(1, 2, 3))).toBeNull();
    expect(association(classes(1, 2, 2), classes(1, 1, 1))).toBeNull();
  });
});

describe('labels of tasks', () => {
  const rows = Array.from({ length: 40 }, (_, i) => i);
  const column = (has: (row: number) => boolean, of: (row: number) => number = (row) => row) => ({
    present: Uint8Array.from(rows, (row) => Number(has(row))),
    values: Float64Array.from(rows, of),
    nominal: false,
  });

  test('overlap is of the rarer task, and correlation of common rows alone', () => {
    const { overlap, correlation } = labelStatistics([
      column(() => true),
      // Against the order where both are labelled, with it where only this is.
      column(
        (row) => row < 20,
        (row) => (row < 20 ? -row : row),
      ),
      column((row) => row >= 15),
    ]);
    expect(overlap).toEqual([
      [1, 1, 1],
      [1, 1, 0.25],
      [1, 0.25, 1],
    ]);
    expect(correlation).toEqual([
      [1, -1, 1],
      [-1, 1, null],
      [1, null, 1],
    ]);
  });

  test('labels that are more than a number have an overlap and no correlation', () => {
    const { values: _, ...several } = column(() => true);
    expect(labelStatistics([several, column(() => true)])).toMatchObject({
      rows: 40,
      overlap: [
        [1, 1],
        [1, 1],
      ],
      correlation: [
        [1, null],
        [null, 1],
      ],
    });
  });
});
