import { expect, test } from 'vitest';
import { linearAxis, logAxis, shareAxis } from './plot.ts';
import { logTicks } from './scale.ts';
import { strips } from './strips.ts';
import { inWords, timeLine } from './time-line.ts';

const text = (value: number): string => String(value);
const paths = (svg: string, kind: string): string[] =>
  [...svg.matchAll(new RegExp(`class="${kind}"[^>]*? d="([^"]*)"`, 'g'))].map(([, d]) => d!);

test('axes: values in their places, marks that are round', () => {
  const marks = (axis: ReturnType<typeof linearAxis>): string[] => axis.marks.map((mark) => mark.text);
  expect([0, 1].map(linearAxis(0, 1).y)).toEqual([152, 10]);
  expect(marks(linearAxis(-0.5, 0.5))).toEqual(['−0.5', '0.0', '0.5']);
  expect(marks(shareAxis(0.25))).toEqual(['0 %', '10 %', '20 %']);
  expect(shareAxis(0.25).y(0.25)).toBe(10);
  expect(shareAxis(0.25).marks.map(({ value }) => value)).toEqual([0, 0.1, 0.2]);
  expect([1, 10, 100].map(logAxis(1, 100).y)).toEqual([152, 81, 10]);
  expect(marks(logAxis(1, 4))).toEqual(['1', '2']);
  expect(marks(logAxis(2e-7, 3e5))).toEqual(['1e−6', '0.001', '1', '1000']);
  expect(logTicks(0.3, 1.2)).toEqual([0.5, 1]);
  expect(logTicks(1, 20)).toEqual([1, 2, 5, 10, 20]);
  expect(logTicks(0.03, 12)).toEqual([0.1, 1, 10]);
});

test('a line over time: gaps stay gaps, what stands alone is a dash', () => {
  const steps = [100, 200, 300, 400, 500, 600];
  const { text: svg } = timeLine({
    title: 'a < b',
    steps,
    values: [0, 1, null, 0.5, null, 0.25],
    reference: [0, 0, 0, 0, 0, 0],
    axis: linearAxis(0, 1),
    format: text,
  });
  expect(paths(svg, 'joint')).toEqual(['M88.67,152L133.33,10M221.17,81h3M310.5,116.5h3']);
  expect(paths(svg, 'alone')[0]).toMatch(/^M88\.67,152L.*L312,152$/);
  expect(svg).toContain('<title>a &lt; b</title>');
  expect(svg).toContain(
    '<desc>0 at step 100, 0.25 at step 600; lowest 0 at step 100, highest 1 at step 200.</desc>',
  );
  expect(svg).toContain('600 steps');
});

test('a line of nothing is empty and says so', () => {
  const { text: svg } = timeLine({
    title: 't',
    steps: [],
    values: [],
    axis: logAxis(1, 4),
    format: text,
  });
  expect(paths(svg, 'joint')).toEqual(['']);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  expect(inWords([1, 2], [null, null], text)).toBe('No values.');
});

const rowsOf = (...values: readonly (readonly (number | null)[])[]) =>
  values.map((own, r) => ({ tasks: ['a', `b${r}`], values: own, mean: -0.25, last: own.at(-1) ?? null }));

test('strips: a column a value, as strong as it is of the largest, apart and together; gaps are gaps', () => {
  const { text: page } = strips({
    title: 't',
    steps: [10, 20, 30, 40],
    rows: rowsOf([0.5, -0.25, 0.5, null], [0, 0.001, -0.001, 0.1]),
    hues: new Map([['a', 40]]),
  });
  const [first, second] = page.split('</svg>') as [string, string];
  expect(first).toContain('viewBox="0 0 4 1"');
  expect(
    [...first.matchAll(/<path class="(\w+)"(?: style="--tint:(\d+)%")? d="([^"]*)"/g)].map(
      ([, ...own]) => own,
    ),
  ).toEqual([
    ['better', '100', 'M0 0h1v1h-1zM2 0h1v1h-1z'],
    ['worse', '50', 'M1 0h1v1h-1z'],
    ['gap', undefined, 'M3 0h1v1h-1z'],
  ]);
  expect([...second.matchAll(/--tint:(\d+)%/g)].map(([, tint]) => tint)).toEqual(['0', '20']);
  expect(first).toContain(
    '<title>a, b0: 0.50 at step 10, 0.50 at step 30; lowest −0.25 at step 20, highest 0.50 at step 30.</title>',
  );
  expect([...page.matchAll(/<td class="number">([^<]*)</g)].map(([, own]) => own)).toEqual([
    '−0.25',
    '–',
    '−0.25',
    '0.10',
  ]);
  expect(page).toContain('apart −0.50 <span aria-hidden="true"></span> 0.50 together');
  expect(page.match(/--h:40/g)).toHaveLength(2);
});

test('strips of nothing but gaps draw no numbers that are none', () => {
  const { text: page } = strips({ title: 't', steps: [1], rows: rowsOf([null]), hues: new Map() });
  expect(page).not.toMatch(/NaN|Infinity|undefined/);
});
