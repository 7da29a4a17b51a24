import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { add, compile, input, mul, scope } from '../../engine/index.ts';
import { compose } from './compose.ts';

const model = compile({ y: mul(input('x', ['batch']), 2), z: add(input('x', ['batch']), 1) }).bytes;
const run = async (bytes: Uint8Array): Promise<Record<string, number[]>> => {
  const session = await InferenceSession.create(bytes);
  const x = new Tensor('float32', Float32Array.of(1, 2), [2]);
  const feeds = Object.fromEntries(session.inputNames.map((name) => [name, x]));
  const outputs = await session.run(feeds);
  return Object.fromEntries(
    session.outputNames.map((name) => [name, [...(outputs[name]!.data as Float32Array)]]),
  );
};

test('an output is changed by what stands behind it, and keeps name and place', async () => {
  const raw = input('raw', ['batch']);
  const behind = compile({ y: scope('behind', () => add(mul(raw, raw), 3)) }).bytes;
  const both = compose(model, behind, [{ output: 'y', input: 'raw', as: 'raw' }]);
  expect(Object.entries(await run(both))).toEqual([
    ['y', [7, 19]],
    ['z', [2, 3]],
  ]);
});

test('an input is made by what stands before it', async () => {
  const before = compile({ x: scope('before', () => mul(input('column', ['batch']), 10)) }).bytes;
  const both = compose(before, model, [{ output: 'x', input: 'x', as: 'x' }]);
  const session = await InferenceSession.create(both);
  expect(session.inputNames).toEqual(['column']);
  expect(await run(both)).toEqual({ y: [20, 40], z: [11, 21] });
});
