import { expect, test } from 'vitest';
import { distribution } from './distribution.ts';
import { forest } from './forest.ts';
import { intervalBar } from './interval-bar.ts';
import { learningCurve } from './learning-curve.ts';
import { ratioBar } from './ratio-bar.ts';
import { deltaReach, niceAbove, ticks } from './scale.ts';

const delta = (mean: number, half: number) => ({ mean, low: mean - half, high: mean + half });

test('scales are round, and a few wild intervals do not squeeze the rest', () => {
  expect([0.3, 1, 1.1, 2.2, 6, 70].map(niceAbove)).toEqual([0.5, 1, 2, 2.5, 10, 100]);
  expect(ticks(-5, 5, 4)).toEqual([-5, -2.5, 0, 2.5, 5]);
  expect(ticks(0.78, 0.83, 3).map((tick) => tick.toFixed(2))).toEqual(['0.78', '0.80', '0.82']);
  expect(ticks(1, 1, 3)).toEqual([1]);
  expect(deltaReach([delta(2, 1), delta(-3, 1)])).toBe(5);
  expect(deltaReach([delta(2, 1), delta(-3, 1), delta(1, 1), delta(900, 100)])).toBe(25);
  expect(deltaReach([null])).toBe(1);
});

test('an interval bar: whisker and dot in their places', () => {
  const { text } = intervalBar(delta(5, 5), 10, 'a');
  expect(text).toContain('<title>a: +5.0 %, 95 % interval 0.0 to +10 %</title>');
  expect(text).toContain('<line class="whisker" x1="60" x2="114"');
  expect(text).toContain('<circle class="dot" cx="87"');
  expect(text).not.toContain('tip');
  expect(intervalBar(delta(5, 20), 10, 'a').text.match(/class="tip"/g)).toHaveLength(2);
  expect(intervalBar({ mean: 5, low: null, high: null }, 10, 'a').text).not.toContain('whisker');
});

test('a forest has a row each, the mean without a hue, and arrows beyond the edge', () => {
  const { text } = forest([
    { label: 'a', delta: delta(3, 1), effect: 'helped', hue: 20 },
    { label: 'b', delta: delta(-0.5, 500), effect: 'undecided', hue: 40 },
    { label: 'c', delta: null, effect: 'undecided', hue: 60 },
    { label: 'Mean', delta: delta(-1, 0.5), effect: 'hurt' },
  ]);
  expect([...text.matchAll(/<g class="([^"]*)"/g)].map(([, effect]) => effect)).toEqual([
    'helped',
    'undecided',
    'undecided',
    'mean hurt',
  ]);
  expect(text.match(/class="swatch"/g)).toHaveLength(3);
  expect(text.match(/class="tip"/g)).toHaveLength(2);
  expect(text).toContain('not defined');
  for (const [, place] of text.matchAll(/[xc][12x]?="(-?[\d.]+)%"/g)) {
    expect(Number(place)).toBeGreaterThanOrEqual(0);
    expect(Number(place)).toBeLessThanOrEqual(100);
  }
});

test('bars of a forest begin at 0, which is in the middle, and are as long as the change', () => {
  const { text } = forest([
    { label: 'a', delta: delta(10, 0), effect: 'helped', hue: 20 },
    { label: 'b', delta: delta(-5, 0), effect: 'hurt', hue: 40 },
  ]);
  const bars = [...text.matchAll(/class="amount" x="([\d.]+)%" y="[\d.]+" width="([\d.]+)%"/g)];
  expect(bars.map(([, x, width]) => [Number(x), Number(width)])).toEqual([
    [50, 46],
    [27, 23],
  ]);
});

test('a distribution runs from worst to best', () => {
  const items = [3, -2, 1].map((mean) => ({ label: `m${mean}`, delta: delta(mean, 1), effect: 'helped' }));
  const labels = [...distribution(items).text.matchAll(/<title>(m-?\d)/g)].map(([, label]) => label);
  expect(labels).toEqual(['m-2', 'm1', 'm3']);
});

const curve = (metrics: readonly number[]) => ({
  mean: metrics.map((metric, i) => ({ step: 10 * (i + 1), seconds: i, metric, loss: 1 })),
  low: metrics.map((metric) => metric - 0.01),
  high: metrics.map((metric) => metric + 0.01),
});

test('a learning curve: joint, alone and band, on an axis that leaves out a bad start', () => {
  const rising = curve([-40, 0.5, 0.7, 0.75, 0.78, 0.79, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8]);
  const { text } = learningCurve({
    id: 'c',
    title: 't',
    multi: rising,
    independent: rising,
    higherIsBetter: true,
  });
  expect(text.match(/<path/g)).toHaveLength(2);
  expect(text).toContain('class="band"');
  expect(text).toContain('120 steps');
  expect(text).toMatch(/>0\.80?<\/text>/);
  expect(text).not.toContain('NaN');
});

test('what has no bad end is shown whole, with its range', () => {
  const values = { ...curve([5, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]), high: [9, ...new Array<number>(10).fill(1)] };
  const heights = (higherIsBetter: boolean | null): number[] => {
    const { text } = learningCurve({
      id: 'c',
      title: 't',
      multi: values,
      independent: undefined,
      higherIsBetter,
    });
    const shapes = [...text.matchAll(/(?:class="joint" d|points)="([^"]*)"/g)];
    return [...shapes.join(' ').matchAll(/,([-\d.]+)/g)].map(([, y]) => Number(y));
  };
  for (const y of heights(null)) {
    expect(y).toBeGreaterThan(10);
    expect(y).toBeLessThan(152);
  }
  expect(Math.max(...heights(true))).toBeGreaterThan(152);
  expect(Math.min(...heights(false))).toBeLessThan(10);
});

test.each([[[]], [[0.5]], [[0, 0, 0]], [[5, 5]]])('a learning curve of %j draws no NaN', (metrics) => {
  const { text } = learningCurve({
    id: 'c',
    title: 't',
    multi: curve(metrics),
    independent: undefined,
    higherIsBetter: false,
  });
  expect(text).not.toMatch(/NaN|Infinity/);
});

test('a ratio bar is to scale, whichever is longer', () => {
  expect(ratioBar(0.25, 'x').text).toMatch(
    /joint" x="0" y="0" width="25%".*alone" x="0" y="10" width="100%"/,
  );
  expect(ratioBar(2, 'x').text).toMatch(/joint" x="0" y="0" width="100%".*alone" x="0" y="10" width="50%"/);
});
