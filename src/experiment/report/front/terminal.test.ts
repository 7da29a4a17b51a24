import { expect, test } from 'vitest';
import { displayWidth } from '../terminal-text.ts';
import { FRONTS } from './fixtures.ts';
import { renderPoints } from './terminal.ts';

const plain = (name: string, width: number): string[] =>
  renderPoints(FRONTS[name]!(), { colour: false, width }).split('\n');

test.each(Object.keys(FRONTS))('%s fits a terminal of any width, in plain characters', (name) => {
  for (const width of [40, 80, 110]) {
    const lines = plain(name, width);
    const table = lines.slice(0, lines.lastIndexOf(''));
    for (const line of table) expect(displayWidth(line), line).toBeLessThanOrEqual(width);
    const text = lines.join('\n');
    expect(text).not.toMatch(/NaN|undefined|null/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f−–]/);
  }
});

test('a row a preference, with both sides of the split', () => {
  const lines = plain('two', 110);
  const head = lines.findIndex((line) => line.startsWith('model'));
  expect(lines[head]).toMatch(
    /^model +preference +front +clicked, auc +on test +watch_seconds, rmse +on test$/,
  );
  expect(lines[head + 1]).toMatch(/^ +1 +95 : 5 +(yes|-) +0\.\d+ +0\.\d+ +[\d,.]+ +[\d,.]+$/);
  expect(lines.slice(head + 1).indexOf('')).toBe(5);
  expect(lines[head - 1]).toBe('Preferences are clicked : watch_seconds, in per cent.');
  expect(lines.at(-2)).toBe('Report  /home/ada/runs/trade/front.html');
});

test('what is beaten is faint where there are colours', () => {
  const { points } = FRONTS.three!();
  const text = renderPoints(FRONTS.three!(), { colour: true, width: 100 });
  const rows = text.split('\n').filter((line) => /\d+ : \d+ : \d+/.test(line));
  expect(rows.map((line) => !line.includes('\u001b[2m'))).toEqual(points.map(({ front }) => front));
  expect(renderPoints(FRONTS.three!(), { colour: false, width: 100 })).not.toContain('\u001b');
});
