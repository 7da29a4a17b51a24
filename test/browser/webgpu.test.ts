import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectClose } from '../../src/engine/contract/close.ts';
import { wasm } from '../../src/engine/contract/runtimes.ts';
import { openRuntime } from '../../src/platform/node/index.ts';
import { curvesOf } from '../../studio/src/playground/curves-csv.ts';
import { Lesson } from '../../studio/src/playground/lesson.ts';
import type { Point } from '../../studio/src/playground/messages.ts';
import { settingsOf } from '../../studio/src/playground/settings.ts';
import { needsBrowser, openBrowser } from '../support/browser.ts';
import { builtCli } from '../support/built-cli.ts';
import { type Server, serve } from './serve.ts';
import { evaluateOperator, type Numbers, operatorNames } from './webgpu-page.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Inside node_modules, so that git does not see it. */
const bundled = mkdtempSync(join(root, 'node_modules', '.polytask-webgpu-'));

const PAGE = `<!doctype html><html lang="en"><title>Test</title><link rel="icon" href="data:,"><script type="module">
import * as ort from '/ort/ort.webgpu.min.mjs';
import * as tools from '/bundled/page.js';
ort.env.wasm.numThreads = 1;
const runtime = tools.onWebGpu(ort);
globalThis.evaluate = async (name) => tools.evaluateOperator(await runtime, name);
</script></html>`;

let browser: Browser | undefined;
const trouble: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  rmSync(bundled, { recursive: true, force: true });
});
beforeEach(needsBrowser);

async function newPage(of: Browser): Promise<Page> {
  // Drawn seldom.
  const page = await of.newPage({ reducedMotion: 'reduce' });
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) trouble.push(message.text());
  });
  return page;
}

describe('an operator on WebGPU', () => {
  let server: Server | undefined;
  let page: Page;
  beforeAll(async () => {
    if (browser === undefined) return;
    const script = join(root, 'test', 'support', 'bundle.mjs');
    execFileSync(process.execPath, [script, join(root, 'test', 'browser', 'webgpu-page.ts'), bundled], {
      cwd: root,
    });
    server = await serve(PAGE, { bundled, ort: join(root, 'node_modules', 'onnxruntime-web', 'dist') });
    page = await newPage(browser);
    await page.goto(`${server.origin}/`);
    await page.waitForFunction(() => 'evaluate' in globalThis);
  });
  afterAll(async () => {
    await page?.close();
    await server?.close();
  });

  // WGSL promises sines and cosines within 2⁻¹¹ between −π and π, and most functions within a few units in the last place.
  test.each(operatorNames)('%s: values and gradients of wasm', async (name) => {
    type Evaluate = (name: string) => Promise<Record<string, Numbers>>;
    const found = await page.evaluate(
      (name) => (globalThis as unknown as { evaluate: Evaluate }).evaluate(name),
      name,
    );
    const expected = await evaluateOperator(wasm, name);
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    const tolerance = name === 'sin' || name === 'cos' ? 2 ** -11 : 1e-5;
    for (const [port, value] of Object.entries(expected)) expectClose(found[port]!, value, tolerance, port);
    expect(trouble).toEqual([]);
  });
});

describe('the playground on WebGPU', () => {
  const folder = mkdtempSync(join(tmpdir(), 'polytask-webgpu-'));
  let studio: ChildProcess | undefined;
  let page: Page;
  let url: string;
  beforeAll(async () => {
    if (browser === undefined) return;
    const args = [await builtCli(), 'studio', folder, '--port', '0', '--json', '--quiet'];
    studio = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const [line] = (await once(studio.stdout!, 'data')) as [Buffer];
    ({ url } = JSON.parse(line.toString()) as { url: string });
    page = await newPage(browser);
  }, 120_000);
  afterAll(() => {
    studio?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const button = (name: string): ReturnType<Page['getByRole']> =>
    page.getByRole('button', { name, exact: true });

  /** All passes of the page, and the curves that they leave. */
  async function curves(): Promise<string> {
    await button('Play').click();
    await page.getByText('all passes are done').waitFor({ timeout: 50_000 });
    const [download] = await Promise.all([page.waitForEvent('download'), button('Curves as CSV').click()]);
    return readFileSync(await download.path(), 'utf8');
  }

  /** The same on wasm in this process. */
  async function reference(query: string): Promise<string> {
    const runtime = await openRuntime({ runtime: 'wasm', threads: 1, worker: false });
    const lesson = await Lesson.open(runtime, settingsOf(query));
    const points: Point[] = [];
    while (!lesson.finished) points.push(await lesson.next());
    await lesson.close();
    await runtime.close();
    return curvesOf(
      lesson.opened.tasks.map(({ name }) => name),
      points,
    );
  }

  /**
   * Numbers within 10⁻⁴, words alike. A float32 is rounded by 2⁻²⁴, about 6·10⁻⁸ of its size; a sum of n terms in another order
   * differs by at most n times that of the sum of their sizes, and no sum here has more than some hundred terms.
   */
  function expectAlike(found: string, expected: string): void {
    const cells = (csv: string): string[] => csv.trim().split(/[\n,]/);
    const [own, wanted] = [cells(found), cells(expected)];
    expect(own.length).toBe(wanted.length);
    for (const [i, cell] of wanted.entries()) {
      const value = Number(cell);
      if (cell === '' || Number.isNaN(value)) expect(own[i]).toBe(cell);
      else expect(Math.abs(Number(own[i]) - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
    }
  }

  // Few shaders, since each takes a second to compile on a processor: small widths, and one page, which keeps them.
  const SMALL = '?rows=28&batch=7&width=6&depth=1&epochs=5&runtime=webgpu';

  test('learns what wasm learns', async () => {
    await page.goto(`${url}/playground${SMALL}`);
    await page.locator('button.play:enabled').waitFor({ timeout: 30_000 });
    expectAlike(await curves(), await reference(SMALL));
    const query = new URLSearchParams(SMALL);
    const choose = async (label: string, key: string, value: string): Promise<void> => {
      // What has come to its end begins anew under other settings.
      await page.getByRole('combobox', { name: label }).selectOption(value);
      await page.getByText('all passes are done').waitFor({ state: 'detached' });
      query.set(key, value);
    };
    const turns = [
      [['Objective', 'objective', 'uncertainty']],
      [
        ['Objective', 'objective', 'upgrad'],
        ['Tasks', 'problem', 'plane'],
      ],
      [
        ['Objective', 'objective', 'equal'],
        ['Sharing', 'sharing', 'mmoe:experts=4'],
        ['Tasks', 'problem', 'regressions'],
      ],
    ] as const;
    for (const turn of turns) {
      for (const [label, key, value] of turn) await choose(label, key, value);
      expectAlike(await curves(), await reference(`?${query}`));
    }
    expect(await page.getByLabel('Runtime').inputValue()).toBe('webgpu');
    expect(trouble).toEqual([]);
  }, 150_000);

  test('goes on in wasm from where it was when the graphics process is gone', async () => {
    const step = async (): Promise<number> => Number(await page.locator('.step').textContent());
    const patient = { timeout: 20_000 };
    const before = await step();
    await page.getByLabel('Passes over the rows').fill('5000');
    await page.getByLabel('Passes over the rows').press('Enter');
    await button('Play').click();
    await expect.poll(step, patient).toBeGreaterThan(before);
    const session = await browser!.newBrowserCDPSession();
    await session.send('Browser.crashGpuProcess');
    await page.getByRole('alert').waitFor(patient);
    expect(await page.getByRole('alert').textContent()).toMatch(/^WebGPU failed: .* in WebAssembly\.$/);
    const then = await step();
    expect(then).toBeGreaterThanOrEqual(before);
    await expect.poll(step, patient).toBeGreaterThan(then);
    await button('Pause').click();
    expect(await page.getByLabel('Runtime').inputValue()).toBe('wasm');
    expect(new URL(page.url()).searchParams.has('runtime')).toBe(false);
  });

  test('says why it trains in wasm where there is no adapter', async () => {
    const plain = (await openBrowser({ webgpu: false }))!;
    try {
      const other = await plain.newPage();
      await other.goto(`${url}/playground${SMALL}`);
      const alert = other.getByRole('alert');
      await alert.waitFor({ timeout: 20_000 });
      expect(await alert.textContent()).toContain('no graphics adapter');
      await other.getByRole('button', { name: 'One pass' }).click();
      await expect.poll(() => other.locator('.step').textContent(), { timeout: 20_000 }).toBe('4');
      await other.getByLabel('Runtime').focus();
      await other.locator('option[value="webgpu"]:disabled').waitFor({ state: 'attached' });
    } finally {
      await plain.close();
    }
  });
});
