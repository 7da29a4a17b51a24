import { describe, expect, test } from 'vitest';
import { PolytaskError } from '../common/error.ts';
import { expectClose, ndOf } from './contract/close.ts';
import { draw } from './contract/instance.ts';
import { onnxNodes } from './contract/onnx-nodes.ts';
import { evaluate, optimised } from './contract/runtimes.ts';
import { blockJacobian, gradient, jacobian } from './gradient.ts';
import { merge, topological } from './graph.ts';
import { input } from './leaf.ts';
import {
  add,
  exp,
  gather,
  matmul,
  mul,
  reduceMean,
  reduceSum,
  relu,
  softplus,
  square,
  stack,
  stopGradient,
  sub,
  topK,
  transpose,
} from './operators/index.ts';
import { compile } from './program.ts';
import { apply, type Operator, scope, type Tensor } from './tensor.ts';
import { numbers, type TensorData, tensorData } from './tensor-data.ts';

const double = { dtype: 'float64' } as const;
const feed = (name: string, shape: readonly number[]): TensorData =>
  tensorData(draw(name, shape), shape, 'float64');
const nodeCount = (outputs: readonly Tensor[]): number => topological(merge(outputs)).length;

describe('a network of two layers', () => {
  // h = relu(x V), p = h w, loss = mean (p − y)².
  const x = input('x', [2, 2], double);
  const v = input('v', [2, 2], double);
  const w = input('w', [2, 1], double);
  const y = input('y', [2, 1], double);
  const loss = reduceMean(square(sub(matmul(relu(matmul(x, v)), w), y)));
  const feeds = {
    x: tensorData([1, 2, -1, 1], [2, 2], 'float64'),
    v: tensorData([1, -1, 0.5, 2], [2, 2], 'float64'),
    w: tensorData([3, -2], [2, 1], 'float64'),
    y: tensorData([1, 0], [2, 1], 'float64'),
  };

  test('has the gradient derived by hand', async () => {
    // x V = [2 3; −½ 3], h = [2 3; 0 3], p = [0; −6], loss = (1 + 36)/2, dp = p − y = [−1; −6].
    const [dv, dw, dx] = gradient(loss, [v, w, x]);
    const out = await evaluate(optimised, { loss, dv: dv!, dw: dw!, dx: dx! }, feeds);
    // dh = dp wᵀ = [−3 2; −18 12], masked [−3 2; 0 12]; dw = hᵀ dp; dV = xᵀ dh; dx = dh Vᵀ.
    expectClose(ndOf(out.loss!), { shape: [], data: [18.5] }, 1e-14, 'loss');
    expectClose(ndOf(out.dw!), { shape: [2, 1], data: [-2, -21] }, 1e-14, 'dw');
    expectClose(ndOf(out.dv!), { shape: [2, 2], data: [-3, -10, -6, 16] }, 1e-14, 'dv');
    expectClose(ndOf(out.dx!), { shape: [2, 2], data: [-5, 2.5, -12, 24] }, 1e-14, 'dx');
  });

  test('can be differentiated by a value in its middle', async () => {
    const hidden = matmul(x, v);
    const [dh] = gradient(reduceSum(square(relu(hidden))), [hidden]);
    const { g } = await evaluate(optimised, { g: dh! }, feeds);
    expectClose(ndOf(g!), { shape: [2, 2], data: [4, 6, 0, 6] }, 1e-14, 'dh');
  });

  test('a tensor of losses is summed', async () => {
    const [a] = gradient(square(x), [x]);
    const { g } = await evaluate(optimised, { g: a! }, feeds);
    expectClose(ndOf(g!), { shape: [2, 2], data: [2, 4, -2, 2] }, 1e-14, 'dx');
  });
});

describe('zero gradients', () => {
  const x = input('x', [2, 3], double);
  const other = input('other', [4], double);
  const loss = reduceSum(square(x));

  test('of a tensor that the loss does not see', async () => {
    const [dx, zero] = gradient(loss, [x, other]);
    const rows = jacobian(stack([loss, loss]), [other]);
    const out = await evaluate(optimised, { dx: dx!, zero: zero!, rows: rows[0]! }, { x: feed('x', [2, 3]) });
    expectClose(ndOf(out.zero!), { shape: [4], data: [0, 0, 0, 0] }, 0, 'zero');
    expectClose(ndOf(out.rows!), { shape: [2, 4], data: new Array(8).fill(0) }, 0, 'rows');
  });

  test('of a named dimension', () => {
    const [zero] = gradient(loss, [input('free', ['batch', 2], double)]);
    expect(zero!.shape).toEqual(['batch', 2]);
  });

  test('through stopGradient', async () => {
    const [dx] = gradient(reduceSum(mul(stopGradient(x), x)), [x]);
    const values = feed('x', [2, 3]);
    const { g } = await evaluate(optimised, { g: dx! }, { x: values });
    expectClose(ndOf(g!), ndOf(values), 1e-15, 'dx');
  });
});

describe('an operator without derivative', () => {
  const opaque: Operator = {
    name: 'opaque',
    infer: ([x]) => [{ dtype: x!.dtype, shape: x!.shape }],
    emit: (_, inputs) => inputs,
  };
  const x = input('x', [2], double);
  const y = scope('head', () => apply(opaque, [x], {})[0]!);

  test('is named with its layer', () => {
    let error: unknown;
    try {
      gradient(reduceSum(y), [x]);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(PolytaskError);
    expect(error).toMatchObject({ code: 'gradient-undefined', path: 'head/opaque', found: 'opaque' });
  });

  test('is no obstacle where no gradient passes', () => {
    const w = input('w', [2], double);
    expect(gradient(reduceSum(mul(y, w)), [w])[0]!.shape).toEqual([2]);
    expect(gradient(reduceSum(y), [y])[0]!.shape).toEqual([2]);
  });
});

/** T tasks on one trunk; the losses are one tensor, whatever T. */
function tasks(count: number): { losses: Tensor; wrt: Tensor[]; feeds: Record<string, TensorData> } {
  const shapes = { x: [8, 3], v: [3, 5], w: [5, count], table: [6, 3], y: [8, count] };
  const [x, v, w, table, y] = Object.entries(shapes).map(([name, shape]) => input(name, shape, double));
  const picked = gather(table!, input('rows', [8], { dtype: 'int32' }));
  const out = matmul(softplus(matmul(add(x!, picked), v!)), w!);
  return {
    losses: reduceMean(square(sub(out, y!)), 0),
    wrt: [v!, w!, table!],
    feeds: {
      ...Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, feed(name, shape)])),
      rows: tensorData([0, 5, 2, 2, 1, 0, 5, 5], [8], 'int32'),
    },
  };
}

describe('jacobian', () => {
  test('stacks the gradients of the tasks', async () => {
    const { losses, wrt, feeds } = tasks(4);
    const rows = jacobian(losses, wrt);
    const single = Array.from({ length: 4 }, (_, t) => {
      const choice = input('choice', [], { dtype: 'int32' });
      return { t, choice, gradients: gradient(gather(losses, choice), wrt) };
    });
    const all = await evaluate(optimised, Object.fromEntries(rows.map((g, k) => [`${k}`, g])), feeds);
    for (const { t, gradients } of single) {
      const out = await evaluate(optimised, Object.fromEntries(gradients.map((g, k) => [`${k}`, g])), {
        ...feeds,
        choice: tensorData(Int32Array.of(t), [], 'int32'),
      });
      wrt.forEach((_, k) => {
        const { shape, data } = ndOf(all[k]!);
        const size = data.length / 4;
        const row = { shape: shape.slice(1), data: data.slice(t * size, (t + 1) * size) };
        expectClose(row, ndOf(out[k]!), 1e-13, `task ${t}, parameter ${k}`);
      });
    }
  });

  test('takes as many nodes for 40 tasks as for 2', () => {
    const count = (size: number): number => {
      const { losses, wrt } = tasks(size);
      return nodeCount(jacobian(losses, wrt));
    };
    expect(count(40)).toBe(count(2));
  });

  test('takes a list of scalars', async () => {
    const x = input('x', [2], double);
    const [rows] = jacobian([reduceSum(square(x)), reduceSum(exp(x))], [x]);
    const { g } = await evaluate(optimised, { g: rows! }, { x: tensorData([1, -1], [2], 'float64') });
    expectClose(ndOf(g!), { shape: [2, 2], data: [2, -2, Math.E, 1 / Math.E] }, 1e-14, 'rows');
  });

  test('refuses losses that are not one number a task', () => {
    expect(() => jacobian(input('l', [2, 3]), [])).toThrow(/shape-mismatch at jacobian[\s\S]*\[2, 3\]/);
    expect(() => jacobian(input('l', ['tasks']), [])).toThrow(/shape-mismatch/);
  });
});

describe('blockJacobian', () => {
  /** Task t owns the block x[t]; parameters are shared. */
  const blocks = (count: number): { losses: Tensor; wrt: Tensor[]; feeds: Record<string, TensorData> } => {
    const shapes = { x: [count, 6, 3], y: [count, 6, 2], v: [3, 4], b: [1, 4], w: [4, 2] };
    const [x, y, v, b, w] = Object.entries(shapes).map(([name, shape]) => input(name, shape, double));
    const out = matmul(relu(add(matmul(x!, v!), b!)), w!);
    return {
      losses: reduceMean(square(sub(out, y!)), [-2, -1]),
      wrt: [v!, b!, w!],
      feeds: Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, feed(name, shape)])),
    };
  };

  test('is the jacobian where tasks own blocks of rows', async () => {
    const { losses, wrt, feeds } = blocks(3);
    const outputs = { ...named('b', blockJacobian(losses, wrt)), ...named('j', jacobian(losses, wrt)) };
    const out = await evaluate(optimised, outputs, feeds);
    wrt.forEach((_, k) => {
      expectClose(ndOf(out[`b${k}`]!), ndOf(out[`j${k}`]!), 1e-13, `parameter ${k}`);
    });
  });

  test('refuses losses that do not stand for blocks', () => {
    const { losses, wrt } = blocks(3);
    expect(() => blockJacobian(reduceSum(losses), wrt)).toThrow(/shape-mismatch at blockJacobian/);
    // A bias without a rows axis would meet the rows instead of the tasks.
    const x = input('x', [3, 6, 4], double);
    const bias = input('bias', [4], double);
    expect(() => blockJacobian(reduceMean(add(x, bias), [-2, -1]), [bias])).toThrow(/shape-mismatch/);
  });

  test('takes about as many nodes as a gradient, for any number of tasks', () => {
    const count = (size: number): number => {
      const { losses, wrt } = blocks(size);
      return nodeCount(blockJacobian(losses, wrt));
    };
    const { losses, wrt } = blocks(2);
    expect(count(40)).toBe(count(2));
    expect(count(2)).toBeLessThanOrEqual(nodeCount(gradient(reduceSum(losses), wrt)) + 2 * wrt.length);
  });

  const named = (prefix: string, list: readonly Tensor[]): Record<string, Tensor> =>
    Object.fromEntries(list.map((tensor, k) => [`${prefix}${k}`, tensor]));
});

test('backward nodes are named after the layer that they belong to', () => {
  const x = input('x', [4, 3]);
  const w = input('w', [3, 2]);
  const y = scope('trunk/0', () => matmul(x, w));
  const [dw] = gradient(reduceSum(square(y)), [w]);
  expect(dw!.node.scope).toBe('trunk/0/gradient');
});

test('several outputs of one node send their cotangents back together', async () => {
  const x = input('x', [4], double);
  const { values } = topK(x, 2);
  const [dx] = gradient(reduceSum(mul(values, gather(values, input('swap', [2], { dtype: 'int32' })))), [x]);
  const { g } = await evaluate(
    optimised,
    { g: dx! },
    { x: tensorData([3, 1, 7, 2], [4], 'float64'), swap: tensorData([1, 0], [2], 'int32') },
  );
  expectClose(ndOf(g!), { shape: [4], data: [14, 0, 6, 0] }, 1e-14, 'dx');
});

test('transposing twice costs nothing more than it should', () => {
  const x = input('x', [4, 3]);
  const [dx] = gradient(reduceSum(mul(transpose(x), transpose(x))), [x]);
  expect(onnxNodes(compile({ dx: dx! })).Transpose ?? 0).toBeLessThanOrEqual(2);
});

test('a transpose of a transpose is one, or none', async () => {
  const x = input('x', [2, 3, 4]);
  const turned = transpose(x, [1, 2, 0]);
  expect(onnxNodes(compile({ y: mul(transpose(turned, [2, 0, 1]), 2) })).Transpose).toBeUndefined();
  const twice = mul(transpose(turned, [1, 2, 0]), 2);
  expect(onnxNodes(compile({ y: twice })).Transpose).toBe(1);
  const feed = tensorData(
    Float32Array.from({ length: 24 }, (_, i) => i),
    [2, 3, 4],
  );
  const { y } = await evaluate(optimised, { y: twice }, { x: feed });
  // y[c][a][b] = 2 x[a][b][c]
  expect(y!.shape).toEqual([4, 2, 3]);
  expect(numbers(y!)[(3 * 2 + 1) * 3 + 2]).toBe(2 * ((1 * 3 + 2) * 4 + 3));
});
