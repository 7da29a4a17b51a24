import ort from 'onnxruntime-node';
import { afterAll, describe, expect, test } from 'vitest';
import { constant, input } from '../leaf.ts';
import { add, matmul, mul } from '../operators/index.ts';
import { compile } from '../program.ts';
import { compileStep, type Driver, type Step } from '../step.ts';
import type { Tensor } from '../tensor.ts';
import { numbers, type TensorData, tensorData } from '../tensor-data.ts';
import { LocalRuntime, type Ort } from './local.ts';
import { mlpData, mlpInputs, mlpState, mlpStep } from './mlp.test-support.ts';
import type { Runtime } from './runtime.ts';

const open = (threads = 1): Runtime => new LocalRuntime(ort as unknown as Ort, { name: 'native', threads });
const runtime = open();
afterAll(() => runtime.close());

const DRIVERS: readonly Driver[] = ['looped', 'stepwise'];

async function train(on: Runtime, driver: Driver, chunks: readonly number[]): Promise<TensorData[]> {
  const stepper = await on.loadStep(compileStep(mlpStep(), { driver }));
  await stepper.bind(mlpData());
  await stepper.write(mlpState());
  const losses: number[] = [];
  let at = 0;
  for (const steps of chunks) {
    losses.push(...numbers((await stepper.advance(steps, mlpInputs(at, steps))).losses!));
    at += steps;
  }
  const state = await stepper.read();
  await stepper.close();
  return [tensorData(losses, [losses.length]), ...Object.values(state)];
}

describe('a training step', () => {
  test('learns, and both drivers agree to the bit whatever the chunks', async () => {
    const looped = await train(runtime, 'looped', [60]);
    const [losses] = looped;
    expect(losses!.data.at(-1)).toBeLessThan(losses!.data[0]! as number);
    expect(await train(runtime, 'looped', [1, 0, 29, 30])).toEqual(looped);
    expect(await train(runtime, 'stepwise', [60])).toEqual(looped);
    expect(await train(runtime, 'stepwise', [7, 53])).toEqual(looped);
  });

  test('gives the same bits twice with the same threads', async () => {
    const [first, second] = [open(2), open(2)];
    expect(await train(second, 'looped', [60])).toEqual(await train(first, 'looped', [60]));
    await Promise.all([first.close(), second.close()]);
  });
});

describe.each(DRIVERS)('%s', (driver) => {
  const load = (step: Step) => runtime.loadStep(compileStep(step, { driver }));

  test('zero steps give empty outputs and leave the state', async () => {
    const stepper = await load(mlpStep());
    await stepper.bind(mlpData());
    await stepper.write(mlpState());
    const { losses } = await stepper.advance(0, mlpInputs(0, 0));
    expect(losses!.shape).toEqual([0, 2]);
    expect(await stepper.read()).toEqual(mlpState());
  });

  test('a state may be its own next value, an input, a constant, or shared', async () => {
    const state = ['kept', 'fed', 'bound', 'fixed', 'left', 'right'].map((name) =>
      input(name, [2], { role: 'state' }),
    );
    const [kept, fed, bound, fixed, left, right] = state;
    const per = input('per', [2], { role: 'step' });
    const given = input('given', [2]);
    const next = [kept!, per, given, constant([5, 6]), right!, left!];
    const stepper = await load({
      state: state.map((leaf, i) => ({ leaf, next: next[i]! })),
      outputs: { seen: kept!, sum: add(fed!, bound!), again: per },
    });
    await stepper.bind({ given: tensorData([7, 8], [2]) });
    await stepper.write(Object.fromEntries(state.map((_, i) => [NAMES[i]!, tensorData([i, i], [2])])));
    const outputs = await stepper.advance(3, { per: tensorData([1, 1, 2, 2, 3, 3], [3, 2]) });
    expect(numbers(outputs.seen!)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(numbers(outputs.sum!)).toEqual([3, 3, 8, 9, 9, 10]);
    expect(numbers(outputs.again!)).toEqual([1, 1, 2, 2, 3, 3]);
    const after = await stepper.read();
    expect(NAMES.map((name) => numbers(after[name]!))).toEqual([
      [0, 0],
      [3, 3],
      [7, 8],
      [5, 6],
      [5, 5],
      [4, 4],
    ]);
    expect(fixed!.shape).toEqual([2]);
  });

  test('a step without state, data or outputs of its own runs', async () => {
    const per = input('per', [], { role: 'step' });
    const stepper = await load({ state: [], outputs: { twice: add(per, per) } });
    expect(numbers((await stepper.advance(3, { per: tensorData([1, 2, 3], [3]) })).twice!)).toEqual([
      2, 4, 6,
    ]);
  });

  test('NaN and infinities pass through the state unharmed', async () => {
    const w = input('w', [4], { role: 'state' });
    const stepper = await load({
      state: [{ leaf: w, next: mul(w, constant(1)) }],
      outputs: { w2: add(w, w) },
    });
    await stepper.write({ w: tensorData([Number.NaN, Infinity, -Infinity, 1], [4]) });
    const { w2 } = await stepper.advance(2, {});
    expect(numbers(w2!).slice(4)).toEqual([Number.NaN, Infinity, -Infinity, 2]);
    expect(numbers((await stepper.read()).w!)).toEqual([Number.NaN, Infinity, -Infinity, 1]);
  });

  test('overlapping calls take effect in order', async () => {
    const n = input('n', [], { role: 'state' });
    const stepper = await load({ state: [{ leaf: n, next: add(n, constant(1)) }], outputs: { n2: n } });
    const calls = [stepper.write({ n: tensorData(0) }), stepper.advance(5, {}), stepper.advance(5, {})];
    const state = await stepper.read();
    expect(numbers(state.n!)).toEqual([10]);
    await Promise.all(calls);
  });

  test('what was written and read shares no memory with the state', async () => {
    const n = input('n', [1], { role: 'state' });
    const stepper = await load({ state: [{ leaf: n, next: add(n, constant(1)) }], outputs: {} });
    const mine = Float32Array.of(1);
    await stepper.write({ n: tensorData(mine, [1]) });
    mine[0] = 100;
    (await stepper.read()).n!.data[0] = 100;
    await stepper.advance(1, {});
    expect(numbers((await stepper.read()).n!)).toEqual([2]);
  });

  test('parts of the state are set and read, the rest stays', async () => {
    const [a, b] = ['a', 'b'].map((name) => input(name, [], { role: 'state' })) as [Tensor, Tensor];
    const next = [a, b].map((leaf) => ({ leaf, next: add(leaf, constant(1)) }));
    const stepper = await load({ state: next, outputs: {} });
    await expect(stepper.write({ a: tensorData(0) })).rejects.toMatchObject({ code: 'input-missing' });
    await stepper.write({ a: tensorData(0), b: tensorData(10) });
    await stepper.advance(2, {});
    await stepper.write({ a: tensorData(5) });
    await stepper.advance(1, {});
    expect(Object.keys(await stepper.read(['b']))).toEqual(['b']);
    const state = await stepper.read();
    expect([state.a, state.b].map((value) => numbers(value!))).toEqual([[6], [13]]);
  });

  test('a step that fails leaves the last state', async () => {
    const stepper = await load(mlpStep());
    await stepper.bind(mlpData());
    await stepper.write(mlpState());
    const inputs = mlpInputs(0, 2);
    (inputs.index!.data as Int32Array).fill(10_000);
    await expect(stepper.advance(2, inputs)).rejects.toMatchObject({ code: 'runtime-failed' });
    expect(await stepper.read()).toEqual(mlpState());
  });

  test('wrong feeds are refused before ONNX Runtime sees them', async () => {
    const stepper = await load(mlpStep());
    await expect(stepper.advance(1, mlpInputs(0, 1))).rejects.toThrow(/bind\(\)/);
    await expect(stepper.bind({ X: mlpData().X! })).rejects.toMatchObject({
      code: 'input-missing',
      path: 'step/Y',
    });
    await stepper.bind(mlpData());
    await expect(stepper.read()).rejects.toThrow(/write\(\)/);
    const { w1, w2 } = mlpState();
    await expect(stepper.write({ w1: w2!, w2: w1! })).rejects.toMatchObject({ code: 'shape-mismatch' });
    await stepper.write(mlpState());
    await expect(stepper.advance(3, mlpInputs(0, 2))).rejects.toMatchObject({
      code: 'shape-mismatch',
      expected: 'int32 [3, 32]',
      found: 'int32 [2, 32]',
    });
    await expect(stepper.advance(-1, {})).rejects.toMatchObject({ code: 'shape-mismatch' });
  });
});

const NAMES = ['kept', 'fed', 'bound', 'fixed', 'left', 'right'];

describe('sessions', () => {
  const x = input('x', ['batch', 2]);
  const w = input('w', [2, 1]);
  const product = compile({ y: matmul(x, w) }, { name: 'product' });
  const [ones, weights] = [tensorData([1, 1, 2, 2], [2, 2]), tensorData([3, 4], [2, 1])];

  test('take resident tensors and views of larger arrays', async () => {
    const session = await runtime.load(product);
    const handle = await runtime.upload(weights);
    const view = new Float32Array([9, 9, 1, 1, 2, 2]).subarray(2);
    expect(numbers((await session.run({ x: tensorData(view, [2, 2]), w: handle })).y!)).toEqual([7, 14]);
    await runtime.release(handle);
    await expect(session.run({ x: ones, w: handle })).rejects.toMatchObject({ code: 'input-missing' });
    await session.close();
  });

  test('overlap without harm', async () => {
    const session = await runtime.load(product);
    const runs = Array.from({ length: 8 }, (_, i) =>
      session.run({ x: tensorData([i, i], [1, 2]), w: weights }),
    );
    expect((await Promise.all(runs)).map(({ y }) => numbers(y!)[0])).toEqual(runs.map((_, i) => 7 * i));
  });

  test('are shared by equal programs and freed by the last', async () => {
    const [one, two] = [await runtime.load(product), await runtime.load(product)];
    await one.close();
    await one.close();
    expect(numbers((await two.run({ x: ones, w: weights })).y!)).toEqual([7, 14]);
    await expect(one.run({ x: ones, w: weights })).rejects.toMatchObject({ code: 'runtime-failed' });
    await two.close();
  });

  test('refuse wrong elements, sizes and uploads', async () => {
    const session = await runtime.load(product);
    const bad = { dtype: 'float32', shape: [2, 2], data: new Int32Array(4) } as const;
    await expect(session.run({ x: bad, w: weights })).rejects.toMatchObject({ code: 'dtype-mismatch' });
    const short = { dtype: 'float32', shape: [2, 2], data: new Float32Array(3) } as const;
    await expect(session.run({ x: short, w: weights })).rejects.toMatchObject({ code: 'shape-mismatch' });
    await expect(runtime.upload(short)).rejects.toMatchObject({ code: 'shape-mismatch' });
    const wrong = await runtime.upload(ones);
    await expect(session.run({ x: ones, w: wrong })).rejects.toMatchObject({ code: 'shape-mismatch' });
  });

  test('of a closed runtime say so', async () => {
    const closed = open();
    const session = await closed.load(product);
    await closed.close();
    await closed.close();
    await expect(session.run({ x: ones, w: weights })).rejects.toThrow(/closed/);
    await expect(closed.load(product)).rejects.toThrow(/closed/);
    await session.close();
  });

  test('names that clash are refused as the step is compiled', () => {
    const steps = input('steps', [], { role: 'step' });
    for (const driver of DRIVERS)
      expect(() => compileStep({ state: [], outputs: { y: add(steps, steps) } }, { driver })).toThrow(
        /"steps"/,
      );
    const leaf = input('loss', [], { role: 'step' });
    expect(() => compileStep({ state: [], outputs: { loss: leaf } }, { driver: 'looped' })).toThrow(/Rename/);
  });
});
