import { expect, test } from 'vitest';
import type { RunResult } from '../result.ts';
import { fiveTasks, manyWeighed, weighed, weighedForLong } from './fixtures.ts';
import { renderReport } from './page.ts';

type Point = RunResult['multi']['curve'][number];

const sectionOf = (result: RunResult): string =>
  /<section class="objective">.*?<\/section>/s.exec(renderReport(result))?.[0] ?? '';
const withCurve = (result: RunResult, change: (point: Point) => Point): RunResult => ({
  ...result,
  multi: { ...result.multi, curve: result.multi.curve.map(change) },
});

test('weights and norms of each task, what all pairs have in common, each pair over time, and the last matrix', () => {
  const text = sectionOf(weighed());
  expect(text).toContain('uncertainty+cagrad');
  expect(text.match(/: weight over training steps/g)).toHaveLength(5);
  expect(text.match(/: norm of the gradient over training steps/g)).toHaveLength(5);
  expect(text).toMatch(
    /At the end <b class="name">left<\/b> has the longest, [\d.]+, and <b class="name">clicked</,
  );
  expect(text).toContain('apart in 50 % of the pairs at the start and 5 % at the end');
  expect(text).toContain('<b>Conflicts</b> <span class="soft">from 50 % to 5 %</span>');
  expect(text).toContain('<b>Condition number</b> <span class="soft">from 3 to 43</span>');
  expect(text).toContain('<b>Similarity of lengths</b> <span class="soft">from 0.3 to 0.6</span>');
  expect(text.match(/<svg class="strip"/g)).toHaveLength(10);
  expect(text).toContain('The lowest mean stands first.');
  expect(text.match(/cell (better|worse)/g)).toHaveLength(25);
});

test('300 evaluations are 60 columns; of many pairs those who conflict most are shown, and it is said', () => {
  const result = weighedForLong();
  const text = sectionOf(result);
  expect(text.match(/<svg class="strip" role="img" viewBox="0 0 60 1"/g)).toHaveLength(21);
  expect(text).toContain('The 21 of 28 pairs with the lowest mean.');
  const means = [...text.matchAll(/<\/svg><\/td><td class="number">([^<]*)</g)].map(([, own]) =>
    Number(own!.replace('−', '-')),
  );
  expect(means).toHaveLength(21);
  expect(means).toEqual(means.toSorted((a, b) => a - b));
  expect(text.length).toBeLessThan(175_000);
});

test('many tasks: the first are drawn, all are compared, and no pairs are told', () => {
  const text = sectionOf(manyWeighed());
  expect(text).toContain('Drawn are the first 6 tasks.');
  expect(text.match(/: norm of the gradient over training steps/g)).toHaveLength(6);
  expect(text).toContain('<b>Condition number</b>');
  expect(text).not.toMatch(/class="strip|scroll heat/);
});

test('what was not recorded is not drawn', () => {
  const weights = sectionOf(withCurve(weighed(), ({ gradients: _, ...point }) => point));
  expect(weights.match(/: weight over training steps/g)).toHaveLength(5);
  expect(weights).not.toMatch(/gradient/);
  const gradients = sectionOf(withCurve(weighed(), ({ weights: _, ...point }) => point));
  expect(gradients).not.toMatch(/weight over|Mean weight/);
  expect(gradients.match(/<svg class="strip"/g)).toHaveLength(10);
  expect(sectionOf(fiveTasks())).toBe('');
});

test('one evaluation has no course, but a matrix', () => {
  const result = weighed();
  const text = sectionOf({ ...result, multi: { ...result.multi, curve: result.multi.curve.slice(-1) } });
  expect(text).not.toContain('<svg');
  expect(text).toContain('apart in 5 % of the pairs at the start and 5 % at the end');
  expect(text.match(/cell (better|worse)/g)).toHaveLength(25);
});

test('a condition that is infinite, and gradients that vanish, are words and no numbers', () => {
  const nothing = { norms: [0, 0, 0, 0, 0], cosines: [], conflicts: 0, similarity: null, condition: null };
  const text = sectionOf(withCurve(weighed(), (point) => ({ ...point, gradients: nothing })));
  expect(text).toContain('<b>Condition number</b> <span class="soft">from infinite to infinite</span>');
  expect(text).toContain('<b>Similarity of lengths</b> <span class="soft">from none to none</span>');
  expect(text).not.toMatch(/How long|NaN|Infinity|undefined|null/);
});
