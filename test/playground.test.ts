import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Runtime } from '../src/engine/index.ts';
import { openRuntime } from '../src/platform/node/index.ts';
import { curvesOf } from '../studio/src/playground/curves-csv.ts';
import { Lesson } from '../studio/src/playground/lesson.ts';
import type { Point } from '../studio/src/playground/messages.ts';
import { queryOf, settingsOf } from '../studio/src/playground/settings.ts';
import { needsBrowser, openBrowser } from './support/browser.ts';
import { builtCli } from './support/built-cli.ts';
import { sampleRows, toCsv } from './support/sample.ts';

/** The first pass compiles all graphs, which takes its time on a machine that is busy. */
const eventually: typeof expect.poll = (ask, options) => expect.poll(ask, { timeout: 20_000, ...options });

/** A few passes, so that a page comes to an end by itself. */
const SHORT = '?rows=80&epochs=12';

/** The whole lesson, in this process. */
async function learn(runtime: Runtime, query: string): Promise<{ lesson: Lesson; points: Point[] }> {
  const lesson = await Lesson.open(runtime, settingsOf(query));
  const points: Point[] = [];
  while (!lesson.finished) points.push(await lesson.next());
  return { lesson, points };
}

/** A table as numbers, with names as they are. */
const cellsOf = (csv: string): (string | number)[][] =>
  csv
    .trim()
    .split('\n')
    .map((line) => line.split(',').map((cell) => (cell === '' || Number.isNaN(+cell) ? cell : +cell)));

describe('a lesson', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ runtime: 'native', threads: 1, worker: false });
  });
  afterAll(() => runtime.close());

  test('goes on under other settings with all that still fits', async () => {
    const whole = await learn(runtime, SHORT);
    const half = await learn(runtime, `${SHORT}&epochs=6`.replace('epochs=12&', ''));
    // The same settings but for their end: the moments are kept, too, so that not a bit is different.
    const rest = await Lesson.open(runtime, settingsOf(SHORT), half.lesson);
    await half.lesson.close();
    for (const expected of whole.points.slice(6)) expect(await rest.next()).toEqual(expected);
    await Promise.all([rest.close(), whole.lesson.close()]);
  });

  test('keeps the steps, and what fits, where the sharing is another', async () => {
    const before = await learn(runtime, `?rows=80&epochs=200`);
    const far = before.points.at(-1)!;
    const query = '?rows=80&epochs=201&sharing=cgc';
    const lesson = await Lesson.open(runtime, settingsOf(query), before.lesson);
    const next = await lesson.next();
    expect(next.step).toBe(far.step + 2);
    // Tasks alone are the same under any sharing.
    next.alone!.losses.forEach((loss, t) => {
      expect(loss).toBeLessThan(2 * far.alone!.losses[t]! + 0.05);
    });
    await Promise.all([lesson.close(), before.lesson.close()]);
  });

  test('shows what its problem shows', async () => {
    const { lesson, points } = await learn(runtime, '?problem=plane&rows=80&epochs=2&sharing=mmoe:experts=3');
    const { predictions, watched } = await lesson.look();
    expect(predictions.map(({ length }) => length)).toEqual([1600, 1600]);
    expect(watched).toMatchObject([{ name: 'gate', kind: 'use', rows: ['upright', 'turned'] }]);
    expect(points[1]!.watched!.gate!.map((row) => row.length)).toEqual([3, 3]);
    expect(points[1]!.met!.cosines[0]![0]).toBeCloseTo(1, 6);
    await lesson.close();
  });
});

test('a problem that there is not is refused', async () => {
  const runtime = await openRuntime({ runtime: 'native', threads: 1, worker: false });
  await expect(Lesson.open(runtime, settingsOf('?problem=digit'))).rejects.toMatchObject({
    code: 'usage-invalid',
    help: expect.stringContaining('digits'),
  });
  await runtime.close();
});

describe('an address', () => {
  test('says all settings, and is short where they are as by default', () => {
    expect(queryOf(settingsOf(''))).toBe('');
    const query = '?problem=plane&related=0.3&sharing=mmoe:experts=4&seed=7';
    expect(queryOf(settingsOf(query))).toBe(query);
  });

  test('that asks for too much gets what there is', () => {
    const { width, rows, related, epochs, rate } = settingsOf(
      '?width=1e9&rows=-3&related=x&epochs=2.4&rate=Infinity',
    );
    expect({ width, rows, related, epochs, rate }).toEqual({
      width: 128,
      rows: 20,
      related: 0.5,
      epochs: 2,
      rate: 0.01,
    });
  });
});

describe('the page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'polytask-playground-'));
  let browser: Browser | undefined;
  let page: Page;
  let url: string;
  let studio: ChildProcess | undefined;
  const trouble: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
    if (browser === undefined) return;
    const args = [await builtCli(), 'studio', folder, '--port', '0', '--json', '--quiet'];
    studio = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const [line] = (await once(studio.stdout!, 'data')) as [Buffer];
    ({ url } = JSON.parse(line.toString()) as { url: string });
    page = await browser.newPage();
    page.on('pageerror', (error) => trouble.push(String(error)));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) trouble.push(message.text());
    });
    page.on('request', (request) => {
      asked.push(new URL(request.url()).pathname);
      if (!request.url().startsWith(url) && !request.url().startsWith('blob:'))
        trouble.push(`asked for ${request.url()}`);
    });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    studio?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(needsBrowser);

  const button = (name: string): ReturnType<Page['getByRole']> =>
    page.getByRole('button', { name, exact: true });
  const step = async (): Promise<number> => Number(await page.locator('.step').textContent());
  const open = async (query: string): Promise<void> => {
    await page.goto(`${url}/playground${query}`);
    await page.locator('button.play:enabled').waitFor({ timeout: 20_000 });
  };

  test('loads no engine for the list of runs', async () => {
    await page.goto(url);
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    expect(asked.filter((path) => /ort|worker|playground/.test(path))).toEqual([]);
    await page.getByRole('link', { name: 'Playground' }).click();
    await page.locator('button.play:enabled').waitFor({ timeout: 20_000 });
    expect(asked).toContain('/ort/ort-wasm-simd-threaded.wasm');
  });

  test.each([
    SHORT,
    '?problem=plane&rows=80&epochs=8&sharing=mmoe:experts=3&labels=0.5',
    '?rows=80&epochs=8&sharing=mtan&objective=pcgrad',
  ])('learns what Node learns: %s', async (query) => {
    await open(query);
    await button('Play').click();
    await page.getByText('all passes are done').waitFor({ timeout: 20_000 });
    const [download] = await Promise.all([page.waitForEvent('download'), button('Curves as CSV').click()]);
    const found = cellsOf(readFileSync(await download.path(), 'utf8'));
    const runtime = await openRuntime({ runtime: 'native', threads: 1, worker: false });
    const { lesson, points } = await learn(runtime, query);
    const names = lesson.opened.tasks.map(({ name }) => name);
    const expected = cellsOf(curvesOf(names, points));
    await runtime.close();
    expect(found.length).toBe(expected.length);
    expected.flat().forEach((value, i) => {
      const own = found.flat()[i]!;
      if (typeof value === 'string') expect(own).toBe(value);
      else expect(Math.abs(Number(own) - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
    });
    expect(trouble).toEqual([]);
  });

  test('plays, pauses, takes one pass, and begins again', async () => {
    await open('?epochs=5000');
    await button('One pass').click();
    await eventually(step).toBe(10);
    await button('Play').press('Enter');
    await eventually(step).toBeGreaterThan(30);
    await button('Pause').click();
    await button('Play').waitFor();
    let settled = -1;
    const moved = async (): Promise<number> => {
      const before = settled;
      settled = await step();
      return settled - before;
    };
    await eventually(moved, { interval: 250 }).toBe(0);
    await button('One pass').click();
    await eventually(step).toBe(settled + 10);
    await button('Reset').click();
    await eventually(step).toBe(0);
    await button('One pass').click();
    await eventually(step).toBe(10);
    expect(trouble).toEqual([]);
  });

  test('goes on under another sharing while it learns; the address holds all that was chosen', async () => {
    await open('?epochs=5000');
    await button('Play').click();
    await eventually(step).toBeGreaterThan(20);
    await page.getByLabel('Sharing').selectOption('mmoe:experts=4');
    await page.getByRole('img', { name: 'gate of first' }).waitFor({ timeout: 20_000 });
    const then = await step();
    expect(then).toBeGreaterThan(20);
    await eventually(step).toBeGreaterThan(then);
    await page.getByLabel('Cosine of the two directions').fill('-0.5');
    await page.getByLabel('Objective').selectOption('pcgrad');
    await button('Pause').click();
    await eventually(() => new URL(page.url()).search).toBe(
      '?related=-0.5&sharing=mmoe:experts=4&objective=pcgrad&epochs=5000',
    );
    await page.reload();
    expect(await page.getByLabel('Sharing').inputValue()).toBe('mmoe:experts=4');
    expect(await page.getByLabel('Objective').inputValue()).toBe('pcgrad');
    expect(await page.getByLabel('Cosine of the two directions').inputValue()).toBe('-0.5');
    expect(trouble).toEqual([]);
  });

  test('says what an address asks for that there is not, and goes on with what is chosen then', async () => {
    await page.goto(`${url}/playground?sharing=nonsense`);
    await page.getByRole('alert').waitFor({ timeout: 20_000 });
    expect(await page.getByRole('alert').textContent()).toContain('sharing-unknown');
    await page.getByLabel('Sharing').selectOption('ple');
    await page.locator('button.play:enabled').waitFor({ timeout: 20_000 });
    await button('One pass').click();
    await eventually(step).toBe(10);
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(trouble).toEqual([]);
  });

  test('learns from a file that is chosen, which goes nowhere', async () => {
    await page.goto(`${url}/playground?problem=table`);
    await page.getByRole('alert').waitFor({ timeout: 20_000 });
    expect(await page.getByRole('alert').textContent()).toContain('source-empty');
    const before = asked.length;
    await page.getByLabel('CSV file').setInputFiles({
      name: 'rows.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(toCsv(sampleRows(120))),
    });
    await page.locator('button.play:enabled').waitFor({ timeout: 20_000 });
    for (const name of ['flag', 'amount']) await page.getByLabel(name, { exact: true }).check();
    await page.getByRole('region', { name: 'amount' }).waitFor();
    await button('One pass').click();
    await eventually(step).toBeGreaterThan(0);
    expect(asked.slice(before).filter((path) => !path.startsWith('/ort/'))).toEqual([]);
    expect(trouble).toEqual([]);
  });

  test('takes a file that is dropped anywhere, and says what is wrong with one that is none', async () => {
    await open('');
    await button('One pass').click();
    await eventually(step).toBe(10);
    const drag = await page.evaluateHandle(() => new DataTransfer());
    const over = (type: string): Promise<void> => page.dispatchEvent('h1', type, { dataTransfer: drag });
    const drop = async (name: string, ...parts: (string | number[])[]): Promise<void> => {
      await drag.evaluate(
        (data, [file, all]) => {
          data.items.clear();
          data.items.add(
            new File(
              all.map((part) => (typeof part === 'string' ? part : new Uint8Array(part))),
              file,
            ),
          );
        },
        [name, parts] as const,
      );
      for (const type of ['dragenter', 'dragover', 'drop']) await over(type);
    };
    const alert = page.getByRole('alert');
    for (const [name, content, words] of [
      ['empty.csv', '', /source-empty/],
      ['ragged.csv', 'a,b\n1,2\n3\n', /source-ragged at ragged.csv.*1 in row 2/s],
      ['photo.csv', [0x89, 0x50, 0x4e, 0x47, 0, 1], /text in UTF-8/],
      ['old.csv', [...Buffer.from('name\nM\xfcller\n', 'latin1')], /text in UTF-8/],
      ['huge.csv', 'a,b\n'.repeat(2e6 + 1), /at most 8 MB/],
    ] as const) {
      await drop(name, content as string | number[]);
      await eventually(() => alert.textContent()).toMatch(words);
    }
    // What was there before is still there, and goes on.
    await button('One pass').click();
    await eventually(step).toBe(20);
    expect(await alert.count()).toBe(0);
    await drag.evaluate((data) => data.items.add(new File([''], 'rows.csv')));
    await over('dragenter');
    await page.getByText('Drop the CSV to learn from it').waitFor();
    await over('dragleave');
    await page.getByText('Drop the CSV to learn from it').waitFor({ state: 'detached' });
    const before = asked.length;
    await drop('rows.csv', toCsv(sampleRows(120)));
    await page.getByText('rows.csv').waitFor();
    await eventually(() => new URL(page.url()).search).toBe('?problem=table');
    expect(await page.getByText('Drop the CSV to learn from it').count()).toBe(0);
    expect(asked.slice(before)).toEqual([]);
    expect(trouble).toEqual([]);
  });

  test('marks where a setting was changed, and begins anew once all passes are done', async () => {
    await open('?rows=80&epochs=12');
    await button('One pass').click();
    await eventually(step).toBe(2);
    await page.getByLabel('Sharing').selectOption('mmoe:experts=4');
    await page.getByLabel('Width').fill('8');
    await page.getByLabel('Width').fill('10');
    await button('One pass').click();
    await eventually(step).toBe(4);
    expect(await page.getByRole('status').allTextContents()).toContain(
      'Changed: mmoe at step 2, width 10 at step 2.',
    );
    const charts = page.locator('svg.curve:has(path.joint):has(.tick)');
    const count = await charts.count();
    expect(count).toBeGreaterThan(4);
    expect(await page.locator('svg.curve .mark').count()).toBe(2 * count);
    expect(await page.locator('svg.curve desc').first().textContent()).toContain('mmoe at step 2');
    await button('Play').click();
    await page.getByText('all passes are done').waitFor({ timeout: 20_000 });
    await page.getByLabel('Sharing').selectOption('cgc');
    await eventually(step).toBe(0);
    expect(await page.locator('svg.curve .mark').count()).toBe(0);
    await button('Play').click();
    await page.getByText('all passes are done').waitFor({ timeout: 20_000 });
    expect(trouble).toEqual([]);
  });

  test('paints its pictures anew by night', async () => {
    const ink = (): Promise<string> =>
      page
        .locator('canvas')
        .first()
        .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    for (const problem of ['digits', 'plane']) {
      await page.emulateMedia({ colorScheme: 'light' });
      await open(`?problem=${problem}&rows=100`);
      for (let i = 0; i < 3; i++) await button('One pass').click();
      await eventually(step).toBe(9);
      const day = await ink();
      await page.emulateMedia({ colorScheme: 'dark' });
      await eventually(ink).not.toBe(day);
      await page.emulateMedia({ colorScheme: 'light' });
      await eventually(ink).toBe(day);
    }
    expect(trouble).toEqual([]);
  });

  test('leads through the course, forth and back', async () => {
    await open('?width=6');
    await page.getByText('Learn: ten short stops').press('Enter');
    await button('Negative transfer').click();
    await page.getByText('Four units are not enough').waitFor();
    await eventually(() => new URL(page.url()).search).toBe('?stop=8');
    expect(await page.getByLabel('Width').inputValue()).toBe('4');
    await button('One pass').click();
    await eventually(step).toBe(10);
    await page.getByLabel('Width').fill('16');
    await eventually(() => new URL(page.url()).search).toBe('?width=16&stop=8');
    await page.reload();
    await page.getByText('Four units are not enough').waitFor();
    expect(await page.getByLabel('Width').inputValue()).toBe('16');
    await button('Next stop').click();
    await page.getByText('The training loss goes to 0').waitFor();
    await page.goBack();
    await page.getByText('Four units are not enough').waitFor();
    expect(await page.getByLabel('Width').inputValue()).toBe('16');
    await page.goBack();
    await eventually(() => page.getByLabel('Width').inputValue()).toBe('6');
    await page.goForward();
    await eventually(() => page.getByLabel('Width').inputValue()).toBe('16');
    await page.getByRole('link', { name: 'Runs' }).click();
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    await page.goBack();
    await page.getByText('Four units are not enough').waitFor();
    await button('One pass').click();
    await eventually(step).toBe(10);
    expect(trouble).toEqual([]);
  });

  test('holds at 360 pixels, in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 360, height: 740 });
    await open('?problem=plane&sharing=mmoe:experts=4');
    await button('One pass').click();
    await eventually(step).toBe(10);
    // Pictures come first; settings wait in a fold.
    expect(await page.locator('.task .pictures').first().isVisible()).toBe(true);
    expect(await page.getByLabel('Sharing').isVisible()).toBe(false);
    await page.getByText('Settings', { exact: true }).click();
    await page.getByLabel('Sharing').selectOption('ple');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    expect(trouble).toEqual([]);
  });
});
