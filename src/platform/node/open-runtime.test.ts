import { rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildWorker } from '../../../test/support/build-worker.ts';
import { input } from '../../engine/leaf.ts';
import { matmul } from '../../engine/operators/index.ts';
import { compile } from '../../engine/program.ts';
import { ChunkSizer, runChunks } from '../../engine/runtime/chunk.ts';
import { mlpData, mlpInputs, mlpState, mlpStep } from '../../engine/runtime/mlp.test-support.ts';
import type { Runtime } from '../../engine/runtime/runtime.ts';
import { compileStep, type Driver } from '../../engine/step.ts';
import { numbers, type TensorData, tensorData } from '../../engine/tensor-data.ts';
import { openRuntime } from './open-runtime.ts';

vi.setConfig({ testTimeout: 20_000 });

let workerFile: URL;
beforeAll(() => {
  workerFile = buildWorker();
});
afterAll(() => rmSync(new URL('.', workerFile), { recursive: true, force: true }));

async function train(runtime: Runtime, driver: Driver, steps = 40): Promise<TensorData[]> {
  const stepper = await runtime.loadStep(compileStep(mlpStep(), { driver }));
  await stepper.bind(mlpData());
  await stepper.write(mlpState());
  const { losses } = await stepper.advance(steps, mlpInputs(0, steps));
  const state = await stepper.read();
  await runtime.close();
  return [losses!, ...Object.values(state)];
}

function far(one: readonly TensorData[], other: readonly TensorData[]): number {
  const others = other.map(numbers);
  return Math.max(...one.flatMap((t, i) => numbers(t).map((x, j) => Math.abs(x - others[i]![j]!))));
}

describe('a training step', () => {
  test('wasm gives what native gives', async () => {
    const native = await train(await openRuntime({ runtime: 'native', threads: 1, worker: false }), 'looped');
    for (const threads of [1, 2]) {
      const wasm = await openRuntime({ runtime: 'wasm', threads, workerFile });
      expect(wasm.note).toMatch(new RegExp(`^wasm, ${threads} threads? \\(onnxruntime-web 1\\.`));
      expect(far(await train(wasm, 'looped'), native)).toBeLessThan(1e-5);
    }
    const stepwise = await train(await openRuntime({ runtime: 'wasm', threads: 1, workerFile }), 'stepwise');
    expect(far(stepwise, native)).toBeLessThan(1e-5);
  });

  test.each(['looped', 'stepwise'] as const)('%s: a worker gives the bits of this thread', async (driver) => {
    const options = { runtime: 'native', threads: 2 } as const;
    const here = await train(await openRuntime({ ...options, worker: false }), driver);
    expect(await train(await openRuntime({ ...options, workerFile }), driver)).toEqual(here);
  });

  test('cancelled in the middle leaves a state that can be read and gone on with', async () => {
    const whole = await train(await openRuntime({ threads: 1, workerFile }), 'looped', 60);
    const runtime = await openRuntime({ threads: 1, workerFile });
    const stepper = await runtime.loadStep(compileStep(mlpStep(), { driver: 'looped' }));
    await stepper.bind(mlpData());
    await stepper.write(mlpState());
    const controller = new AbortController();
    let at = 0;
    const advance = async (start: number, steps: number): Promise<void> => {
      await stepper.advance(steps, mlpInputs(start, steps));
      at = start + steps;
      if (at >= 20) controller.abort();
    };
    const sizer = new ChunkSizer({ first: 7, most: 7 });
    const { signal } = controller;
    await expect(runChunks({ from: 0, to: 60, sizer, signal, advance })).rejects.toMatchObject({
      code: 'cancelled',
      path: 'step 21',
    });
    const saved = await stepper.read();
    await stepper.write(saved);
    await runChunks({ from: at, to: 60, sizer, advance });
    expect(Object.values(await stepper.read())).toEqual(whole.slice(1));
    await runtime.close();
  });
});

describe('a worker', () => {
  const x = input('x', ['batch', 2]);
  const product = compile({ y: matmul(x, input('w', [2, 1])) }, { name: 'product' });
  const weights = tensorData([3, 4], [2, 1]);

  test('leaves the arrays of its caller alone and serves sessions and resident tensors', async () => {
    const runtime = await openRuntime({ workerFile });
    expect(runtime.note).toMatch(/^native, \d+ threads? \(onnxruntime-node 1\.\d+\.\d+\)$/);
    const [one, two] = await Promise.all([runtime.load(product), runtime.load(product)]);
    const large = new Float32Array(1000).fill(1);
    const view = tensorData(large.subarray(10, 14), [2, 2]);
    const w = await runtime.upload(weights);
    const runs = await Promise.all([one.run({ x: view, w }), two.run({ x: view, w: weights })]);
    expect(runs.map(({ y }) => numbers(y!))).toEqual([
      [7, 7],
      [7, 7],
    ]);
    expect([large.length, weights.data.length]).toEqual([1000, 2]);
    await runtime.release(w);
    await expect(one.run({ x: view, w })).rejects.toMatchObject({ code: 'input-missing', path: 'product/w' });
    await one.close();
    await one.close();
    await expect(one.run({ x: view, w: weights })).rejects.toMatchObject({ code: 'runtime-failed' });
    expect(numbers((await two.run({ x: view, w: weights })).y!)).toEqual([7, 7]);
    await runtime.close();
  });

  test('errors cross as themselves', async () => {
    const runtime = await openRuntime({ workerFile });
    const session = await runtime.load(product);
    await expect(session.run({ x: weights })).rejects.toMatchObject({
      name: 'PolytaskError',
      code: 'shape-mismatch',
      path: 'product/x',
      expected: 'float32 [batch, 2]',
      found: 'float32 [2, 1]',
    });
    const damaged = { ...product, bytes: product.bytes.slice(0, 40), key: 'damaged' };
    await expect(runtime.load(damaged)).rejects.toMatchObject({ code: 'runtime-failed' });
    await runtime.close();
  });

  test('keeps this thread responsive', async () => {
    const runtime = await openRuntime({ threads: 1, workerFile });
    const stepper = await runtime.loadStep(compileStep(mlpStep(), { driver: 'looped' }));
    await stepper.bind(mlpData());
    await stepper.write(mlpState());
    const inputs = mlpInputs(0, 20_000);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    await stepper.advance(20_000, inputs);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
    await runtime.close();
  });

  test('that is closed says so, and closes once', async () => {
    const runtime = await openRuntime({ workerFile });
    const session = await runtime.load(product);
    await runtime.close();
    await runtime.close();
    await session.close();
    await expect(session.run({ x: weights, w: weights })).rejects.toThrow(/closed/);
    await expect(runtime.load(product)).rejects.toThrow(/closed/);
  });

  test.each([
    ['exits', 'process.exit(3)', /exit code 3/],
    ['throws', "queueMicrotask(() => { throw new Error('out of luck'); })", /out of luck/],
  ])('that %s fails every pending and later call', async (name, crash, message) => {
    const file = new URL(`./${name}.mjs`, workerFile);
    writeFileSync(
      file,
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', ({ name }) => { if (name === 'upload') ${crash}; });
       await import('./worker.mjs');`,
    );
    const runtime = await openRuntime({ workerFile: file });
    const session = await runtime.load(product);
    const pending = [runtime.upload(weights), session.run({ x: tensorData([1, 1], [1, 2]), w: weights })];
    const results = await Promise.allSettled(pending);
    expect(results[0]).toMatchObject({ status: 'rejected', reason: { code: 'runtime-failed' } });
    await expect(runtime.load(product)).rejects.toThrow(message);
    await runtime.close();
  });
});

describe('choosing', () => {
  test('a runtime that does not work is refused with help, here and in a worker', async () => {
    const file = new URL('./blocked.mjs', workerFile);
    writeFileSync(file, blocking('onnxruntime-node'));
    const refused = { code: 'runtime-unavailable', path: 'runtime native' };
    await expect(openRuntime({ runtime: 'native', workerFile: file })).rejects.toMatchObject(refused);
    const runtime = await openRuntime({ threads: 1, workerFile: file });
    expect(runtime.note).toMatch(/^wasm, 1 thread \(.+\); native does not work here: no such package/);
    await runtime.close();
    await expect(openRuntime({ threads: 0, worker: false })).rejects.toThrow(/whole number of threads/);
  });
});

/** A worker in which a package cannot be found. */
function blocking(name: string): string {
  const hooks = `export async function resolve(specifier, context, next) {
    if (specifier === '${name}') throw new Error('no such package');
    return next(specifier, context);
  }`;
  return `import { register } from 'node:module';
    register('data:text/javascript,' + ${JSON.stringify(encodeURIComponent(hooks))});
    await import('./worker.mjs');`;
}
