import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { gradient, jacobian } from './gradient.ts';
import { input } from './leaf.ts';
import {
  add,
  gather,
  matmul,
  mul,
  reduceMean,
  relu,
  square,
  stack,
  sub,
  transpose,
} from './operators/index.ts';
import { compile } from './program.ts';
import { LocalRuntime, type Ort } from './runtime/local.ts';
import { compileStep } from './step.ts';
import { tensorData } from './tensor-data.ts';

test('a step learns', async () => {
  const X = input('X', [100, 4]);
  const Y = input('Y', [100, 2]);
  const idx = input('idx', [16], { dtype: 'int32', role: 'step' });
  const lr = input('lr', [], { role: 'step' });
  const w1 = input('w1', [4, 8], { role: 'state' });
  const w2 = input('w2', [8, 2], { role: 'state' });
  const x = gather(X, idx);
  const y = gather(Y, idx);
  const out = matmul(relu(matmul(x, w1)), w2);
  const losses = reduceMean(square(sub(out, y)), 0);
  const loss = reduceMean(losses);
  const [g1, g2] = gradient(loss, [w1, w2]);
  const step = {
    state: [
      { leaf: w1, next: sub(w1, mul(g1!, lr)) },
      { leaf: w2, next: sub(w2, mul(g2!, lr)) },
    ],
    outputs: { loss },
  };
  const rt = new LocalRuntime(ort as unknown as Ort, { name: 'native', threads: 1 });
  const r = (n: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898));
  const res: any = [];
  for (const driver of ['looped', 'stepwise'] as const) {
    const p = compileStep(step, { driver });
    const s = await rt.loadStep(p);
    await s.bind({ X: tensorData(r(400), [100, 4]), Y: tensorData(r(200), [100, 2]) });
    await s.write({ w1: tensorData(r(32), [4, 8]), w2: tensorData(r(16), [8, 2]) });
    const K = 50;
    const o = await s.advance(K, {
      idx: tensorData(
        Int32Array.from({ length: K * 16 }, (_, i) => (i * 7) % 100),
        [K, 16],
        'int32',
      ),
      lr: tensorData(new Float32Array(K).fill(0.1), [K]),
    });
    res.push(Array.from(o.loss!.data as Float32Array));
  }
  console.log(res[0].slice(0, 3), res[0].slice(-3));
  expect(res[0]).toEqual(res[1]);
  expect(res[0].at(-1)).toBeLessThan(res[0][0]);
  const J = jacobian(losses, [w1, w2]);
  const p = compile({ a: J[0]!, b: J[1]! });
  expect(p.outputs[0]!.shape).toEqual([2, 4, 8]);
  const s = await rt.load(p);
  const q = await s.run({
    X: tensorData(r(400), [100, 4]),
    Y: tensorData(r(200), [100, 2]),
    idx: tensorData(
      Int32Array.from({ length: 16 }, (_, i) => i),
      [16],
      'int32',
    ),
    w1: tensorData(r(32), [4, 8]),
    w2: tensorData(r(16), [8, 2]),
  });
  console.log(q.a!.shape, q.a!.data.slice(0, 4));
});
