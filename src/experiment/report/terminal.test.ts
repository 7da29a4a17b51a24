import { expect, test } from 'vitest';
import {
  fiveTasks,
  folded,
  hostile,
  manyTasks,
  noBaseline,
  nullMetrics,
  twoTasks,
  withFewer,
} from './fixtures.ts';
import { renderVerdict } from './terminal.ts';
import { displayWidth, pad, wrap } from './terminal-text.ts';

const plain = (width: number) => ({ colour: false, width });

test('five tasks, word by word', () => {
  expect(renderVerdict(fiveTasks(), plain(100))).toBe(
    `Share in part.
On average the 5 tasks do 1.2 % better together than apart (95 % interval: 0.7 to 1.7 %
better). Sharing helps liked (6.6 %) and clicked (4.3 %); it hurts watch_seconds
(6.1 %); no difference beyond 1 % for rating; not settled for left. In training, the
joint model reached the separate models' best validation scores on 4 of 5 tasks,
typically after 36 % of the steps. Against the 5 separate models together it has 21 % of
the parameters, 22 % of the file size and 25 % of the prediction time. Overfitting shows
together but not apart: watch_seconds. The intervals come from 5 training runs with
different seeds on one split of the rows; another split may differ.
Next: train watch_seconds apart and the other 4 together, and compare again.

task           metric  together   alone  change  95 % interval  verdict
clicked        auc        0.817   0.783  +4.3 %  +4.2 to +4.4   helped
liked          auc        0.739   0.693  +6.6 %  +6.0 to +7.2   helped
watch_seconds  rmse         363     342  -6.1 %  -6.7 to -5.5   hurt
rating         kappa     0.4131  0.4126  +0.1 %  -0.1 to +0.3   the same
left           auc        0.850   0.840  +1.2 %  -1.9 to +4.3   not settled

Better: every metric +1.2 % (mean over tasks), +1.2 % (mean over metrics); up on 4 of 5
tasks, down on 1.
Quicker: 36 % of the steps, on 4 of 5 tasks.
Smaller: 21 % of the parameters, 22 % of the file size, 25 % of the prediction time.

Report  /home/ada/runs/first/report.html
Model   /home/ada/runs/first/model`,
  );
});

const RUNS = { twoTasks, fiveTasks, manyTasks, noBaseline, nullMetrics, hostile, folded, withFewer };
const CASES = Object.entries(RUNS).flatMap(([name, make]) =>
  [30, 48, 80, 120].map((width) => [name, width, make] as const),
);

test.each(CASES)('%s fits into %i columns, in plain ASCII', (_, width, make) => {
  const text = renderVerdict(make(), plain(width));
  expect(text).not.toMatch(/[^\n\x20-\x7e]/);
  // Paths are there to be copied and are never broken.
  for (const line of text.split('\n').filter((own) => !own.includes('/runs/')))
    expect(line.length).toBeLessThanOrEqual(width);
});

test('colours change nothing but colours', () => {
  const coloured = renderVerdict(fiveTasks(), { colour: true, width: 80 });
  expect(coloured).toContain('\u001b[1mShare in part.\u001b[22m');
  expect(coloured).toContain('\u001b[31m-6.1 %\u001b[39m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are control characters.
  const bare = coloured.replace(/\u001b\[\d+m/g, '');
  expect(
    bare
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n'),
  ).toBe(renderVerdict(fiveTasks(), plain(80)));
});

test('a narrow terminal loses columns, the change and the names last', () => {
  const header = (width: number): string =>
    renderVerdict(fiveTasks(), plain(width))
      .split('\n')
      .find((line) => line.startsWith('task'))!;
  expect(header(60)).toMatch(/^task +metric +together +alone +change +verdict$/);
  expect(header(40)).toMatch(/^task +together +change +verdict$/);
  expect(header(22)).toMatch(/^task +change$/);
});

test('139 tasks are summed up', () => {
  const text = renderVerdict(manyTasks(), plain(100));
  expect(text.split('\n').length).toBeLessThan(40);
  expect(text).toContain('The extremes of 139 tasks; 129 more in the report.');
});

test('no baseline, no verdict', () => {
  expect(renderVerdict(noBaseline(), plain(80))).toMatch(/^No verdict\.\nEach task alone was not trained/);
});

test('text from data moves no cursor', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  expect(renderVerdict(hostile(), plain(80))).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test('wrapping and padding by columns of the terminal', () => {
  expect(wrap('ab cd 3 % efghijkl', 5)).toEqual(['ab cd', '3 %', 'efghi', 'jkl']);
  expect(wrap('', 5)).toEqual([]);
  expect(displayWidth('é日本😀')).toBe(7);
  expect(pad('日本語', 5)).toBe('日本~');
  expect(pad('日本', 6, 'right')).toBe('  日本');
  expect(pad('abc', 1)).toBe('~');
});

test('fewer rows: a line for each number of them; quicker in rows too', () => {
  const text = renderVerdict(withFewer(), plain(100));
  expect(text).toMatch(/training rows +change +95 % interval\n +977 +\+\d\.\d % +\+\d\.\d to \+\d\.\d\n/);
  expect(text).toMatch(/Quicker: \d+ % of the steps and 7 % of the rows, on 4 of 5 tasks\./);
});
