import { expect, test } from 'vitest';
import { evaluate, optimised } from '../contract/runtimes.ts';
import { gradient } from '../gradient.ts';
import { input } from '../leaf.ts';
import type { Tensor } from '../tensor.ts';
import { numbers, tensorData } from '../tensor-data.ts';
import * as op from './index.ts';

/** The conventions where a derivative is not unique, or where a formula would give NaN. */
const rows: [string, (x: Tensor, y: Tensor) => Tensor, number[], number[], number[], number[]][] = [
  ['relu at 0', (x) => op.relu(x), [0, 0], [0, 0], [0, 0], [0, 0]],
  ['abs at 0', (x) => op.abs(x), [0, -1], [0, 0], [0, -1], [0, 0]],
  ['leakyRelu at 0', (x) => op.leakyRelu(x, 0.1), [0, 1], [0, 0], [0.1, 1], [0, 0]],
  ['clip at its bounds', (x) => op.clip(x, 0, 1), [0, 1], [0, 0], [0, 0], [0, 0]],
  ['minimum at a tie', op.minimum, [2, 3], [2, 1], [1, 0], [0, 1]],
  ['maximum at a tie', op.maximum, [2, 3], [2, 1], [1, 1], [0, 0]],
  ['reduceMax at a tie', (x) => op.reduceMax(x), [2, 2], [0, 0], [0.5, 0.5], [0, 0]],
  ['reduceMin at a tie', (x) => op.reduceMin(x), [2, 2], [0, 0], [0.5, 0.5], [0, 0]],
  ['pow at 0', op.pow, [0, 0], [2, 1], [0, 1], [0, 0]],
  ['pow with exponent 0', op.pow, [0, 3], [0, 0], [0, 0], [0, Math.log(3)]],
  ['pow of negative numbers', op.pow, [-2, -3], [2, 3], [-4, 27], [0, 0]],
  ['sigmoid far out', (x) => op.sigmoid(x), [-1000, 1000], [0, 0], [0, 0], [0, 0]],
  ['softplus far out', (x) => op.softplus(x), [-1000, 1000], [0, 0], [0, 1], [0, 0]],
  ['gelu far out', (x) => op.gelu(x), [-1e20, 1e20], [0, 0], [0, 1], [0, 0]],
  ['silu far out', (x) => op.silu(x), [-1000, 1000], [0, 0], [0, 1], [0, 0]],
  ['elu far out', (x) => op.elu(x), [-1000, 1000], [0, 0], [0, 1], [0, 0]],
  ['logSumExp of a mask', (x) => op.logSumExp(x), [-Infinity, 3], [0, 0], [0, 1], [0, 0]],
  ['logSumExp of large values', (x) => op.logSumExp(x), [1e4, -1e4], [0, 0], [1, 0], [0, 0]],
];

test.each(['float32', 'float64'] as const)('derivatives at kinks and far out, %s', async (dtype) => {
  const outputs: Record<string, Tensor> = {};
  const feeds: Record<string, ReturnType<typeof tensorData>> = {};
  rows.forEach(([, build, atX, atY], i) => {
    const [x, y] = [input(`x${i}`, [2], { dtype }), input(`y${i}`, [2], { dtype })];
    const [dx, dy] = gradient(op.reduceSum(build(x, y)), [x, y]);
    outputs[`dx${i}`] = dx!;
    outputs[`dy${i}`] = dy!;
    feeds[`x${i}`] = tensorData(atX, [2], dtype);
    feeds[`y${i}`] = tensorData(atY, [2], dtype);
  });
  const results = await evaluate(optimised, outputs, feeds);
  rows.forEach(([label, , , , dx, dy], i) => {
    numbers(results[`dx${i}`]!).forEach((value, k) => {
      expect(value, `${label}: by x`).toBeCloseTo(dx[k]!, 5);
    });
    numbers(results[`dy${i}`]!).forEach((value, k) => {
      expect(value, `${label}: by y`).toBeCloseTo(dy[k]!, 5);
    });
  });
});
