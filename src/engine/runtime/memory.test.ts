import node from 'onnxruntime-node';
import web from 'onnxruntime-web';
import { expect, test } from 'vitest';
import { input } from '../leaf.ts';
import { add } from '../operators/index.ts';
import { compileStep, type Driver } from '../step.ts';
import { tensorData } from '../tensor-data.ts';
import { LocalRuntime, type Ort } from './local.ts';
import type { RuntimeName } from './runtime.ts';

const MB = 2 ** 20;
const SIZE = 16_384;
const CHUNK = 100;
const CASES: readonly [RuntimeName, Driver, number][] = [
  ['native', 'looped', 100_000],
  ['native', 'stepwise', 20_000],
  ['wasm', 'looped', 100_000],
  ['wasm', 'stepwise', 10_000],
];

test.each(CASES)('%s, %s: %i steps leave memory flat', async (name, driver, steps) => {
  if (name === 'wasm') web.env.wasm.numThreads = 1;
  const runtime = new LocalRuntime((name === 'wasm' ? web : node) as unknown as Ort, { name });
  const w = input('w', [SIZE], { role: 'state' });
  const rate = input('rate', [], { role: 'step' });
  const next = add(w, rate);
  const stepper = await runtime.loadStep(
    compileStep({ state: [{ leaf: w, next }], outputs: { rate2: add(rate, rate) } }, { driver }),
  );
  await stepper.write({ w: tensorData(new Float32Array(SIZE), [SIZE]) });
  const inputs = { rate: tensorData(new Float32Array(CHUNK), [CHUNK]) };
  const run = async (many: number): Promise<void> => {
    for (let at = 0; at < many; at += CHUNK) await stepper.advance(CHUNK, inputs);
  };
  await run(steps / 4);
  const before = process.memoryUsage();
  await run(steps);
  const after = process.memoryUsage();
  await runtime.close();
  // A state is 64 KiB: lost once a chunk it would show as 60 MiB at least, once a step as gigabytes.
  expect((after.rss - before.rss) / MB).toBeLessThan(40);
  expect((after.arrayBuffers - before.arrayBuffers) / MB).toBeLessThan(40);
  if (process.env.POLYTASK_MEASURE !== undefined) {
    const grown = (key: 'rss' | 'external' | 'arrayBuffers' | 'heapUsed'): string =>
      `${key} ${((after[key] - before[key]) / MB).toFixed(1)} MiB`;
    console.log(
      name,
      driver,
      steps,
      grown('rss'),
      grown('external'),
      grown('arrayBuffers'),
      grown('heapUsed'),
      after.rss / MB,
    );
  }
});
