import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { packModel } from '../../src/artefact/index.ts';
import { flatten } from '../../src/cli/output/flatten.ts';
import { RandomStream } from '../../src/common/random.ts';
import { fit, openSource } from '../../src/index.ts';
import type { Model } from '../../src/serving/index.ts';
import { needsBrowser, openBrowser } from '../support/browser.ts';
import { builtCli } from '../support/built-cli.ts';
import { polytask } from '../support/run-cli.ts';
import { sampleRows } from '../support/sample.ts';
import { type Server, serve } from './serve.ts';

// The bundle that pages load, in a real browser: on a thousand rows it predicts what Node does, from a folder and from one file.

const root = fileURLToPath(new URL('../../', import.meta.url));
const random = new RandomStream(8, 'browser rows');
const PAGE = `<!doctype html><html lang="en"><title>Test</title><link rel="icon" href="data:,"><script type="module">
import { load } from '/package/browser.mjs';
globalThis.models = new Map();
globalThis.open = async (name, from) => {
  const model = await load(from, { wasm: '/ort/ort-wasm-simd-threaded.wasm' });
  models.set(name, model);
};
</script></html>`;

/** Rows with an input for every kind of encoder; unlike the training rows some lack cells or hold what those never did. */
function rowsOf(count: number, odd: boolean): Record<string, unknown>[] {
  return sampleRows(count, odd ? 77 : 5).map((row, i) => {
    const draw = (k: number): number => random.uniform(16 * i + k, Number(odd));
    const cells: Record<string, unknown> = {
      ...row,
      x: Number(row.x),
      amount: Number(row.amount),
      when: new Date(String(row.when)),
      skewed: Math.exp(3 * random.normal(8 * i + 6, Number(odd))),
      agreed: draw(0) < 0.5,
      code: `c${Math.floor(40 * draw(1))}`,
    };
    if (!odd) return cells;
    const inputs = ['x', 'skewed', 'agreed', 'code', 'colour', 'when', 'note'];
    for (const [k, name] of inputs.entries()) if (draw(2 + k) < 0.15) cells[name] = null;
    if (draw(9) < 0.1) cells.colour = 'mauve';
    if (draw(10) < 0.1) cells.note = 'ünseen wörds 🎈';
    if (draw(11) < 0.1) delete cells.when;
    if (draw(12) < 0.05) cells.skewed = 1e30;
    return cells;
  });
}

const train = rowsOf(300, false);
const asked = rowsOf(1000, true);
const settings = {
  data: train,
  exclude: ['side', 'patient', 'importance'],
  encoders: { code: { kind: 'categorical', maxCardinality: 4 } },
  baseline: false,
  seeds: 2,
  seed: 3,
  training: { maxEpochs: 3 },
} as const;
const PROBLEMS = {
  wide: {
    ...settings,
    exclude: [...settings.exclude, 'school'],
    tasks: {
      flag: { kind: 'binary' },
      amount: { kind: 'regression' },
      range: { kind: 'regression', column: 'amount', loss: 'quantile' },
      visits: { kind: 'count' },
      size: { kind: 'ordinal' },
      shape: { kind: 'multiclass' },
      tags: { kind: 'multilabel' },
    },
    model: { sharing: 'mmoe:experts=2', hidden: [8] },
  },
  long: {
    ...settings,
    exclude: [...settings.exclude, 'flag', 'visits', 'size', 'shape', 'tags'],
    tasks: { amount: { kind: 'regression' } },
    by: 'school',
    model: { numeric: 'piecewise-linear', hidden: [8] },
    committee: true,
  },
} as const;

const scratch = mkdtempSync(join(tmpdir(), 'polytask-page-'));
const models = new Map<string, Model>();
let dist: string;
let browser: Browser | undefined;
let server: Server | undefined;
let page: Page;
const trouble: string[] = [];

beforeAll(async () => {
  dist = dirname(await builtCli());
  for (const [name, problem] of Object.entries(PROBLEMS)) {
    const { model } = await fit({ ...problem, out: join(scratch, name) } as never);
    models.set(name, model as unknown as Model);
    const folder = join(scratch, name, 'model');
    const files = new Map(
      readdirSync(folder).map((file) => [file, new Uint8Array(readFileSync(join(folder, file)))]),
    );
    writeFileSync(join(scratch, `${name}.onnx`), packModel(files));
  }
  browser = await openBrowser();
  if (browser === undefined) return;
  const ort = join(root, 'node_modules', 'onnxruntime-web', 'dist');
  server = await serve(PAGE, { package: dist, ort, runs: scratch });
  page = await browser.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) trouble.push(message.text());
  });
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(server!.origin)) trouble.push(`asked for ${request.url()}`);
  });
  await page.goto(`${server.origin}/`);
  await page.waitForFunction(() => 'open' in globalThis);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  for (const model of models.values()) await model.close();
  rmSync(scratch, { recursive: true, force: true });
});

interface PageGlobals {
  open(name: string, from: string): Promise<void>;
  models: Map<string, Model>;
}

async function predictInPage(name: string, from: string): Promise<unknown[]> {
  await page.evaluate(([name, from]) => (globalThis as unknown as PageGlobals).open(name, from), [
    name,
    from,
  ] as const);
  return page.evaluate(
    async ([name, rows]) => {
      const model = (globalThis as unknown as PageGlobals).models.get(name)!;
      const predictions = await model.predict(rows);
      await model.close();
      return predictions;
    },
    [name, asked] as const,
  );
}

/** The largest difference of numbers, relative where they are large; all else must be equal. */
function difference(found: unknown, expected: unknown): number {
  if (typeof expected === 'number') {
    expect(Number.isFinite(found)).toBe(true);
    return Math.abs((found as number) - expected) / Math.max(1, Math.abs(expected));
  }
  if (typeof expected !== 'object' || expected === null) {
    expect(found).toBe(expected);
    return 0;
  }
  expect(Object.keys(found as object)).toEqual(Object.keys(expected));
  return Math.max(
    0,
    ...Object.entries(expected).map(([key, value]) =>
      difference((found as Record<string, unknown>)[key], value),
    ),
  );
}

/** Numbers alone: a label may fall to either side where two classes are within rounding. */
const numbersOf = (predictions: readonly unknown[]): unknown =>
  JSON.parse(JSON.stringify(predictions), (key, value) =>
    key === 'label' || key === 'labels' ? undefined : value,
  );

test.each(Object.keys(PROBLEMS))('%s: rows, columns and a table are predicted alike', async (name) => {
  const model = models.get(name)!;
  const rows = await model.predict(asked);
  expect(rows).toHaveLength(1000);
  const columnNames = [...new Set(asked.flatMap((row) => Object.keys(row)))];
  const columns = Object.fromEntries(
    columnNames.map((column) => [column, asked.map((row) => row[column] ?? null)]),
  );
  const byColumn = (await model.predict(columns)) as Record<string, unknown[]>;
  for (const [task, values] of Object.entries(byColumn))
    expect(values).toEqual(rows.map((row) => (row as Record<string, unknown>)[task]));
  const outputs = await model.predictTable(await openSource(asked));
  const decoded = asked.map((row, i) => model.decode(outputs, i, String(row.school)));
  expect(difference(numbersOf(decoded), numbersOf(rows))).toBeLessThan(1e-6);
});

test.each(Object.keys(PROBLEMS))('%s: the command line predicts a file alike', async (name) => {
  const lines = asked.map((row) => JSON.stringify(row)).join('\n');
  writeFileSync(join(scratch, `${name}.ndjson`), lines);
  const out = `${name}-predictions.ndjson`;
  const args = ['predict', `${name}.onnx`, `${name}.ndjson`, '--out', out, '--quiet'];
  expect((await polytask(args, { cwd: scratch })).code).toBe(0);
  const found = readFileSync(join(scratch, out), 'utf8').trim().split('\n');
  const rows = (await models.get(name)!.predict(asked)) as Record<string, unknown>[];
  const expected = rows.map((row) =>
    Object.fromEntries(Object.entries(row).flatMap(([task, value]) => [...flatten(task, value)])),
  );
  const numeric = (cells: Record<string, unknown>): unknown =>
    Object.fromEntries(Object.entries(cells).filter(([, cell]) => typeof cell === 'number'));
  const differing = difference(
    found.map((line) => numeric(JSON.parse(line))),
    expected.map(numeric),
  );
  expect(differing).toBeLessThan(1e-5);
});

describe('in a page', () => {
  beforeEach(needsBrowser);

  test.each([
    ['wide', '/runs/wide/model/'],
    ['wide', '/runs/wide.onnx'],
    ['long', '/runs/long/model/'],
    ['long', '/runs/long.onnx'],
  ])('a %s model from %s predicts what Node does', async (name, from) => {
    const found = await predictInPage(name, from);
    const expected = await models.get(name)!.predict(asked);
    expect(difference(numbersOf(found), numbersOf(expected))).toBeLessThan(1e-5);
    expect(trouble).toEqual([]);
  });

  test('what is no model ends in an error of ours', async () => {
    const code = (from: string): Promise<unknown> =>
      page.evaluate(
        (from) =>
          (globalThis as unknown as PageGlobals).open('none', from).then(
            () => 'no error',
            (error: { code?: string }) => error.code,
          ),
        from,
      );
    expect(await code('/runs/nothing.onnx')).toBe('model-invalid');
    expect(await code('/runs/nothing/')).toBe('model-invalid');
    expect(await code('/package/browser.mjs')).toBe('model-invalid');
    trouble.length = 0;
  });
});

test('with the script of the runtime the bundle is at most 60 KB gzipped', () => {
  expect(gzipSync(readFileSync(join(dist, 'browser.mjs'))).length).toBeLessThanOrEqual(60 * 1024);
});
