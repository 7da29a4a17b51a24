import { expect, test } from 'vitest';
import { carried, overSteps, tabbed } from './carried.ts';
import { forest } from './forest.ts';
import { learningCurve } from './learning-curve.ts';
import { strips } from './strips.ts';

test('a table is a header and a line a row: six digits, gaps empty, no cell in two', () => {
  const rows = [
    ['a\tb\n c', 1 / 3, -1e-9 / 3, 12_345_678],
    [null, undefined, Number.NaN, Number.NEGATIVE_INFINITY],
  ];
  expect(tabbed(['name', 'x', 'y', 'z'], rows)).toBe(
    'name\tx\ty\tz\na b c\t0.333333\t-3.33333e-10\t12345678\n\t\t\t',
  );
  expect(carried(['<a>'], [['&']]).text).toBe('<metadata>&lt;a&gt;\n&amp;</metadata>');
});

test('values over steps stand side by side, those of other steps in rows of their own', () => {
  const [columns, rows] = overSteps([
    ['a', new Map([[20, 2]])],
    [
      'b',
      new Map([
        [5, null],
        [20, 3],
      ]),
    ],
  ]);
  expect(columns).toEqual(['step', 'a', 'b']);
  expect(rows).toEqual([
    [5, undefined, null],
    [20, 2, 3],
  ]);
});

/** The tables that a drawing carries. */
const tables = (text: string): string[] =>
  [...text.matchAll(/<metadata>([^<]*)<\/metadata>/g)].map(([, own]) => own!);

test('a learning curve carries its means, and ranges where seeds differ', () => {
  const mean = [10, 20].map((step) => ({ step, metric: step / 30 }));
  const even = { mean, low: [10 / 30, 20 / 30], high: [10 / 30, 20 / 30] };
  const input = { id: 'c', title: 't', higherIsBetter: true };
  expect(tables(learningCurve({ ...input, multi: even, independent: undefined }).text)).toEqual([
    'step\tmean\n10\t0.333333\n20\t0.666667',
  ]);
  const apart = { ...even, low: [0.25, 0.5] };
  expect(tables(learningCurve({ ...input, multi: even, independent: apart }).text)).toEqual([
    'step\ttogether\talone\talone, lowest\talone, highest\n10\t0.333333\t0.333333\t0.25\t0.333333\n20\t0.666667\t0.666667\t0.5\t0.666667',
  ]);
});

test('a forest carries its intervals, each strip its values', () => {
  const rows = [
    { label: 'a', delta: { mean: 1.23456789, low: null, high: null }, effect: 'helped' as const },
    { label: 'b', delta: null, effect: 'undecided' as const },
  ];
  expect(tables(forest(rows).text)).toEqual([
    'name\tchange, %\t95 % from\t95 % to\teffect\na\t1.23457\t\t\thelped\nb\t\t\t\tundecided',
  ]);
  const strip = { tasks: ['a', 'b'], values: [0.5, null], mean: 0.5, last: null };
  expect(tables(strips({ title: 't', steps: [1, 2], rows: [strip], hues: new Map() }).text)).toEqual([
    'step\ta, b\n1\t0.5\n2\t',
  ]);
});
