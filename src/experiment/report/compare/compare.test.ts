import { expect, test } from 'vitest';
import { fiveTasks, hostile, manyTasks, nullMetrics, twoTasks } from '../fixtures.ts';
import { parsePage } from '../parse-page.test-support.ts';
import { displayWidth } from '../terminal-text.ts';
import { comparisonOf } from './fixtures.ts';
import { renderComparison } from './page.ts';
import { renderRuns } from './terminal.ts';

const MAKES = { twoTasks, fiveTasks, manyTasks, nullMetrics, hostile };
const CASES = Object.entries(MAKES);

test.each(CASES)('%s: a page that is complete in itself, with a column a run', (_, make) => {
  const comparison = comparisonOf(make);
  const text = renderComparison(comparison);
  const { tags, attributes } = parsePage(text);
  for (const tag of ['script', 'img', 'link', 'iframe', 'object']) expect(tags).not.toContain(tag);
  for (const name of attributes) expect(name).not.toMatch(/^(on.*|src|srcset|href|xlink:href|action)$/);
  expect(text).not.toMatch(/https?:|NaN|Infinity|\[object|>undefined|>null|="undefined|="null/);
  expect(text.match(/<th scope="col" class="number">/g)).toHaveLength(3);
  expect(text).toContain('model.sharing');
  expect(text).toContain('64, 32');
});

const WIDTHS = [40, 80, 100];
test.each(CASES.flatMap(([name, make]) => WIDTHS.map((width) => [name, width, make] as const)))(
  '%s fits into %i columns, no run left out',
  (_, width, make) => {
    const comparison = comparisonOf(make, 5);
    const text = renderRuns(comparison, { colour: false, width });
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    for (const { name } of comparison.runs) expect(text).toContain(name);
    expect(text).toMatch(/^[\u0020-\u007e\n]*$/);
  },
);

test('two tasks, word by word', () => {
  expect(renderRuns(comparisonOf(twoTasks, 1), { colour: false, width: 80 })).toMatchInlineSnapshot(`
    "run 1 does best.
    Against alone, on average over 2 tasks: better: run 1 (+2.7 %). Intervals are
    over seeds that a run and the baseline share.

                                     alone             run 1
    model.sharing              independent     shared-bottom
    model.hidden                    64, 32                32
    income, auc           0.904 +- 0.00625  0.924 +- 0.00642
    hours, rmse            11.43 +- 0.0425   11.05 +- 0.0500
    mean change                          -            +2.7 %
    95 % interval                        -      +2.0 to +3.5
    verdict                       baseline            better
    tasks better / worse                 -             2 / 0
    mean rank                         2.00              1.00
    parameters                      59 600            31 240
    training                          31 s              18 s"
  `);
});
