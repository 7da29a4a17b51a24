import { expect, test } from 'vitest';
import { fiveTasks, nullMetrics } from '../fixtures.ts';
import { renderReport } from '../page.ts';
import { type CurveView, curveView } from '../view.ts';
import { sparkline } from './sparkline.ts';

const curve = (...points: readonly [step: number, metric: number][]): CurveView => ({
  mean: points.map(([step, metric]) => ({ step, metric })),
  low: points.map(([, metric]) => metric),
  high: points.map(([, metric]) => metric),
});
const title = 'income: auc';

test('both ways over the same steps and the same scale; what falls out of it runs along the edge', () => {
  const multi = curve([10, 0.2], [20, 0.6], [30, 0.7], [40, 0.8]);
  const { text } = sparkline({
    title,
    multi,
    independent: curve([10, 0.1], [20, 0.6]),
    higherIsBetter: true,
  });
  expect(text).toContain('<title>income: auc from 0.200 to 0.800</title>');
  const paths = [...text.matchAll(/class="(\w+)" d="([^"]*)"/g)].map(([, name, d]) => [
    name,
    d!
      .slice(1)
      .split('L')
      .map((point) => point.split(' ').map(Number)),
  ]) as [string, number[][]][];
  expect(paths.map(([name]) => name)).toEqual(['alone', 'joint']);
  const [[, alone], [, joint]] = paths as [[string, number[][]], [string, number[][]]];
  expect(joint.map(([x]) => x)).toEqual([16, 32, 48, 64]);
  expect(alone.map(([x]) => x)).toEqual([16, 32]);
  // The worst tenth of all points is left out: the first of those alone.
  expect(alone[0]![1]).toBe(22);
  expect(alone[1]).toEqual(joint[1]);
  expect(joint.map(([, y]) => y)).toEqual(joint.map(([, y]) => y!).toSorted((a, b) => b - a));
});

test('of one point there is nothing to draw', () => {
  expect(sparkline({ title, multi: curve([10, 1]), independent: undefined, higherIsBetter: true }).text).toBe(
    '',
  );
});

test('it stands in the row of its task, a few points a line; a task without a metric has none', () => {
  const rows = renderReport(fiveTasks()).split('<td class="spark"').slice(1);
  expect(rows).toHaveLength(5);
  for (const row of rows)
    expect(row).toMatch(/^ data-value=""><svg class="spark".*?class="alone".*?class="joint"/);
  const { multi } = fiveTasks();
  const long = Array.from({ length: 500 }, (_, i) => ({ ...multi.curve[0]!, step: i }));
  expect(curveView(long, 0, 20).mean).toHaveLength(21);
  expect(renderReport(nullMetrics()).split('<td class="spark"')[2]).toMatch(/^ data-value=""><\/td>/);
});
