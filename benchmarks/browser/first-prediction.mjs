/**
 * How long a page takes from the first byte asked for to the first prediction: bundle, runtime's wasm, model, one row.
 *
 *   node benchmarks/browser/first-prediction.mjs [--rounds 9]
 *
 * Needs a build (`npm run build`) and Chromium. Each round is a browser profile of its own, with nothing in its cache. Writes
 * benchmarks/results/browser.json.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/system.mjs';
import { describeMachine } from '../lib/machine.mjs';

const root = resolve(import.meta.dirname, '../..');
const { fit } = await import(join(root, 'dist/index.mjs'));
const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });

const PAGE = `<!doctype html><html lang="en"><title>First prediction</title><link rel="icon" href="data:,"><script type="module">
import { load } from '/browser.mjs';
const model = await load('/model/', { wasm: '/ort-wasm-simd-threaded.wasm' });
const loaded = performance.now();
globalThis.answer = await model.predict({ age: 41, hours: 38, trade: 'baker' });
globalThis.times = { loaded, predicted: performance.now() };
</script></html>`;

const scratch = mkdtempSync(join(tmpdir(), 'polytask-browser-'));
try {
  let state = 1;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const data = Array.from({ length: 2000 }, () => {
    const [age, hours] = [20 + 40 * random(), 20 + 30 * random()];
    return {
      age,
      hours,
      trade: `trade ${Math.floor(20 * random())}`,
      rich: age + hours > 75,
      score: age / hours,
    };
  });
  const { model } = await fit({
    data,
    tasks: { rich: { kind: 'binary' }, score: { kind: 'regression' } },
    baseline: false,
    seeds: 1,
    out: join(scratch, 'run'),
    training: { maxEpochs: 3 },
  });
  await model.close();
  const files = {
    '/browser.mjs': [join(root, 'dist/browser.mjs'), 'text/javascript'],
    '/ort-wasm-simd-threaded.wasm': [
      join(root, 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm'),
      'application/wasm',
    ],
  };
  const server = createServer(({ url }, response) => {
    if (url === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    const [path, type] = files[url] ?? [join(scratch, 'run', url), 'application/octet-stream'];
    try {
      response.writeHead(200, { 'content-type': type }).end(readFileSync(path));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const rounds = [];
  for (let round = 0; round < Number(options.rounds); round++) rounds.push(await once(server.address().port));
  server.close();
  server.closeAllConnections();
  const bundle = readFileSync(join(root, 'dist/browser.mjs'));
  const result = {
    machine: describeMachine(),
    rounds,
    milliseconds: {
      loaded: median(rounds.map(({ loaded }) => loaded)),
      predicted: median(rounds.map(({ predicted }) => predicted)),
      worst: Math.max(...rounds.map(({ predicted }) => predicted)),
    },
    bundle: { bytes: bundle.length, gzip: gzipSync(bundle).length },
  };
  writeFileSync(join(root, 'benchmarks/results/browser.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log(JSON.stringify({ ...result.milliseconds, ...result.bundle }));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function once(port) {
  const browser = await chromium.launch({
    executablePath: findChromium().path,
    args: ['--headless=new', '--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.waitForFunction(() => globalThis.times);
    return await page.evaluate(() => globalThis.times);
  } finally {
    await browser.close();
  }
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
