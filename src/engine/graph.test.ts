import { expect, test } from 'vitest';
import { merge, substitute, topological } from './graph.ts';
import { constant, input } from './leaf.ts';
import {
  add,
  clip,
  exp,
  expand,
  matmul,
  mul,
  pad,
  reduceSum,
  relu,
  reshape,
  slice,
  split,
} from './operators/index.ts';
import { type Node, scope } from './tensor.ts';

const x = input('x', [2, 3]);
const y = input('y', [2, 3]);
const int64 = (value: bigint): typeof x => constant(BigInt64Array.of(value), { shape: [], dtype: 'int64' });
const names = (nodes: readonly Node[]): string[] => nodes.map(({ operator }) => operator.name);

test('topological order puts inputs before users, each node once', () => {
  const shared = exp(x);
  const order = topological([add(mul(shared, shared), y), shared]);
  expect(names(order)).toEqual(['input', 'exp', 'mul', 'input', 'add']);
});

test('a graph deeper than the call stack is ordered, merged and substituted', () => {
  let deep = x;
  for (let i = 0; i < 50_000; i++) deep = relu(deep);
  expect(topological([deep]).length).toBe(50_001);
  expect(topological(merge([deep])).length).toBe(50_001);
  expect(topological(substitute([deep], new Map([[x, y]])))[0]).toBe(y.node);
});

test('merge leaves one of nodes that compute the same', () => {
  const [a, b] = merge([add(exp(x), exp(x)), mul(exp(x), constant(2))]);
  expect(names(topological([a!, b!]))).toEqual(['input', 'exp', 'add', 'constant', 'mul']);
  expect(a!.node.inputs[0]).toBe(b!.node.inputs[0]);
});

test('merge keeps the order and number of outputs, and the outputs of one node apart', () => {
  const [first, second] = split(x, [1, 2], 1);
  const [firstAgain, secondAgain] = split(x, [1, 2], 1);
  const merged = merge([first!, second!, firstAgain!, secondAgain!]);
  expect(merged[2]).toBe(merged[0]);
  expect(merged[3]).toBe(merged[1]);
  expect(merged[0]).not.toBe(merged[1]);
});

test.each([
  ['attributes', () => [clip(x, 0, 1), clip(x, 0, 2)]],
  ['infinities', () => [pad(x, 0, 1, 0, Infinity), pad(x, 0, 1, 0, -Infinity)]],
  ['signs of zero', () => [constant(0), constant(-0)]],
  ['dtypes', () => [constant(1), constant(1, { dtype: 'float64' })]],
  ['shapes', () => [constant([1, 2], { shape: [2, 1] }), constant([1, 2], { shape: [1, 2] })]],
  ['large integers', () => [int64(2n ** 60n), int64(2n ** 60n + 1n)]],
  ['transposes', () => [matmul(x, y, { transposeA: true }), matmul(x, y, { transposeB: true })]],
  ['the order of operands', () => [mul(x, y), mul(y, x)]],
] as [string, () => readonly (typeof x)[]][])('merge tells %s apart', (_, build) => {
  const [a, b] = merge(build());
  expect(a).not.toBe(b);
});

test('merge shares a long constant by the array that it is', () => {
  const data = new Float32Array(100).fill(1);
  const [a, b, c] = merge([constant(data), constant(data), constant(Float32Array.from(data))]);
  expect(a).toBe(b);
  expect(c).not.toBe(a);
});

test('merge keeps the last of shapes in a row, and none where it is the first again', () => {
  const flat = reshape(reshape(exp(x), [3, 2]), [6]);
  const [last, back] = merge([relu(flat), relu(reshape(flat, [2, 3]))]);
  expect(names(topological([last!]))).toEqual(['input', 'exp', 'reshape', 'relu']);
  expect(names(topological([back!]))).toEqual(['input', 'exp', 'relu']);
});

test('merge leaves it to a kernel to stretch an operand beside one of full size', () => {
  const row = input('row', [3]);
  const wide = expand(row, [2, 3]);
  const [full, both, one] = merge([mul(wide, x), add(wide, wide), mul(expand(constant(1), [2, 3]), exp(x))]);
  expect(full!.node.inputs).toEqual([row, x]);
  expect(both!.shape).toEqual([2, 3]);
  expect(names(topological([one!]))).toEqual(['input', 'exp']);
});

test('merge pairs vectors elementwise instead of as a stack of matrices', () => {
  const [rows, columns] = [input('rows', ['batch', 1, 8]), input('columns', ['batch', 8, 1])];
  const [inner, outer] = merge([
    matmul(rows, columns),
    matmul(rows, reduceSum(rows, -1, { keepDims: true }), { transposeA: true }),
  ]);
  expect([inner!.shape, outer!.shape]).toEqual([
    ['batch', 1, 1],
    ['batch', 8, 1],
  ]);
  expect(names(topological([inner!, outer!]))).not.toContain('matmul');
  const stack = merge([matmul(input('more', ['batch', 2, 8]), columns)]);
  expect(names(topological(stack))).toContain('matmul');
});

test('merge gives a scalar beside a last axis of size 1 its rank', () => {
  const [scaled] = merge([mul(input('column', [2, 3, 1]), 2)]);
  expect(scaled!.node.inputs[1]!.shape).toEqual([1, 1, 1]);
});

test('a slice of everything is the tensor itself', () => {
  expect(slice(x, 1, 0, 3)).toBe(x);
});

test('merge returns an untouched graph as it is', () => {
  const result = add(exp(x), y);
  expect(merge([result])).toEqual([result]);
  expect(merge([result])[0]).toBe(result);
});

test('substitute shares the nodes that do not depend on what is replaced', () => {
  const kept = exp(y);
  const [replaced, same] = substitute([add(relu(x), kept), kept], new Map([[x, mul(y, 2)]]));
  expect(same).toBe(kept);
  expect(replaced!.node.inputs[1]).toBe(kept);
  expect(topological([replaced!]).some((node) => node === x.node)).toBe(false);
});

test('substitute infers shapes anew and keeps the layer', () => {
  const built = scope('trunk', () => scope('0', () => relu(x)));
  const [lifted] = substitute([built], new Map([[x, input('stack', [4, 2, 3])]]));
  expect(lifted!.shape).toEqual([4, 2, 3]);
  expect(lifted!.node.scope).toBe('trunk/0');
});

test('substitute replaces an output itself, and inner values', () => {
  const inner = exp(x);
  expect(substitute([inner], new Map([[inner, y]]))).toEqual([y]);
  expect(substitute([relu(inner)], new Map([[inner, y]]))[0]!.node.inputs[0]).toBe(y);
});
