import {
  apply,
  negativeAxis,
  type Operator,
  rank,
  requireFloat,
  shapeError,
  type Tensor,
} from '../tensor.ts';
import { add, div, maximum, mul, sub } from './arithmetic.ts';
import { exp, sqrt, square } from './elementwise.ts';
import { reduceMean, reduceSum } from './reduce.ts';
import { axisSize } from './size.ts';

type AxisAttributes = { axis: number };

export const softmaxOperator: Operator<AxisAttributes> = {
  name: 'softmax',
  infer: ([x]) => {
    requireFloat('softmax', [x!]);
    return [{ dtype: x!.dtype, shape: x!.shape }];
  },
  emit: (graph, inputs, { inputs: [x], attributes: { axis } }) => [
    graph.op('Softmax', inputs, { axis: rank(x!) + axis }),
  ],
  vjp: ({ outputs: [y], attributes: { axis } }, [g]) => {
    if (g === undefined) return [undefined];
    return [mul(y!, sub(g, reduceSum(mul(g, y!), axis, { keepDims: true })))];
  },
};

/** eˣ / Σ eˣ along an axis. */
export function softmax(x: Tensor, axis: number = -1): Tensor {
  return apply(softmaxOperator, [x], { axis: negativeAxis('softmax', x, axis) })[0]!;
}

export const logSoftmaxOperator: Operator<AxisAttributes> = {
  name: 'logSoftmax',
  infer: ([x]) => {
    requireFloat('logSoftmax', [x!]);
    return [{ dtype: x!.dtype, shape: x!.shape }];
  },
  // Spelled out, because WebGPU has no LogSoftmax kernel.
  emit: (graph, [x], { inputs, attributes: { axis } }) => {
    const axes = graph.int64s([rank(inputs[0]!) + axis]);
    const shifted = graph.op('Sub', [x!, graph.op('ReduceMax', [x!, axes], { keepdims: 1 })]);
    const sum = graph.op('ReduceSum', [graph.op('Exp', [shifted]), axes], { keepdims: 1 });
    return [graph.op('Sub', [shifted, graph.op('Log', [sum])])];
  },
  vjp: ({ outputs: [y], attributes: { axis } }, [g]) => {
    if (g === undefined) return [undefined];
    return [sub(g, mul(exp(y!), reduceSum(g, axis, { keepDims: true })))];
  },
};

/** ln softmax(x) along an axis, finite for any finite x. */
export function logSoftmax(x: Tensor, axis: number = -1): Tensor {
  return apply(logSoftmaxOperator, [x], { axis: negativeAxis('logSoftmax', x, axis) })[0]!;
}

type EpsilonAttributes = { epsilon: number };

export const standardiseOperator: Operator<EpsilonAttributes> = {
  name: 'standardise',
  infer: ([x]) => {
    requireFloat('standardise', [x!]);
    if (rank(x!) < 1)
      throw shapeError('standardise', [x!], 'rank 1 or more', 'A scalar has no axis to normalise.');
    return [
      { dtype: x!.dtype, shape: x!.shape },
      { dtype: x!.dtype, shape: [...x!.shape.slice(0, -1), 1] },
    ];
  },
  emit: (graph, [x], { inputs, attributes: { epsilon } }) => {
    const { dtype, shape } = inputs[0]!;
    const last = rank(inputs[0]!) - 1;
    const width = graph.resolve(shape)[last];
    if (dtype === 'float32' && typeof width === 'number' && width > 0) {
      const ones = graph.constant('float32', [width], new Float32Array(width).fill(1));
      const [y, , inverse] = graph.node(
        'LayerNormalization',
        [x!, ones],
        { axis: last, epsilon: { float: epsilon } },
        { outputs: 3 },
      );
      return [y!, inverse!];
    }
    const axes = graph.int64s([last]);
    const centred = graph.op('Sub', [x!, graph.op('ReduceMean', [x!, axes], { keepdims: 1 })]);
    const variance = graph.op('ReduceMean', [graph.op('Mul', [centred, centred]), axes], { keepdims: 1 });
    const deviation = graph.op('Sqrt', [graph.op('Add', [variance, graph.scalar(epsilon, dtype)])]);
    return [graph.op('Div', [centred, deviation]), graph.op('Div', [graph.scalar(1, dtype), deviation])];
  },
  vjp: ({ outputs: [y, inverse] }, [g, gInverse]) => {
    let dx: Tensor | undefined;
    if (g !== undefined) {
      const centred = sub(g, reduceMean(g, -1, { keepDims: true }));
      const along = mul(y!, reduceMean(mul(g, y!), -1, { keepDims: true }));
      dx = mul(inverse!, sub(centred, along));
    }
    if (gInverse !== undefined) {
      // d(inverse)/dx = −inverse² y / n.
      const share = div(mul(mul(inverse!, inverse!), y!), y!.shape.at(-1) as number);
      const part = mul(gInverse, mul(share, -1));
      dx = dx === undefined ? part : add(dx, part);
    }
    return [dx];
  },
};

/** (x − mean) / √(variance + ε) over the last axis, and 1 / √(variance + ε). */
export function standardise(x: Tensor, epsilon: number = 1e-5): readonly Tensor[] {
  return apply(standardiseOperator, [x], { epsilon });
}

/**
 * (x − mean) / √(variance + ε) over the last axis, times scale, plus bias.
 *
 * J. Ba, J. Kiros, G. Hinton: Layer Normalization. arXiv 1607.06450.
 *
 * @param x [..., width]
 * @param scale, bias broadcast against x
 */
export function layerNorm(x: Tensor, scale?: Tensor, bias?: Tensor, epsilon: number = 1e-5): Tensor {
  const normal = standardise(x, epsilon)[0]!;
  const scaled = scale === undefined ? normal : mul(normal, scale);
  return bias === undefined ? scaled : add(scaled, bias);
}

/** Running mean and variance of batch norm, [..., 1, width], and how fast they follow. */
export interface RunningStatistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly momentum?: number;
}

export interface BatchNormResult {
  readonly output: Tensor;
  /** What the running statistics become after this batch: running ← (1 − momentum) running + momentum batch. */
  readonly next: { readonly mean: Tensor; readonly variance: Tensor };
}

/**
 * Batch normalisation over the batch axis (−2), with the statistics of the batch (training).
 * The running variance takes the unbiased estimate, the batch itself the biased one.
 *
 * S. Ioffe, C. Szegedy: Batch Normalization. arXiv 1502.03167.
 *
 * @param x [..., batch, width]; scale, bias [..., 1, width]
 */
export function batchNorm(
  x: Tensor,
  running: RunningStatistics,
  scale?: Tensor,
  bias?: Tensor,
  epsilon: number = 1e-5,
): BatchNormResult {
  const { momentum = 0.1 } = running;
  const mean = reduceMean(x, -2, { keepDims: true });
  const centred = sub(x, mean);
  const variance = reduceMean(square(centred), -2, { keepDims: true });
  const output = affine(div(centred, sqrt(add(variance, epsilon))), scale, bias);
  const size = axisSize(x, -2);
  const unbiased = mul(variance, div(size, maximum(sub(size, 1), 1)));
  const follow = (old: Tensor, batch: Tensor): Tensor => add(mul(old, 1 - momentum), mul(batch, momentum));
  return { output, next: { mean: follow(running.mean, mean), variance: follow(running.variance, unbiased) } };
}

/** Batch normalisation with the running statistics (prediction). */
export function batchNormInference(
  x: Tensor,
  running: RunningStatistics,
  scale?: Tensor,
  bias?: Tensor,
  epsilon: number = 1e-5,
): Tensor {
  return affine(div(sub(x, running.mean), sqrt(add(running.variance, epsilon))), scale, bias);
}

function affine(x: Tensor, scale?: Tensor, bias?: Tensor): Tensor {
  const scaled = scale === undefined ? x : mul(x, scale);
  return bias === undefined ? scaled : add(scaled, bias);
}
