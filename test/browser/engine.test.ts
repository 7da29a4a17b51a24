import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRuntime } from '../../src/platform/node/index.ts';
import { load } from '../../src/serving/index.ts';
import { needsBrowser, openBrowser } from '../support/browser.ts';
import { sampleRows } from '../support/sample.ts';
import { trainSample } from './page.ts';
import { quickRun } from './quick-run.ts';
import { type Server, serve } from './serve.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Inside node_modules, so that git does not see it. */
const bundled = mkdtempSync(join(root, 'node_modules', '.polytask-page-'));

/** What the test reaches in the page; a function sent there could not import, since its imports are rewritten here. */
const PAGE = `<!doctype html><html lang="en"><title>Test</title><link rel="icon" href="data:,"><script type="module">
import * as ort from '/ort/ort.wasm.min.mjs';
import * as tools from '/bundled/page.js';
ort.env.wasm.numThreads = 1;
globalThis.call = async (name, args) => {
  const runtime = tools.runtimeOver(ort);
  try {
    return await tools[name](runtime, ...args);
  } finally {
    await runtime.close();
  }
};
</script></html>`;

interface Report {
  readonly modules: readonly string[];
  readonly imports: readonly string[];
}
let report: Report;
let browser: Browser | undefined;
let server: Server | undefined;
let page: Page;
const trouble: string[] = [];

beforeAll(async () => {
  const script = join(root, 'test', 'support', 'bundle.mjs');
  const args = [script, join(root, 'test', 'browser', 'page.ts'), bundled];
  report = JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })) as Report;
  browser = await openBrowser();
  if (browser === undefined) return;
  const ort = join(root, 'node_modules', 'onnxruntime-web', 'dist');
  server = await serve(PAGE, { bundled, ort });
  page = await browser.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') trouble.push(message.text());
  });
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('requestfailed', (request) => trouble.push(`${request.url()} failed`));
  await page.goto(`${server.origin}/`);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(bundled, { recursive: true, force: true });
});

/** Calls a function of the page module in the browser, over ONNX Runtime's WebAssembly on one thread. */
function inBrowser(name: 'trainSample' | 'predictRows', args: readonly unknown[]): Promise<unknown> {
  type Call = (name: string, args: readonly unknown[]) => Promise<unknown>;
  return page.evaluate(([name, args]) => (globalThis as unknown as { call: Call }).call(name, args), [
    name,
    args,
  ] as const);
}

/** The largest difference between two trees of numbers, relative where they are large; anything else must be equal. */
function difference(found: unknown, expected: unknown): number {
  if (typeof expected === 'number' && typeof found === 'number')
    return Math.abs(found - expected) / Math.max(1, Math.abs(expected));
  if (typeof expected !== 'object' || expected === null) {
    expect(found).toBe(expected);
    return 0;
  }
  expect(Object.keys(found as object)).toEqual(Object.keys(expected));
  const parts = Object.entries(expected).map(([key, value]) =>
    difference((found as Record<string, unknown>)[key], value),
  );
  return Math.max(0, ...parts);
}

test('what a bundler reads for the browser is nothing of Node and no floor that needs it', () => {
  expect(report.imports).toEqual([]);
  const modules = report.modules.map((path) => path.replaceAll('\\', '/'));
  const among = (pattern: RegExp): string[] =>
    [...new Set(modules.flatMap((path) => pattern.exec(path)?.[1] ?? []))].sort();
  expect(among(/\/src\/(\w+)\//)).toEqual([
    'artefact',
    'common',
    'data',
    'diagnosis',
    'engine',
    'model',
    'objective',
    'optimization',
    'problem',
    'serving',
  ]);
  expect(among(/\/src\/data\/sources\/(.*)/)).toEqual(['memory.ts', 'spec.ts']);
  expect(among(/.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/)).toEqual([
    '@bufbuild/protobuf',
    '@noble/hashes',
    'onnx-buf',
  ]);
  expect(modules.filter((path) => isBuiltin(path) || path.includes('browser-external'))).toEqual([]);
});

describe('in the browser', () => {
  beforeEach(needsBrowser);

  test('the page is isolated, so that threads would be allowed', async () => {
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  });

  test.each([
    ['wide', 'shared-bottom'],
    ['wide', 'independent'],
    ['long', 'shared-bottom'],
    ['long', 'independent'],
  ])('a %s sample, %s: the curves of Node, native and wasm', async (sample, sharing) => {
    const found = (await inBrowser('trainSample', [sample, sharing])) as Awaited<
      ReturnType<typeof trainSample>
    >;
    expect(found.losses).toHaveLength(8);
    expect(found.losses.flat(2).every(Number.isFinite)).toBe(true);
    for (const name of ['native', 'wasm'] as const) {
      const runtime = await openRuntime({ runtime: name, threads: 1, worker: false });
      const expected = await trainSample(runtime, sample, sharing);
      await runtime.close();
      expect(difference(found, expected), name).toBeLessThan(1e-4);
    }
    expect(trouble).toEqual([]);
  });

  test('an exported model predicts what it predicts in Node', async () => {
    const folder = await quickRun();
    try {
      const read = (name: string): Buffer => readFileSync(join(folder, 'run', 'model', name));
      const names = ['signature.json', 'encoders.json', 'card.json', 'manifest.json', 'model.onnx'];
      const parts = Object.fromEntries(names.map((name) => [name, new Uint8Array(read(name))]));
      // Odd cells too: missing, unseen.
      const rows = [...sampleRows(50, 3), { colour: 'mauve', note: '' }, {}];
      const model = await load(join(folder, 'run', 'model'));
      const expected = await model.predict(rows);
      await model.close();
      const found = await inBrowser('predictRows', [parts, rows]);
      expect(expected).toHaveLength(52);
      expect(difference(found, expected)).toBeLessThan(1e-5);
      expect(trouble).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
