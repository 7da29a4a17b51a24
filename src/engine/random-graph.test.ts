import fc from 'fast-check';
import { expect, test } from 'vitest';
import { draw } from './contract/instance.ts';
import { checkGradients } from './contract/numeric.ts';
import { gradient } from './gradient.ts';
import { constant, input } from './leaf.ts';
import * as op from './operators/index.ts';
import type { Tensor } from './tensor.ts';
import { tensorData } from './tensor-data.ts';

const SHAPE = [3, 4];

/** Ways to make a [3, 4] of older ones, each of moderate size. */
const MAKERS: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
  op.add,
  op.sub,
  (a, b) => op.tanh(op.mul(a, b)),
  (a, b) => op.div(a, op.add(op.square(b), 1)),
  (a) => op.sigmoid(a),
  (a) => op.softplus(a),
  (a) => op.gelu(a),
  (a) => op.silu(a),
  (a) => op.erf(a),
  (a) => op.exp(op.tanh(a)),
  (a) => op.log(op.add(op.square(a), 1)),
  (a) => op.sqrt(op.add(op.square(a), 1)),
  (a) => op.relu(a),
  (a) => op.elu(a),
  (a, b) => op.maximum(a, op.sub(b, 0.1)),
  (a) => op.softmax(a),
  (a) => op.logSoftmax(a, 0),
  (a, b) => op.sub(a, op.reduceMean(b, 0, { keepDims: true })),
  (a, b) => op.add(a, op.unsqueeze(op.logSumExp(b, -1), -1)),
  (a, b) => op.mul(op.matmul(a, op.matmul(a, b, { transposeA: true })), 0.2),
  (a, b) => op.concat([op.slice(a, 1, 0, 2), op.slice(b, 1, 1, 3)], 1),
  (a) => op.transpose(op.reshape(a, [4, 3])),
  (a) => op.gather(a, constant([2, 0, 2], { dtype: 'int32' })),
  (a) => op.pad(op.topK(a, 3).values, -1, 1, 0),
  (a, b) => op.where(op.greater(a, 0.05), a, b),
];

test('gradients of random graphs are right', async () => {
  const graph = fc.array(fc.tuple(fc.nat(MAKERS.length - 1), fc.nat(30), fc.nat(30)), {
    minLength: 6,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(graph, async (steps) => {
      const inputs = ['x', 'y'].map((name) => ({ name, tensor: input(name, SHAPE, { dtype: 'float64' }) }));
      const values = inputs.map(({ tensor }) => tensor);
      for (const [maker, i, j] of steps)
        values.push(MAKERS[maker]!(values[i % values.length]!, values[j % values.length]!));
      const loss = values
        .slice(-2)
        .map((value) => op.reduceSum(op.mul(value, value)))
        .reduce(op.add);
      const wrt = inputs.map(({ tensor }) => tensor);
      const gradients = gradient(loss, wrt);
      expect(gradients.map(({ shape }) => shape)).toEqual([SHAPE, SHAPE]);
      const feeds = Object.fromEntries(
        inputs.map(({ name }) => [name, tensorData(draw(`random ${name}`, SHAPE), SHAPE, 'float64')]),
      );
      await checkGradients([{ label: 'random graph', loss, gradients, inputs }], feeds);
    }),
    { numRuns: 60, seed: 20 },
  );
});
