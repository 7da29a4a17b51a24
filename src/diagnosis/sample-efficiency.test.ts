import { expect, test } from 'vitest';
import { efficiencyWords, type SizeScores, sampleEfficiency } from './sample-efficiency.ts';

const TASKS = [
  { name: 'a', higherIsBetter: true },
  { name: 'b', higherIsBetter: false },
];

/** Seeds of which both tasks gain so many per cent. */
const size = (rows: number, gains: readonly number[]): SizeScores => ({
  rows,
  multi: { test: gains.map((gain) => [1 + gain / 100, 1 - gain / 100]) },
  independent: { test: gains.map(() => [1, 1]) },
});

test.each<[string, SizeScores[], number, string]>([
  [
    'most with few rows',
    [size(100, [8, 9, 10]), size(500, [4, 4, 4]), size(1200, [1, 1.5, 2])],
    7.5,
    'Sharing brings most with few rows: with 100 training rows the tasks do 9.0 % better together than apart, with 1,200 1.5 % better.',
  ],
  [
    'less harm with more rows',
    [size(100, [-8, -9, -10]), size(1200, [-1, -1, -1])],
    -8,
    'Sharing brings more the more rows there are: with 100 training rows the tasks do 9.0 % worse together than apart, with 1,200 1.0 % worse.',
  ],
  [
    'not settled',
    [size(100, [-5, 0, 11]), size(1200, [1, 1, 1])],
    1,
    'Whether sharing brings more with few rows is not settled: with 100 training rows the tasks do 2.0 % better together than apart, with 1,200 1.0 % better.',
  ],
  [
    'one seed',
    [size(100, [5]), size(1200, [1])],
    4,
    'Rows and gain: with 100 training rows the tasks do 5.0 % better together than apart, with 1,200 1.0 % better; one seed does not tell that from chance.',
  ],
])('%s', (_, sizes, difference, words) => {
  const found = sampleEfficiency(TASKS, sizes)!;
  expect(found.difference.mean).toBeCloseTo(difference, 9);
  expect(efficiencyWords(found)).toBe(words);
});

test('seeds are paired: what all seeds share is no doubt', () => {
  const found = sampleEfficiency(TASKS, [size(10, [5, 50, -40]), size(20, [4, 49, -41])])!;
  expect(found.difference.low).toBeCloseTo(1, 9);
});

test('one size, or no score, is no curve', () => {
  expect(sampleEfficiency(TASKS, [size(100, [1, 2])])).toBeNull();
  const none: SizeScores = { ...size(10, [1]), multi: { test: [[null, null]] } };
  expect(sampleEfficiency(TASKS, [none, size(20, [1])])).toBeNull();
});
