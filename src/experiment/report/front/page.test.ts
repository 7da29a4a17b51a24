import { describe, expect, test } from 'vitest';
import { parsePage } from '../parse-page.test-support.ts';
import { FRONTS, fakeFront } from './fixtures.ts';
import { renderFront } from './page.ts';

const PAGES = Object.entries(FRONTS).map(([name, make]) => [name, renderFront(make())] as const);
const page = (name: string): string => PAGES.find(([own]) => own === name)![1];
/** The drawing alone. */
const figure = (text: string): string => /<figure.*?<\/figure>/s.exec(text)![0];

test.each(PAGES)('%s: well-formed, complete in itself, without numbers that are none', (_, text) => {
  const { tags, attributes } = parsePage(text);
  for (const tag of ['script', 'img', 'link', 'iframe', 'object']) expect(tags).not.toContain(tag);
  for (const name of attributes) expect(name).not.toMatch(/^(on.*|src|srcset|href|action)$/);
  expect(text).not.toMatch(/https?:|@import|url\((?!#)/);
  expect(text).toContain("default-src 'none'");
  expect(text).not.toMatch(/NaN|Infinity|\[object|>undefined|>null|="undefined|="null/);
  for (const [svg] of text.matchAll(/<svg class[^>]*>(?:<title>)?/g)) {
    expect(svg).toContain('role="img"');
    expect(svg).toContain('<title>');
  }
  expect(text.match(/<h1>/g)).toHaveLength(1);
  for (const [, place] of text.matchAll(/ [xc][12x]?="(-?[\d.]+)%"/g)) {
    expect(Number(place)).toBeGreaterThanOrEqual(0);
    expect(Number(place)).toBeLessThanOrEqual(100);
  }
});

describe('two tasks', () => {
  const { points } = FRONTS.two!();
  const drawing = figure(page('two'));

  test('a dot for each, labelled by its preference, and what is beaten pale', () => {
    const beaten = points.filter(({ front }) => !front).length;
    expect(drawing.match(/<circle/g)).toHaveLength(5);
    expect(drawing.match(/class="point beaten"/g) ?? []).toHaveLength(beaten);
    for (const label of ['95 : 5', '72 : 28', '50 : 50', '28 : 72', '5 : 95'])
      expect(drawing).toContain(`>${label}</text>`);
    expect(drawing.match(/class="edge"/g)).toHaveLength(4 - beaten);
  });

  test('better is right and up, also where lower is better', () => {
    const places = [
      ...drawing.matchAll(
        /<title>([\d :]+): clicked ([\d.]+), watch_seconds ([\d.]+).*?cx="([\d.]+)%" cy="([\d.]+)"/g,
      ),
    ].map(([, label, auc, rmse, x, y]) => ({
      label,
      auc: Number(auc),
      rmse: Number(rmse),
      x: Number(x),
      y: Number(y),
    }));
    expect(places).toHaveLength(5);
    const along = (key: 'auc' | 'rmse' | 'x' | 'y') =>
      [...places].sort((a, b) => a[key] - b[key]).map(({ label }) => label);
    expect(along('x')).toEqual(along('auc'));
    // To scale, at the mean.
    const slope = (a: (typeof places)[number], b: (typeof places)[number]) => (a.y - b.y) / (a.rmse - b.rmse);
    const [first, second, third] = places as [(typeof places)[0], (typeof places)[0], (typeof places)[0]];
    expect(slope(first, second)).toBeCloseTo(slope(second, third), 2);
    // Down in the drawing is worse, and so is a larger error.
    expect(along('y')).toEqual(along('rmse'));
  });

  test('the answer, the range of the seeds, the test rows beside', () => {
    const text = page('two');
    expect(text).toMatch(/<p class="answer">A trade-off of \d points\.<\/p>/);
    expect(text).toContain('What do clicked and watch_seconds cost each other?');
    expect(text).toMatch(/Hypervolume 0\.\d{3} \(0\.\d{3} to 0\.\d{3} over 3 seeds\)/);
    expect(text.match(/class="range"/g)!.length).toBe(10);
    expect(figure(page('oneSeed'))).not.toContain('class="range"');
    expect(text.match(/on test/g)).toHaveLength(2);
    expect(text).toContain('polytask predict /home/ada/runs/trade/models/');
  });
});

test('fifty points: every one is drawn, labels only where there is room', () => {
  const drawing = figure(page('fifty'));
  expect(drawing.match(/<circle/g)).toHaveLength(50);
  expect(drawing.match(/class="label/g)!.length).toBeLessThan(50);
});

test('more tasks: an axis each, a line for each preference, its hue that of the task that matters most', () => {
  const drawing = figure(page('three'));
  expect(drawing.match(/<circle/g)).toHaveLength(3 * 7);
  expect(drawing.match(/class="edge"/g)).toHaveLength(2 * 7);
  expect(drawing).toContain('>93 : 3 : 3</text>');
  expect(page('nine')).toContain('>all alike<');
  expect(page('nine')).not.toContain('Hypervolume');
});

test('more tasks than can be drawn: those that differ most, the rest in the table', () => {
  const text = page('thirty');
  expect(figure(text).match(/class="base"/g)).toHaveLength(24);
  expect(figure(text)).toContain('6 more are in the table');
  for (let t = 1; t <= 30; t++) expect(text).toContain(`title="school ${t}">school ${t}</span>`);
  expect(text.length).toBeLessThan(500_000);
});

test('what is undefined somewhere is not drawn, and not on the front', () => {
  expect(figure(page('gaps')).match(/<circle/g)).toHaveLength(4);
  expect(page('nothing')).toContain('<p class="answer">No trade-off.</p>');
  const none = fakeFront({ tasks: ['a', 'b'], preferences: 2 });
  const points = none.points.map((point) => ({ ...point, front: false }));
  expect(renderFront({ ...none, points })).toContain('<p class="answer">No front.</p>');
});

test('nothing from data becomes markup', () => {
  expect(page('hostile')).not.toMatch(/<script|<\/title><s/);
  expect(page('hostile')).toContain('&lt;script&gt;alert(1)');
});
