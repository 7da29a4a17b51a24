import { expect, test } from 'vitest';
import { onnxNodes } from '../contract/onnx-nodes.ts';
import { gradient, jacobian } from '../gradient.ts';
import { input } from '../leaf.ts';
import { compile } from '../program.ts';
import { expand, gemm, matmul, mul, reduceSum, reshape, square } from './index.ts';

const x = input('x', [32, 8]);
const w = input('w', [8, 4]);
const b = input('b', [1, 4]);
const g = input('g', [32, 4]);

test('a dense layer is one Gemm, its backward pass two and one with a row of ones for the bias', () => {
  const y = gemm(x, w, b);
  expect(onnxNodes(compile({ y }))).toEqual({ Gemm: 1 });
  const [dx, dw, db] = gradient(reduceSum(mul(y, g)), [x, w, b]);
  expect(onnxNodes(compile({ dx: dx!, dw: dw!, db: db! }))).toEqual({ Gemm: 3 });
});

test('a gradient by the weights alone leaves out that by the input', () => {
  const [dw] = gradient(reduceSum(mul(gemm(x, w, b), g)), [w]);
  expect(onnxNodes(compile({ dw: dw! })).Gemm).toBe(1);
});

test('weights shared by a stack of blocks take one product, not one for each block', () => {
  const stack = input('stack', [5, 32, 8]);
  const [dw] = gradient(reduceSum(matmul(stack, w)), [w]);
  const nodes = onnxNodes(compile({ dw: dw! }));
  expect(nodes.Gemm).toBe(1);
  expect(nodes.MatMul ?? 0).toBe(0);
});

test('task cotangents take one batched product for each operand', () => {
  const losses = reduceSum(mul(matmul(x, w), g), 0);
  const [dx, dw] = jacobian(losses, [x, w]);
  expect(dw!.shape).toEqual([4, 8, 4]);
  expect(onnxNodes(compile({ dx: dx!, dw: dw! })).FusedMatMul).toBe(2);
});

test('a matrix that is stretched over tasks is not copied for the product, nor for its gradient', () => {
  const rows = input('rows', [5, 12, 8]);
  const view = expand(reshape(w, [1, 8, 4]), [5, 8, 4]);
  const y = matmul(rows, view);
  expect(onnxNodes(compile({ y }))).toEqual({ MatMul: 1 });
  const [dview] = gradient(reduceSum(square(y)), [view]);
  expect(dview!.shape).toEqual([5, 8, 4]);
  expect(onnxNodes(compile({ dview: dview! })).Expand).toBeUndefined();
});

test('a product whose other operand has no such axis keeps what was stretched', () => {
  const view = expand(reshape(w, [1, 8, 4]), [5, 8, 4]);
  expect(onnxNodes(compile({ y: matmul(x, view) }))).toMatchObject({ Expand: 1 });
});
