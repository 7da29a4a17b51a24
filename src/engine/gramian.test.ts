import * as native from 'onnxruntime-node';
import { afterAll, describe, expect, test } from 'vitest';
import { gramian, jacobianRows } from './gramian.ts';
import { topological } from './graph.ts';
import {
  compile,
  input,
  jacobian,
  matmul,
  mul,
  numbers,
  reduceMean,
  relu,
  square,
  type Tensor,
  tensorData,
} from './index.ts';
import { LocalRuntime, type Ort } from './runtime/local.ts';

const runtime = new LocalRuntime(native as unknown as Ort, { name: 'native' });
afterAll(() => runtime.close());

async function evaluate(
  outputs: Record<string, Tensor>,
  feeds: Record<string, Tensor>,
): Promise<Record<string, number[]>> {
  const session = await runtime.load(compile(outputs));
  let next = 1;
  const draw = (): number => Math.sin(next++ * 12.9898) * 1.5;
  const values = Object.fromEntries(
    Object.entries(feeds).map(([name, { shape }]) => {
      const size = (shape as number[]).reduce((a, b) => a * b, 1);
      return [name, tensorData(Float64Array.from({ length: size }, draw), shape as number[], 'float64')];
    }),
  );
  const found = await session.run(values);
  await session.close();
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, numbers(value)]));
}

const leaf = (name: string, shape: readonly number[]): Tensor => input(name, shape, { dtype: 'float64' });

describe.each([[[]], [[2]]])('replicas %j', (lead) => {
  const x = leaf('x', [...lead, 5, 3]);
  const trunk = leaf('trunk', [...lead, 3, 8]);
  const heads = leaf('heads', [...lead, 8, 4]);
  const z = relu(matmul(x, trunk));
  const each = reduceMean(square(matmul(z, heads)), -2);
  const losses = lead.length === 0 ? each : reduceMean(each, 0);

  test('by the smaller factor it is what it is by the rows', async () => {
    const [part] = jacobian(losses, [z]) as [Tensor];
    const rows = jacobianRows(part, lead.length);
    expect(rows.shape).toEqual([...lead, 4, 40]);
    const short = gramian(part, lead.length);
    const found = await evaluate(
      { short, whole: matmul(rows, rows, { transposeB: true }) },
      { x, trunk, heads },
    );
    found.whole!.forEach((value, i) => {
      expect(found.short![i]).toBeCloseTo(value, 10);
    });
    // The cotangent of z itself is not among what is computed.
    const largest = Math.max(
      ...topological([short]).flatMap(({ outputs }) =>
        outputs.map(({ shape }) => (shape as number[]).reduce((a, b) => a * b, 1)),
      ),
    );
    expect(largest).toBeLessThan(rows.shape.reduce((a: number, b) => a * (b as number), 1));
  });

  test('of a layer that is wider than the batch, too', async () => {
    // Five rows, eight units.
    const hidden = relu(matmul(x, trunk));
    const wide = leaf('wide', [...lead, 8, 6]);
    const own = reduceMean(square(matmul(relu(matmul(hidden, wide)), leaf('out', [...lead, 6, 4]))), -2);
    const [part] = jacobian(lead.length === 0 ? own : reduceMean(own, 0), [wide]) as [Tensor];
    const rows = jacobianRows(part, lead.length);
    const short = gramian(part, lead.length);
    const found = await evaluate(
      { short, whole: matmul(rows, rows, { transposeB: true }) },
      { x, trunk, wide, out: leaf('out', [...lead, 6, 4]) },
    );
    expect(Math.max(...found.whole!.map(Math.abs))).toBeGreaterThan(1e-6);
    found.whole!.forEach((value, i) => {
      expect(found.short![i]).toBeCloseTo(value, 10);
    });
    expect(topological([short])).not.toContain(part.node);
  });

  test('of weights it is the inner products of the rows', async () => {
    const [part] = jacobian(mul(losses, losses), [trunk]) as [Tensor];
    const found = await evaluate(
      { gramian: gramian(part, lead.length), rows: jacobianRows(part, lead.length) },
      { x, trunk, heads },
    );
    const size = 24;
    for (let s = 0; s < (lead[0] ?? 1); s++)
      for (let t = 0; t < 4; t++)
        for (let u = 0; u < 4; u++) {
          let sum = 0;
          for (let i = 0; i < size; i++)
            sum += found.rows![(s * 4 + t) * size + i]! * found.rows![(s * 4 + u) * size + i]!;
          expect(found.gramian![(s * 4 + t) * 4 + u]).toBeCloseTo(sum, 10);
        }
  });
});
