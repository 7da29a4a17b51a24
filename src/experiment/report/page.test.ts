import { expect, test } from 'vitest';
import {
  fakeRun,
  fiveTasks,
  folded,
  hostile,
  looked,
  manyInMixture,
  manyTasks,
  manyWeighed,
  manyWithFewer,
  mixture,
  noBaseline,
  nullMetrics,
  ownExperts,
  stitched,
  twoTasks,
  weighed,
  weighedForLong,
  withFewer,
} from './fixtures.ts';
import { renderReport } from './page.ts';
import { parsePage as parse } from './parse-page.test-support.ts';

const RUNS = {
  twoTasks,
  fiveTasks,
  manyTasks,
  noBaseline,
  nullMetrics,
  hostile,
  mixture,
  ownExperts,
  stitched,
  manyInMixture,
  weighed,
  weighedForLong,
  manyWeighed,
  looked,
  folded,
  withFewer,
  manyWithFewer,
};
const PAGES = Object.entries(RUNS).map(([name, make]) => [name, renderReport(make())] as const);
const page = (name: keyof typeof RUNS): string => PAGES.find(([own]) => own === name)![1];

test('the parser of this test sees what is wrong', () => {
  expect(() => parse('<p><b></p></b>')).toThrow('closes');
  expect(() => parse('<p>')).toThrow('not closed');
  expect(() => parse('<p class=x></p>')).toThrow('malformed');
  expect(() => parse('<p id="a" id="b"></p>')).toThrow('twice');
});

test.each(PAGES)('%s: well-formed, complete in itself, without numbers that are none', (_, text) => {
  const { tags, attributes } = parse(text);
  for (const tag of ['script', 'img', 'link', 'iframe', 'object']) expect(tags).not.toContain(tag);
  for (const name of attributes) expect(name).not.toMatch(/^(on.*|src|srcset|href|xlink:href|action)$/);
  expect(text).not.toMatch(/https?:|@import|url\((?!#)/);
  expect(text).toContain("default-src 'none'");
  // Texts and attributes; a word of data such as "undefined" would be in quotes.
  expect(text).not.toMatch(/NaN|Infinity|\[object|>undefined|>null|="undefined|="null/);
});

test.each(PAGES)('%s: ids are unique, drawings are named, headers have a scope', (_, text) => {
  const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [svg] of text.matchAll(/<svg class[^>]*>(?:<title>)?/g)) {
    expect(svg).toContain('role="img"');
    expect(svg).toContain('<title>');
  }
  for (const [th] of text.matchAll(/<th[\s>][^>]*>?/g)) expect(th).toContain('scope="');
  expect(text.match(/<h1>/g)).toHaveLength(1);
});

/** Drawings whose number stands beside them, and curves that are drawn large below. */
const BESIDE = /^class="(bar|ratio|score-strip|spark)"/;

test.each(PAGES)('%s: every other drawing carries a table', (_, text) => {
  const drawings = text.split('<svg ').filter((own) => /^[^>]*role="img"/.test(own));
  for (const drawing of drawings.filter((own) => !BESIDE.test(own))) {
    const [, table] = /<metadata>([^<]*)<\/metadata>/.exec(drawing) ?? [];
    const lines = table!.split('\n').map((line) => line.split('\t').length);
    expect(new Set(lines).size, drawing.slice(0, 200)).toBe(1);
  }
});

test('the answer comes first, then why', () => {
  const text = page('fiveTasks');
  expect(text).toContain('<h1>Should these 5 tasks be one model?</h1><p class="answer">Share in part.</p>');
  expect(text).toContain('<strong>Next</strong> train watch_seconds apart and the other 4 together');
  const order = [
    'class="answer"',
    'Task by task',
    'What sharing changed',
    'Better, quicker',
    'While learning',
    '<h2>Sharing',
    'things to look at',
    '<h2>Data',
    '<h2>Use it',
    '<h2>In full',
  ];
  const places = order.map((mark) => text.indexOf(mark));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test('a task has one hue wherever it appears', () => {
  const text = page('fiveTasks');
  for (const name of ['clicked', 'watch_seconds']) {
    const places = [...text.matchAll(new RegExp(`--h:(\\d+)"(?:(?!--h:).){0,220}?>${name}<`, 'g'))];
    expect(places.length).toBeGreaterThan(3);
    expect(new Set(places.map(([, hue]) => hue)).size).toBe(1);
  }
});

test('a change stands in its cell with its sign, and the way it went', () => {
  const text = page('fiveTasks');
  expect(text).toMatch(/<td class="number delta worse" style="--tint:\d+%">−6\.1<\/td>/);
  expect(text).toMatch(/<td class="number delta better" style="--tint:\d+%">\+4\.3<\/td>/);
  expect(text).toContain('<td class="effect hurt"><span aria-hidden="true">▼</span> hurt</td>');
});

test('139 tasks: the distribution and the extremes in sight, all in the folded table', () => {
  const text = page('manyTasks');
  expect(text).toContain('class="distribution"');
  expect(text).toContain('The 10 that gain most');
  const unfolded = text.replace(/<details>.*?<\/details>/gs, '');
  expect(unfolded.match(/<th scope="row">/g)).toHaveLength(20);
  expect(unfolded.match(/<figure class="multiple"/g)).toHaveLength(6);
  for (let t = 1; t <= 139; t++) expect(text).toContain(`<span class="name">school ${t}</span>`);
  expect(text.length).toBeLessThan(400_000);
});

test('no baseline: what was reached, and no change', () => {
  const text = page('noBaseline');
  expect(text).toContain('No verdict.');
  expect(text).not.toMatch(/<th scope="col" class="number">Alone|Change, %|<h2>Better/);
});

test('a baseline without a diagnosis still stands beside', () => {
  const { diagnosis: _, ...result } = twoTasks();
  const text = renderReport(result);
  expect(() => parse(text)).not.toThrow();
  expect(text).toContain('<th scope="col" class="number">Alone</th>');
  expect(text).not.toContain('Change, %');
});

test('folds: a bar each and their mean, what the interval is of, and whose model is exported', () => {
  const text = page('folded');
  expect(text).toContain('<h2>Fold by fold</h2>');
  expect(text.match(/>Fold \d, 6\u202f978 rows</g)).toHaveLength(5);
  expect(text).toContain('>Mean over folds<');
  expect(text).toContain('the exported model are those of fold 1');
  expect(text).toContain('over its 5 seeds');
  expect(page('fiveTasks')).not.toContain('Fold by fold');
});

test('fewer rows: the curve over rows with an interval each, in words and numbers', () => {
  const text = page('withFewer');
  expect(text).toContain('<h2>With fewer rows</h2>');
  expect(text).toContain('Sharing brings most with few rows: with 977 training rows');
  const [, curve] = /class="curve efficiency"(.*?)<\/svg>/s.exec(text)!;
  expect(curve!.match(/class="whisker"/g)).toHaveLength(4);
  expect(curve!.match(/class="faint"/g)).toHaveLength(5);
  expect(curve).toMatch(/<desc>977 rows: \+[\d.]+ %, 95 % interval .* 32\u202f561 rows: /);
  expect(page('manyWithFewer')).not.toContain('class="faint"');
});

test('better: the seesaw, ranks, and both means over every metric; quicker: rows beside steps', () => {
  const text = page('withFewer');
  expect(text).toContain('>4 up, 1 down<');
  expect(text).toMatch(/mean rank 1\.20, apart 1\.80/);
  expect(text).toMatch(/every metric: .*% mean over tasks<.*% mean over metrics</);
  expect(text).toMatch(/[\d.]+ % of the rows/);
});

test('metrics that are not defined say so', () => {
  const text = page('nullMetrics');
  expect(text).toContain('not defined');
  expect(text).toContain('Not defined on the validation rows.');
});

test('nothing from data becomes markup', () => {
  const text = page('hostile');
  const { tags } = parse(text);
  expect(tags).not.toContain('script');
  expect(text).not.toMatch(/<script|<img|<\/title><s|onerror="/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
  expect(text.match(/&lt;script&gt;alert\(1\)/g)!.length).toBeGreaterThan(15);
});

test('code to copy is quoted for its language', () => {
  const result = { ...fakeRun({ tasks: [] }), model: "/a b/it's\\model" };
  const text = renderReport({ ...result, data: { ...result.data, by: 'user id' } });
  expect(text).toContain('polytask predict &#39;/a b/it&#39;\\&#39;&#39;s\\model&#39; rows.csv');
  expect(text).toContain('load(&#39;/a b/it\\&#39;s\\\\model&#39;)');
  expect(text).toContain('&#39;user id&#39;: &#39;&#39;');
});

test('the settings stand at the end, where they are given', () => {
  const text = renderReport(twoTasks(), { seeds: 3, model: { hidden: ['<64>'] } });
  expect(() => parse(text)).not.toThrow();
  expect(text).toContain('&quot;hidden&quot;: [\n      &quot;&lt;64&gt;&quot;');
});

test('many warnings are folded, many columns are cut', () => {
  const warning = { code: 'constant', message: 'A message.', help: 'A help.' } as const;
  const columns = Array.from(
    { length: 700 },
    (_, i) => ({ name: `c${i}`, type: 'number', role: 'input' }) as const,
  );
  const text = renderReport(
    fakeRun({ tasks: [], warnings: Array.from({ length: 8 }, () => warning), columns }),
  );
  expect(text).toContain('<h2>8 things to look at</h2>');
  expect(text).toContain('<summary>3 more</summary>');
  expect(text).toContain('And 200 more.');
});
