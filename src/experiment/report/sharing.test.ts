import { expect, test } from 'vitest';
import { heatmap } from './charts/heatmap.ts';
import { ownershipBar } from './charts/ownership-bar.ts';
import { useOverTime } from './charts/use-over-time.ts';
import { renderDrawing } from './drawing.ts';
import { manyInMixture, mixture, ownExperts, stitched, twoTasks } from './fixtures.ts';
import { renderReport } from './page.ts';
import { percentOf } from './sections/ownership.ts';
import { renderVerdict } from './terminal.ts';
import { watchedViews } from './watched.ts';

const sectionOf = (text: string): string => /<section class="sharing">.*?<\/section>/s.exec(text)![0];

test('a heatmap has its numbers in its cells, as strong as they are', () => {
  const input = { title: 't', rows: ['a', 'b'], columns: ['x', 'y'], hues: new Map([['a', 40]]) };
  const shares = heatmap({
    ...input,
    table: [
      [1, 0],
      [0.952, 0.048],
    ],
    scale: 'share',
    marked: { columns: new Set([1]), why: 'hardly used' },
  }).text;
  expect([...shares.matchAll(/part" style="--tint:(\d+)%"[^>]*>([^<]*)</g)].map(([, ...own]) => own)).toEqual(
    [
      ['45', '100'],
      ['0', '0'],
      ['43', '95'],
      ['2', '4.8'],
    ],
  );
  expect(shares.match(/class="unused"/g)).toHaveLength(1);
  expect(shares.match(/--h:40/g)).toHaveLength(1);
  const signed = heatmap({
    ...input,
    table: [
      [0.00041, -0.000205],
      [0, Number.NaN],
    ],
    scale: 'signed',
  }).text;
  expect(
    [...signed.matchAll(/cell (\w+)" style="--tint:(\d+)%" data-value="([^"]*)">([^<]*)</g)].map(
      ([, ...own]) => own,
    ),
  ).toEqual([
    ['better', '45', '0.00041', '4.10'],
    ['worse', '23', '-0.000205', '−2.05'],
    ['better', '0', '0', '0'],
  ]);
  expect(signed).toContain('<th scope="col" data-value="Row">in 1e−4</th>');
  expect(heatmap({ ...input, table: [[0, 0]], scale: 'signed' }).text).not.toMatch(/NaN|Infinity/);
});

test('a table that is too large says what it leaves out', () => {
  const names = Array.from({ length: 139 }, (_, t) => `t${t}`);
  const { text } = heatmap({
    title: 't',
    rows: names,
    columns: names,
    table: names.map(() => names.map(() => 1)),
    scale: 'signed',
    hues: new Map(),
  });
  expect(text.match(/<td/g)).toHaveLength(32 * 32);
  expect(text).toContain('And 107 rows, 107 columns more in result.json.');
});

test('use over time fills the height at every step', () => {
  const { text } = useOverTime({
    title: 't',
    columns: ['e1', 'e2'],
    steps: [10, 20],
    use: [
      [0.5, 0.5],
      [0.99, 0.01],
    ],
  });
  const [first, second] = [...text.matchAll(/points="([^"]*)"/g)].map(([, points]) => points);
  expect(first).toBe('0,4 212,4 212,89.14 0,47');
  expect(second).toBe('0,47 212,89.14 212,90 0,90');
  // The thin layer has no room for its name.
  expect(text).toContain('>e1</text>');
  expect(text).not.toContain('>e2</text>');
  expect(text).toContain('step 10');
  expect(useOverTime({ title: 't', columns: ['a'], steps: [], use: [] }).text).not.toMatch(/NaN|undefined/);
});

test('an ownership bar is to scale', () => {
  const { text } = ownershipBar(
    [
      { label: 's', count: 3, owner: 'shared' },
      { label: 'a', count: 1, owner: 'task', hue: 40 },
    ],
    't',
  );
  expect(text).toContain('class="shared" x="0%" y="0" width="75%"');
  expect(text).toContain('class="task" style="--h:40" x="75%" y="0" width="25%"');
  expect([percentOf(1, 8), percentOf(1, 3), percentOf(1, 100_000), percentOf(0, 2)]).toEqual([
    '13\u00a0%',
    '33\u00a0%',
    'under 0.1\u00a0%',
    '0.0\u00a0%',
  ]);
});

test('use is that of one seed, matrices are means over seeds, histories are thinned', () => {
  const { multi } = ownExperts();
  const [use] = watchedViews(multi);
  expect(use!.kept).toEqual(multi.watched![0]!.values[0]);
  const { multi: joint } = stitched();
  const [matrix] = watchedViews(joint);
  const cells = joint.watched![0]!.values.map((table) => table[1]![2]!);
  expect(matrix!.kept[1]![2]).toBeCloseTo(cells.reduce((a, b) => a + b, 0) / cells.length, 12);
  expect(matrix!.unused.size).toBe(0);
  const long = Array.from({ length: 500 }, (_, i) => ({ ...multi.curve[0]!, step: i + 1 }));
  const { history } = watchedViews({ ...multi, curve: long })[0]!;
  expect(history.length).toBeLessThanOrEqual(61);
  expect(history.at(-1)!.step).toBe(500);
});

test('the section draws, counts and shows what was watched', () => {
  const text = sectionOf(renderReport(mixture()));
  expect(text).toContain('Mixture of experts. Experts that all tasks use');
  expect(text).toContain('experts 4, hidden 64+32, dropout 0');
  expect(text).toContain('class="architecture"');
  expect(text).toContain('<span class="key gate">steers</span>');
  expect(text).toContain('<span class="name">4 experts</span> <b>24\u202f448</b> 97\u00a0%');
  expect(text).toContain('Use of experts: <span class="name">gate</span>');
  expect(text.match(/class="layers"/g)).toHaveLength(2);
  expect(sectionOf(renderReport(stitched())).match(/cell (better|worse)/g)).toHaveLength(18);
});

test('many tasks: those that are drawn, every row of the table, one picture over time at most', () => {
  const text = sectionOf(renderReport(manyInMixture()));
  expect(text).toContain('… 131 more');
  expect(text.match(/<th scope="row">/g)).toHaveLength(139);
  expect(text).toContain('<span class="name">139 tasks</span>');
  expect(text).not.toContain('class="layers"');
});

test('what was not watched is not shown', () => {
  const text = sectionOf(renderReport(twoTasks()));
  expect(text).toContain('Who owns the parameters');
  expect(text).not.toMatch(/class="architecture"|class="scroll heat"|class="layers"/);
});

test('experts that nobody uses are pointed out in the report and in the terminal', () => {
  const result = mixture();
  expect(result.warnings!.map(({ code }) => code)).toEqual(['expert-unused']);
  const text = renderReport(result);
  expect(text).toContain('Hardly used by any task:</strong> expert 3, expert 4.');
  expect(text).toContain('<code>expert-unused</code>');
  const words = renderVerdict(result, { colour: false, width: 80 });
  expect(words.replaceAll('\n', ' ')).toContain('Warning: Of the 4 experts of "gate" the tasks hardly use');
  expect(words).not.toMatch(/[^\n\x20-\x7e]/);
  for (const line of words.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('a drawing stands alone: its colours inside, nothing loaded, no script', () => {
  const svg = renderDrawing(mixture().multi.architecture!, ['income', 'hours']);
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(svg).toMatch(/<title>.*<\/title><desc>.*<\/desc><style>/s);
  expect(svg).toContain('prefers-color-scheme: dark');
  expect(svg).toContain('style="--h:255"');
  expect(svg.replace(/xmlns="[^"]*"/, '')).not.toMatch(/<script|href|https?:|url\(/);
});
