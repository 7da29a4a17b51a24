import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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
  for (const name of ['first', 'second'])
    expect((await polytask([...FIT, '--epochs', '3', '--out', `runs/${name}`], { cwd: folder })).code).toBe(
      0,
    );
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
  const child = start(...FIT, ...FOREVER, '--out', `runs/${name}`);
  await page.goto(url);
  await page.getByRole('link', { name, exact: true }).click({ timeout: 20_000 });
  await page.locator('figure.multiple path.joint').first().waitFor({ timeout: 20_000 });
  return child;
}

const state = (word: string): Promise<void> =>
  page.locator(`.state.${word}`).first().waitFor({ timeout: 20_000 });

describe('the studio', () => {
  beforeEach(needsBrowser);

  test('lists runs, sorts and filters them', async () => {
    await page.goto(url);
    const names = (): Promise<string[]> => page.locator('tbody th').allTextContents();
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

  test('follows a training, pauses it, goes on, and ends it with what it has', async () => {
    const training = await watchTraining('live');
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
    expect(await page.locator('figure.multiple').count()).toBe(2);
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
