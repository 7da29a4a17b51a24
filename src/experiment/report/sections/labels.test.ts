import { expect, test } from 'vitest';
import type { RunResult } from '../../result.ts';
import { fiveTasks, manyTasks } from '../fixtures.ts';
import { parsePage } from '../parse-page.test-support.ts';
import { labelDetails } from './labels.ts';

/** The five tasks with what a fitted problem tells of their labels. */
function labelled(): RunResult {
  const result = fiveTasks();
  const own: readonly object[] = [
    { classes: ['no', 'yes'], rates: [0.968, 0.032] },
    { classes: ['0', '1'], rates: [0.5, 0.5] },
    {},
    { classes: ['bad', '<fair>', 'good'], rates: [0.25, 0.15, 0.6] },
    { labels: ['rock', 'pop'], rates: [0.2, 0.9] },
  ];
  return {
    ...result,
    tasks: result.tasks.map((facts, t) => ({
      ...facts,
      task: { ...facts.task, ...own[t] },
      labelled: { train: t === 1 ? 8140 : 32_561, validation: 100, test: 200 },
    })),
  };
}

const rowsOf = (text: string): string[] => text.split('<tr').slice(2, 7);

test('labels that are missing, and how the others divide', () => {
  const { text } = labelDetails(labelled());
  parsePage(text);
  const rows = rowsOf(text);
  const missing = rows.map(
    (row) => /<td class="number">[\d\u202f]+<\/td><td class="number">([^<]*)</.exec(row)![1],
  );
  expect(missing).toEqual(['0 %', '75 %', '0 %', '0 %', '0 %']);
  expect(rows[0]).toMatch(/<title>no: 97 %, yes: 3.2 %<\/title>.*yes: 3.2 %<\/td>/);
  expect(rows[1]).toContain('1: 50 %</td>');
  expect(rows[2]).toContain('<td class="soft">numbers</td>');
  expect(rows[3]).toMatch(/<\/svg> good: 60 % … &lt;fair&gt;: 15 % <span class="soft">of 3<\/span>/);
  // Labels that do not exclude each other share the bar.
  expect(rows[4]!.match(/width="(\d+\.\d)" height/g)).toEqual(['width="13.1" height', 'width="58.9" height']);
});

test('where a row belongs to one task, none misses the labels of the others', () => {
  expect(labelDetails(manyTasks(3)).text).not.toMatch(/Missing|How labels of tasks meet/);
});

test('overlap and correlation of labels, without those of a task with itself', () => {
  const square = (own: number, other: number | null): (number | null)[][] =>
    [0, 1, 2, 3, 4].map((t) => [0, 1, 2, 3, 4].map((u) => (t === u ? own : other)));
  const meet = (share: number, rho: number | null): string =>
    labelDetails({
      ...labelled(),
      labels: { rows: 900, overlap: square(1, share) as number[][], correlation: square(1, rho) },
    }).text;
  const text = meet(0.25, -0.5);
  expect(text.match(/>25<\/td>/g)).toHaveLength(20);
  expect(text.match(/cell worse"[^>]*>−0.50<\/td>/g)).toHaveLength(20);
  expect(text).toContain('on 900 training rows');
  expect(meet(1, null)).toContain('All tasks label the same rows.');
  expect(meet(1, null)).not.toMatch(/<h3>Overlap|class="number cell/);
});

test('of many tasks these are pictures', () => {
  const result = manyTasks(30);
  const { by: _, ...data } = result.data;
  const table = result.tasks.map((_own, t) => result.tasks.map((_other, u) => (t === u ? 1 : 0.5)));
  const { text } = labelDetails({ ...result, data, labels: { rows: 9, overlap: table, correlation: table } });
  expect(text.match(/class="matrix-picture"/g)).toHaveLength(2);
});
