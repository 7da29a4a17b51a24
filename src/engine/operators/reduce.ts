import { apply, negativeAxis, type Operator, rank, type Shape, shapeError, type Tensor } from '../tensor.ts';
import { add, cast, div, equal, mul, sub } from './arithmetic.ts';
import { broadcastTo, leadOf } from './broadcast.ts';
import { exp, log } from './elementwise.ts';
import { reshape } from './shape.ts';

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

/** Puts size-1 axes back where a reduction removed them, leading axes untouched. */
function restore(g: Tensor, x: Tensor, y: Tensor, { axes }: ReduceAttributes): Tensor {
  const lead = leadOf(g, y);
  return reshape(g, [...lead, ...reducedShape(x.shape, axes, true)]);
}

function reduction(
  name: string,
  onnx: string,
  vjp: (g: Tensor, x: Tensor, y: Tensor, attributes: ReduceAttributes) => Tensor,
): Reduction {
  const operator: Operator<ReduceAttributes> = {
    name,
    infer: ([x], { axes, keepDims }) => [{ dtype: x!.dtype, shape: reducedShape(x!.shape, axes, keepDims) }],
    emit: (graph, [x], { attributes: { axes, keepDims } }) => [
      graph.op(onnx, [x!, graph.int64s(axes)], { keepdims: keepDims ? 1 : 0 }),
    ],
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

export const reduceSum: Reduction = reduction('reduceSum', 'ReduceSum', (g, x, y, attributes) =>
  broadcastTo(restore(g, x, y, attributes), x.shape, leadOf(g, y)),
);

export const reduceMean: Reduction = reduction('reduceMean', 'ReduceMean', (g, x, y, attributes) => {
  const count = attributes.axes.map((axis) => x.shape[rank(x) + axis]!);
  const spread = broadcastTo(restore(g, x, y, attributes), x.shape, leadOf(g, y));
  if (count.every((dim) => typeof dim === 'number'))
    return div(
      spread,
      Math.max(
        1,
        (count as number[]).reduce((a, b) => a * b, 1),
      ),
    );
  const ones = reduceSum(add(mul(x, 0), 1), attributes.axes, { keepDims: true });
  return div(spread, ones);
});

/** The largest element; where several are equal they share the cotangent evenly. */
export const reduceMax: Reduction = reduction('reduceMax', 'ReduceMax', (g, x, y, attributes) => {
  const top = attributes.keepDims ? y : reshape(y, reducedShape(x.shape, attributes.axes, true));
  const hits = cast(equal(x, top), x.dtype);
  const share = div(hits, reduceSum(hits, attributes.axes, { keepDims: true }));
  return mul(restore(g, x, y, attributes), share);
});

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
