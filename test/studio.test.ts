import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunResult } from '../src/experiment/index.ts';
import { openStudio as openLibrary } from '../src/studio/index.ts';
import { needsBrowser, openBrowser } from './support/browser.ts';
import { builtCli } from './support/built-cli.ts';
import { polytask } from './support/run-cli.ts';
import { sampleRows, toCsv } from './support/sample.ts';

// The built command line over runs that it made, looked at in a real browser.

const folder = mkdtempSync(join(tmpdir(), 'polytask-studio-'));
const FIT = [
  'fit',
  'rows.csv',
  '--task',
  'flag',
  '--task',
  'amount',
  '--exclude',
  'school,patient',
  '--quiet',
];
const FOREVER = ['--epochs', '100000', '--set', 'training.patience=100000', '--seeds', '2'];
/** With weights, gates, and looks at gradients. */
const TELLING = ['--sharing', 'mmoe', '--objective', 'uncertainty', '--affinity', 'first-order:every=20'];
const children: ChildProcess[] = [];

let cli: string;
let browser: Browser | undefined;
let page: Page;
let url: string;
let studio: ChildProcess;
const trouble: string[] = [];

beforeAll(async () => {
  cli = await builtCli();
  writeFileSync(join(folder, 'rows.csv'), toCsv(sampleRows(200)));
  const few = [
    '--epochs',
    '3',
    '--set',
    'training.epochsPerEvaluation=1',
    '--affinity',
    'first-order:every=1',
  ];
  for (const name of ['first', 'second'])
    expect((await polytask([...FIT, ...few, '--out', `runs/${name}`], { cwd: folder })).code).toBe(0);
  studio = await openStudio(0);
  browser = await openBrowser();
  if (browser === undefined) return;
  page = await browser.newPage();
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) trouble.push(`asked for ${request.url()}`);
  });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the studio, and notes where. */
async function openStudio(port: number): Promise<ChildProcess> {
  const child = start('studio', 'runs', '--port', String(port), '--json', '--quiet');
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  ({ url } = JSON.parse(line.toString()) as { url: string });
  return child;
}

function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [cli, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

/** A training without an end, watched in the page. */
async function watchTraining(name: string): Promise<ChildProcess> {
  const child = start(...FIT, ...FOREVER, ...TELLING, '--out', `runs/${name}`);
  await page.goto(url);
  await page.getByRole('link', { name, exact: true }).click({ timeout: 20_000 });
  await page.locator('figure.multiple path.joint').first().waitFor({ timeout: 20_000 });
  return child;
}

interface Picture {
  readonly broken: number;
  readonly title: string | undefined;
  readonly width: number;
  readonly height: number;
  /** Pixels of a colour. */
  readonly inked: number;
}

/**
 * An SVG as an image in a page of its own, which has nothing else.
 *
 * @param colours whose pixels are counted, one over the other
 */
async function inkOf(svg: string, ...colours: string[]): Promise<Picture> {
  const alone = await browser!.newPage();
  const picture = await alone.evaluate(
    async ({ text, inks }): Promise<Picture> => {
      const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
      const image = new Image();
      image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
      await image.decode();
      const { width, height } = image;
      const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d')!;
      for (const ink of inks) {
        context.fillStyle = ink;
        context.fillRect(0, 0, 1, 1);
      }
      const wanted = context.getImageData(0, 0, 1, 1).data;
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      let inked = 0;
      for (let i = 0; i < data.length; i += 4)
        if ([0, 1, 2].every((c) => Math.abs(data[i + c]! - wanted[c]!) < 4)) inked++;
      return {
        broken: parsed.querySelectorAll('parsererror').length,
        title: parsed.querySelector('title')?.textContent,
        width,
        height,
        inked,
      };
    },
    { text: svg, inks: colours },
  );
  await alone.close();
  return picture;
}

const state = (word: string): Promise<void> =>
  page.locator(`.state.${word}`).first().waitFor({ timeout: 20_000 });

describe('the studio', () => {
  beforeEach(needsBrowser);

  test('lists runs, sorts and filters them', async () => {
    await page.goto(url);
    const names = (): Promise<string[]> => page.locator('tbody th a').allTextContents();
    await expect.poll(names).toEqual(['second', 'first']);
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('button', { name: 'Run' }).click();
    expect(await names()).toEqual(['first', 'second']);
    await page.getByLabel('Filter').fill('first flag');
    expect(await names()).toEqual(['first']);
    await page.getByLabel('Filter').fill('nobody');
    expect(await names()).toEqual([]);
    expect(await page.locator('.note').textContent()).toContain('0 of 2 runs');
    expect(trouble).toEqual([]);
  });

  test('shows what a run found as its report does', async () => {
    await page.goto(url);
    await page.getByRole('link', { name: 'first' }).click();
    await page.locator('.verdict .answer').waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/run\/[0-9a-f]{16}$/);
    const headings = await page.locator('h2').allTextContents();
    expect(headings).toContain('Task by task');
    expect(headings).toContain('What sharing changed');
    // What every task makes of a row, as one moves a slider.
    const answers = page.locator('.predict .tasks');
    await answers.waitFor();
    await expect.poll(() => answers.textContent()).toMatch(/flag.*amount/s);
    const before = await answers.textContent();
    await page.locator('.predict input[type=range]').first().fill('2');
    await expect.poll(() => answers.textContent()).not.toBe(before);
    // The address is the page: opened anew it shows the same.
    await page.reload();
    await page.locator('.verdict .answer').waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    expect(trouble).toEqual([]);
  });

  const button = (name: string | RegExp): ReturnType<Page['getByRole']> => page.getByRole('button', { name });
  const openFirst = async (): Promise<void> => {
    await page.goto(url);
    await page.getByRole('link', { name: 'first' }).click();
    await page.locator('.verdict .answer').waitFor();
  };
  const saved = async (name: string): Promise<string> => {
    const [download] = await Promise.all([page.waitForEvent('download'), button(name).press('Enter')]);
    return readFileSync(await download.path(), 'utf8');
  };

  test('copies the data of a chart by keys: the numbers of the run', async () => {
    await openFirst();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button('Copy data of amount: rmse').press('Enter');
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    const [head, ...rows] = text.split('\n').map((line) => line.split('\t'));
    const { multi, independent } = JSON.parse(
      readFileSync(join(folder, 'runs/first/result.json'), 'utf8'),
    ) as RunResult;
    const ways = ['together', 'alone'].flatMap((way) => [way, `${way}, lowest`, `${way}, highest`]);
    expect(head).toEqual(['step', ...ways]);
    expect(rows.map((row) => row.map(Number))).toEqual(
      multi.curve.map(({ step, metrics }, i) => [
        step,
        ...[metrics, independent!.curve[i]!.metrics].flatMap((seeds) => {
          const own = seeds.map((tasks) => tasks[1]!);
          const mean = own.reduce((a, b) => a + b, 0) / own.length;
          return [mean, Math.min(...own), Math.max(...own)].map((value) => Number(value.toPrecision(6)));
        }),
      ]),
    );
    await page.context().clearPermissions();
    expect(trouble).toEqual([]);
  });

  test('where the browser lets no page copy, the text is there to be taken by hand', async () => {
    await openFirst();
    // None but these: a browser that was asked and said no.
    await page.context().grantPermissions([]);
    await button('Copy data of All tasks').press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Data to copy' });
    const chosen = await dialog.getByRole('textbox').evaluate((area: HTMLTextAreaElement) => {
      const { value, selectionStart, selectionEnd } = area;
      return { focused: area === document.activeElement, text: value.slice(selectionStart, selectionEnd) };
    });
    expect(chosen.focused).toBe(true);
    expect(chosen.text.split('\n').map((line) => line.split('\t').slice(0, 3))).toEqual([
      ['Task', 'Kind', 'Metric'],
      ['flag', 'binary', 'auc ↑'],
      ['amount', 'regression', 'rmse ↓'],
    ]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('all-tasks.tsv');
    expect(readFileSync(await download.path(), 'utf8')).toBe(chosen.text);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(trouble).toEqual([]);
  });

  test('saves a chart as a picture that stands alone', async () => {
    await openFirst();
    const figure = page.locator('figure', { has: page.locator('path.joint') }).first();
    const text = await saved('Save SVG of flag: auc');
    expect(text).not.toMatch(/oklch|color-mix|var\(|class=|chart-tools/);
    const box = (await figure.boundingBox())!;
    const colour = await figure.locator('path.joint').evaluate((path) => getComputedStyle(path).stroke);
    const picture = await inkOf(text, colour);
    expect(picture).toMatchObject({ broken: 0, title: expect.stringContaining('flag: auc') });
    expect(Math.abs(picture.width - box.width - 24)).toBeLessThan(2);
    expect(Math.abs(picture.height - box.height - 24)).toBeLessThan(2);
    expect(picture.inked).toBeGreaterThan(100);
    expect(picture.inked).toBeLessThan(0.1 * picture.width * picture.height);
    expect(trouble).toEqual([]);
  });

  test('saves a table as a picture with the same texts and grounds', async () => {
    await openFirst();
    const text = await saved('Save SVG of What each task gains from each other');
    const heat = page.getByRole('region', { name: 'What each task gains from each other' });
    const shown = await heat.locator('th, td').allInnerTexts();
    const picture = await page.evaluate((svg) => {
      const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
      return [...root.querySelectorAll('text')].map(({ textContent }) => textContent);
    }, text);
    expect(picture).toEqual(shown.map((own) => own.trim()).filter((own) => own !== '' && own !== 'Row'));
    const grounds = await heat
      .locator('td.cell')
      .first()
      .evaluate((td) => [td.closest('.scroll')!, td].map((own) => getComputedStyle(own).backgroundColor));
    expect((await inkOf(text, ...grounds)).inked).toBeGreaterThan(500);
    expect(trouble).toEqual([]);
  });

  test('goes through the cosines of gradients by time and layer', async () => {
    const { multi } = JSON.parse(readFileSync(join(folder, 'runs/first/result.json'), 'utf8')) as RunResult;
    const looks = multi.curve.map(({ step, observed }) => ({ step, ...observed! }));
    expect(looks).toHaveLength(3);
    await page.goto(url);
    await page.getByRole('link', { name: 'first' }).click();
    const section = page.locator('section.gradients');
    const slider = section.getByRole('slider', { name: 'Time' });
    /** With all its digits, as whoever copies the table gets it. */
    const cell = async (): Promise<number> =>
      Number(await section.locator('tbody tr').nth(1).locator('td').first().getAttribute('data-value'));
    await slider.focus();
    // It begins at the newest, and goes by keys.
    for (const { step, whole } of looks.toReversed()) {
      await expect
        .poll(() => slider.getAttribute('aria-valuetext'))
        .toBe(`step ${step} of ${looks.at(-1)!.step}`);
      expect(await section.locator('output').textContent()).toBe(`step ${step}`);
      expect(await cell()).toBe(whole[1]![0]);
      await page.keyboard.press('ArrowLeft');
    }
    const layers = Object.keys(looks[0]!.layers);
    expect(layers.length).toBeGreaterThan(1);
    const select = section.getByRole('combobox', { name: 'Layer' });
    expect(await select.locator('option').allTextContents()).toEqual(['all layers', ...layers]);
    for (const layer of layers) {
      await select.selectOption(layer);
      await expect.poll(() => section.getByRole('region').getAttribute('aria-label')).toContain(layer);
      expect(await cell()).toBe(looks[0]!.layers[layer]![1]![0]);
    }
    expect(trouble).toEqual([]);
  });

  test('follows a training, pauses it, goes on, and ends it with what it has', async () => {
    const training = await watchTraining('live');
    // All that it tells, while it tells it.
    for (const title of [
      'flag: weight over training steps',
      'flag: norm of the gradient over training steps',
      'flag: use of experts over training steps',
    ])
      await page
        .locator('svg', { has: page.locator(`title:text-is("${title}")`) })
        .waitFor({ timeout: 20_000 });
    const slider = page.getByRole('slider', { name: 'Time' });
    const last = async (): Promise<number> => Number(await slider.getAttribute('max'));
    await slider.press('Home');
    const first = await page.locator('.gradients output').textContent();
    const before = await last();
    await expect.poll(last, { timeout: 20_000 }).toBeGreaterThan(before);
    // Whoever has moved the slider stays there; at its end it goes along.
    expect(await page.locator('.gradients output').textContent()).toBe(first);
    await slider.press('End');
    const end = await last();
    await expect
      .poll(async () => Number(await slider.inputValue()), { timeout: 20_000 })
      .toBeGreaterThan(end);
    // Buttons keep the focus while their charts are drawn anew, alone or with the section around them.
    for (const name of ['Copy data of flag: auc', 'Copy data of Conflicts']) {
      const figure = page.locator('figure', { has: button(name) });
      const drawn = (): Promise<string | null> => figure.locator('path.joint').getAttribute('d');
      await button(name).focus();
      const before = await drawn();
      await expect.poll(drawn, { timeout: 20_000 }).not.toBe(before);
      const focused = await page.evaluate(() => document.activeElement?.ariaLabel);
      expect(focused).toContain(name);
    }
    // Nor is it taken away where one is by keys.
    const strips = page.locator('.strips');
    await strips.focus();
    const seen = await strips.textContent();
    await expect.poll(() => strips.textContent(), { timeout: 20_000 }).not.toBe(seen);
    expect(await strips.evaluate((own) => own === document.activeElement)).toBe(true);
    await page.getByRole('button', { name: 'Pause' }).click();
    await state('paused');
    await page.getByRole('button', { name: 'Go on' }).click();
    await state('running');
    await page.getByRole('button', { name: 'Stop and save' }).click();
    await page.locator('.verdict .answer').waitFor({ timeout: 30_000 });
    if (training.exitCode === null) await once(training, 'exit');
    expect(training.exitCode).toBe(0);
    expect(existsSync(join(folder, 'runs/live/model/model.onnx'))).toBe(true);
    expect(trouble).toEqual([]);
  }, 90_000);

  test('says that a training died, and that the studio is gone; it is back when the studio is', async () => {
    const training = await watchTraining('killed');
    training.kill('SIGKILL');
    await state('interrupted');
    expect(await page.locator('.note').first().textContent()).toContain('polytask resume');
    const { port } = new URL(url);
    studio.kill('SIGKILL');
    await page.getByRole('alert').waitFor({ timeout: 20_000 });
    expect(await page.getByRole('alert').textContent()).toContain('does not answer');
    // What it has shown, it still shows.
    expect(await page.locator('figure.multiple path.joint').count()).toBeGreaterThanOrEqual(2);
    studio = await openStudio(Number(port));
    await page.getByRole('alert').waitFor({ state: 'detached', timeout: 20_000 });
    expect(trouble).toEqual([]);
  }, 90_000);

  test('holds at 360 pixels, in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 360, height: 740 });
    for (const path of ['/', await page.evaluate(() => location.pathname)]) {
      await page.goto(new URL(path, url).href);
      await page.locator('h1').waitFor();
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(beyond, path).toBeLessThanOrEqual(0);
    }
  });
});

test('fit --studio opens it beside the run, and leaves it open', async () => {
  const fit = start(
    ...FIT.filter((flag) => flag !== '--quiet'),
    '--epochs',
    '2',
    '--out',
    'runs/beside',
    '--studio',
  );
  let told = '';
  fit.stderr!.on('data', (chunk: Buffer) => (told += chunk.toString()));
  await expect.poll(() => told, { timeout: 30_000 }).toContain('close the studio with Ctrl-C');
  const [, address] = /Watch it in the studio: (\S+)/.exec(told)!;
  const { origin, pathname } = new URL(address!);
  const found = (await (await fetch(`${origin}/api/runs/${pathname.split('/').at(-1)}`)).json()) as {
    run: { name: string; state: string };
  };
  expect(found.run).toMatchObject({ name: 'beside', state: 'finished' });
  fit.kill('SIGINT');
  await once(fit, 'exit');
  expect(fit.exitCode).toBe(0);
}, 60_000);

test('demo --studio opens the playground', async () => {
  const demo = start('demo', '--studio', '--json');
  const [line] = (await once(demo.stdout!, 'data')) as [Buffer];
  const { url: playground } = JSON.parse(line.toString()) as { url: string };
  expect(await (await fetch(playground)).text()).toContain('<div id="studio">');
  demo.kill('SIGTERM');
  await once(demo, 'exit');
  expect(demo.exitCode).toBe(0);
}, 30_000);

test('a folder that is not there, and a port that is taken, are said in our words', async () => {
  const none = await polytask(['studio', 'nowhere', '--port', '0'], { cwd: folder });
  expect(none.code).not.toBe(0);
  expect(none.stderr).toContain('run-folder');
  await expect(openLibrary(folder, { port: 0, pages: folder })).rejects.toMatchObject({
    code: 'pages-missing',
  });
  const taken = await polytask(['studio', 'runs', '--port', new URL(url).port], { cwd: folder });
  expect(taken.code).not.toBe(0);
  expect(taken.stderr).toContain('address-unavailable');
});
