import type { GraphBuilder } from '../onnx/builder.ts';
import {
  apply,
  dtypeError,
  negativeAxis,
  type Operator,
  rank,
  requireFloat,
  type Shape,
  sameShape,
  shapeError,
  type Tensor,
} from '../tensor.ts';
import { tensorData } from '../tensor-data.ts';
import { add, cast, div, equal, mul, sub } from './arithmetic.ts';
import { broadcastTo, leadOf } from './broadcast.ts';
import { exp, log } from './elementwise.ts';
import { reshape } from './shape.ts';
import { axisSize } from './size.ts';

type ReduceAttributes = { axes: readonly number[]; keepDims: boolean };
export interface ReduceOptions {
  readonly keepDims?: boolean;
}
export type Reduction = ((
  x: Tensor,
  axes?: number | readonly number[],
  options?: ReduceOptions,
) => Tensor) & {
  readonly operator: Operator<ReduceAttributes>;
};

function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  const reduced = new Set(axes.map((axis) => axis + shape.length));
  if (keepDims) return shape.map((dim, axis) => (reduced.has(axis) ? 1 : dim));
  return shape.filter((_, axis) => !reduced.has(axis));
}

function requireElements(name: string, x: Tensor, from: Shape, to: Shape): void {
  if (from.includes(0) && !to.includes(0))
    throw shapeError(
      name,
      [{ dtype: x.dtype, shape: from }],
      'an axis that is not empty',
      'The reduction of no elements is undefined.',
    );
}

/** Puts size-1 axes back where a reduction removed them, leading axes untouched. */
function restore(g: Tensor, x: Tensor, y: Tensor, { axes }: ReduceAttributes): Tensor {
  const lead = leadOf(g, y);
  const full = reducedShape(x.shape, axes, true);
  // Axes that were removed at the front come back by broadcasting alone.
  const aligned = sameShape(full.slice(full.length - y.shape.length), y.shape);
  return lead.length === 0 && aligned ? g : reshape(g, [...lead, ...full]);
}

/**
 * A row of ones where the rows of a float matrix are summed, as for the gradient of a bias: the product with it is the
 * sum, and several times as fast as the kernel for sums.
 */
function onesForRows(graph: GraphBuilder, x: Tensor, axes: readonly number[]): string | undefined {
  const rows = graph.resolve(x.shape)[0];
  const summed = rank(x) === 2 && axes.length === 1 && axes[0] === -2;
  if (!summed || typeof rows !== 'number' || (x.dtype !== 'float32' && x.dtype !== 'float64'))
    return undefined;
  const { dtype, shape, data } = tensorData(new Array<number>(rows).fill(1), [1, rows], x.dtype);
  return graph.constant(dtype, shape as number[], data);
}

function reduction(
  name: string,
  onnx: string,
  demands: { readonly float?: true; readonly elements?: true },
  vjp: (g: Tensor, x: Tensor, y: Tensor, attributes: ReduceAttributes) => Tensor,
): Reduction {
  const operator: Operator<ReduceAttributes> = {
    name,
    infer: ([x], { axes, keepDims }) => {
      if (demands.float) requireFloat(name, [x!]);
      if (x!.dtype === 'bool') throw dtypeError(name, 'numbers', [x!]);
      const shape = reducedShape(x!.shape, axes, keepDims);
      if (demands.elements) requireElements(name, x!, x!.shape, shape);
      return [{ dtype: x!.dtype, shape }];
    },
    emit: (graph, [x], { inputs, outputs, attributes: { axes, keepDims } }) => {
      const dims = graph.resolve(inputs[0]!.shape);
      if (dims.includes(0)) {
        // ONNX Runtime leaves an empty tensor's shape as it is instead of reducing it.
        const shape = graph.resolve(outputs[0]!.shape);
        if (demands.elements) requireElements(name, inputs[0]!, dims, shape);
        return [graph.op('Expand', [graph.scalar(0, inputs[0]!.dtype), graph.shapeValue(shape)])];
      }
      const rows = onnx === 'ReduceSum' ? onesForRows(graph, inputs[0]!, axes) : undefined;
      if (rows === undefined)
        return [graph.op(onnx, [x!, graph.int64s(axes)], { keepdims: keepDims ? 1 : 0 })];
      const sums = graph.op('Gemm', [rows, x!]);
      return [
        keepDims
          ? sums
          : graph.op('Reshape', [sums, graph.reshapeValue(outputs[0]!.shape)], { allowzero: 1 }),
      ];
    },
    vjp: ({ inputs: [x], outputs: [y], attributes }, [g]) => [g && vjp(g, x!, y!, attributes)],
  };
  const build = (x: Tensor, axes?: number | readonly number[], options: ReduceOptions = {}): Tensor => {
    const list =
      axes === undefined ? x.shape.map((_, axis) => axis) : typeof axes === 'number' ? [axes] : axes;
    const negative = list.map((axis) => negativeAxis(name, x, axis)).sort((a, b) => a - b);
    if (new Set(negative).size !== negative.length)
      throw shapeError(name, [x], 'distinct axes', `An axis is named twice in [${list.join(', ')}].`);
    if (negative.length === 0) return x;
    return apply(operator, [x], { axes: negative, keepDims: options.keepDims ?? false })[0]!;
  };
  return Object.assign(build, { operator });
}

export const reduceSum: Reduction = reduction('reduceSum', 'ReduceSum', {}, (g, x, y, attributes) =>
  broadcastTo(restore(g, x, y, attributes), x.shape, leadOf(g, y)),
);

export const reduceMean: Reduction = reduction(
  'reduceMean',
  'ReduceMean',
  { float: true, elements: true },
  (g, x, y, attributes) =>
    // Divided before it is spread: the small tensor, not the large one.
    broadcastTo(div(restore(g, x, y, attributes), axisSize(x, attributes.axes)), x.shape, leadOf(g, y)),
);

function extremum(name: string, onnx: string): Reduction {
  return reduction(name, onnx, { elements: true }, (g, x, y, attributes) => {
    const extreme = attributes.keepDims ? y : reshape(y, reducedShape(x.shape, attributes.axes, true));
    const hits = cast(equal(x, extreme), x.dtype);
    const share = div(hits, reduceSum(hits, attributes.axes, { keepDims: true }));
    return mul(restore(g, x, y, attributes), share);
  });
}

/** The largest element; where several are equal they share the cotangent evenly. */
export const reduceMax: Reduction = extremum('reduceMax', 'ReduceMax');
/** The smallest element; where several are equal they share the cotangent evenly. */
export const reduceMin: Reduction = extremum('reduceMin', 'ReduceMin');

/** ln Σ eˣ, shifted by the largest element so that it is finite for any finite x. */
export function logSumExp(x: Tensor, axes?: number | readonly number[], options: ReduceOptions = {}): Tensor {
  const top = stopGradient(reduceMax(x, axes, { keepDims: true }));
  const sum = add(log(reduceSum(exp(sub(x, top)), axes, { keepDims: true })), top);
  if (options.keepDims === true) return sum;
  const list = axes === undefined ? x.shape.map((_, axis) => axis) : typeof axes === 'number' ? [axes] : axes;
  const negative = list.map((axis) => negativeAxis('logSumExp', x, axis));
  return reshape(sum, reducedShape(x.shape, negative, false));
}

export const stopGradientOperator: Operator = {
  name: 'stopGradient',
  infer: ([x]) => [{ dtype: x!.dtype, shape: x!.shape }],
  emit: (_, inputs) => inputs,
  vjp: () => [undefined],
};

/** The same value, through which no gradient flows. */
export function stopGradient(x: Tensor): Tensor {
  return apply(stopGradientOperator, [x], {})[0]!;
}
