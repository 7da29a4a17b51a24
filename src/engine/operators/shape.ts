import { PolytaskError } from '../../common/error.ts';
import { constant } from '../leaf.ts';
import {
  apply,
  broadcastShapes,
  type Dim,
  dtypeError,
  formatShape,
  layerPath,
  negativeAxis,
  type Operator,
  rank,
  type Shape,
  sameShape,
  shapeError,
  type Tensor,
} from '../tensor.ts';
import { leadingAxes, leadOf, unbroadcast } from './broadcast.ts';

type ShapeAttributes = { shape: Shape };

export const reshapeOperator: Operator<ShapeAttributes> = {
  name: 'reshape',
  infer: ([x], { shape }) => {
    const [from, to] = [count(x!.shape), count(shape)];
    if (from !== to)
      throw shapeError(
        'reshape',
        [x!],
        `as many elements as ${formatShape(shape)}`,
        `${from} are not ${to}.`,
      );
    return [{ dtype: x!.dtype, shape }];
  },
  emit: (graph, [x], { attributes }) => [
    graph.op('Reshape', [x!, graph.reshapeValue(attributes.shape)], { allowzero: 1 }),
  ],
  // Of shapes in a row the last alone counts.
  simplify: ({ inputs: [x], attributes: { shape } }) =>
    x!.node.operator.name === 'reshape' ? reshape(x!.node.inputs[0]!, shape) : undefined,
  vjp: ({ inputs: [x], outputs: [y] }, [g]) => [g && reshape(g, [...leadOf(g, y!), ...x!.shape])],
};

/** The same elements under another shape. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(reshapeOperator, [x], { shape })[0]!;
}

/** How many elements, as text that also compares shapes with named dimensions. */
function count(shape: Shape): string {
  const known = shape.reduce<number>((size, dim) => (typeof dim === 'number' ? size * dim : size), 1);
  const names = shape.filter((dim) => typeof dim === 'string').sort();
  return [known, ...names].join(' × ');
}

/** Inserts an axis of size 1; a negative axis counts in the result. */
export function unsqueeze(x: Tensor, axis: number): Tensor {
  const at = axis < 0 ? axis + rank(x) + 1 : axis;
  if (!Number.isInteger(axis) || at < 0 || at > rank(x))
    throw shapeError('unsqueeze', [x], `a place among ${rank(x) + 1} axes`, `Axis ${axis} does not exist.`);
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/** Removes an axis of size 1. */
export function squeeze(x: Tensor, axis: number): Tensor {
  const at = negativeAxis('squeeze', x, axis) + rank(x);
  if (x.shape[at] !== 1)
    throw shapeError('squeeze', [x], 'an axis of size 1', `Axis ${axis} is ${x.shape[at]}.`);
  return reshape(x, [...x.shape.slice(0, at), ...x.shape.slice(at + 1)]);
}

type TransposeAttributes = { order: readonly number[] };

export const transposeOperator: Operator<TransposeAttributes> = {
  name: 'transpose',
  infer: ([x], { order }) => [{ dtype: x!.dtype, shape: permuteTail(x!.shape, order) }],
  emit: (graph, inputs, { inputs: [x], attributes: { order } }) => {
    const fixed = rank(x!) - order.length;
    const perm = [...Array(fixed).keys(), ...order.map((axis) => rank(x!) + axis)];
    return [graph.op('Transpose', inputs, { perm })];
  },
  simplify: ({ inputs: [x], attributes: { order } }) => {
    // What was turned is turned on, or back.
    const inner = (x!.node.attributes as TransposeAttributes).order;
    if ((x!.node.operator as unknown) !== transposeOperator || inner.length !== order.length)
      return undefined;
    const [source] = x!.node.inputs;
    const both = order.map((axis) => inner[inner.length + axis]!);
    if (both.every((axis, position) => axis === position - both.length)) return source;
    return apply(transposeOperator, [source!], { order: both })[0]!;
  },
  vjp: ({ attributes: { order } }, [g]) => {
    const inverse = new Array<number>(order.length);
    order.forEach((axis, position) => {
      inverse[axis + order.length] = position - order.length;
    });
    return [g && apply(transposeOperator, [g], { order: inverse })[0]!];
  },
};

function permuteTail(shape: Shape, order: readonly number[]): Shape {
  const fixed = shape.slice(0, shape.length - order.length);
  return [...fixed, ...order.map((axis) => shape[shape.length + axis]!)];
}

/** Permutes axes; by default swaps the last two. `order` lists every axis once. */
export function transpose(x: Tensor, order?: readonly number[]): Tensor {
  if (order === undefined) {
    if (rank(x) < 2) throw shapeError('transpose', [x], 'rank 2 or more', 'Name the order of the axes.');
    return apply(transposeOperator, [x], { order: [-1, -2] })[0]!;
  }
  const negative = order.map((axis) => negativeAxis('transpose', x, axis));
  if (new Set(negative).size !== rank(x) || order.length !== rank(x))
    throw shapeError('transpose', [x], 'an order that names every axis once', `Got [${order.join(', ')}].`);
  return apply(transposeOperator, [x], { order: negative })[0]!;
}

export const expandOperator: Operator<ShapeAttributes> = {
  name: 'expand',
  infer: ([x], { shape }) => {
    const together = broadcastShapes('expand', [x!, { dtype: x!.dtype, shape }]);
    if (!sameShape(together, shape))
      throw shapeError(
        'expand',
        [x!],
        `a shape that stretches to ${formatShape(shape)}`,
        'Only size 1 stretches.',
      );
    return [{ dtype: x!.dtype, shape }];
  },
  emit: (graph, [x], { attributes }) => [graph.op('Expand', [x!, graph.shapeValue(attributes.shape)])],
  vjp: ({ inputs: [x], outputs: [y] }, [g]) => [g && unbroadcast(g, x!.shape, leadingAxes(g, y!))],
};

/** Stretches axes of size 1, and adds leading ones, to `shape`. */
export function expand(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(expandOperator, [x], { shape })[0]!;
}

type AxisAttributes = { axis: number };

export const concatOperator: Operator<AxisAttributes> = {
  name: 'concat',
  infer: (inputs, { axis }) => {
    const first = inputs[0]!;
    if (inputs.some(({ dtype }) => dtype !== first.dtype))
      throw dtypeError('concat', 'tensors of one dtype', inputs);
    const at = rank(first) + axis;
    let total: Dim = 0;
    for (const input of inputs) {
      if (rank(input) !== rank(first) || input.shape.some((dim, i) => i !== at && dim !== first.shape[i]))
        throw shapeError(
          'concat',
          inputs,
          `equal shapes but for axis ${axis}`,
          'Reshape or pad the odd one.',
        );
      const size: Dim = input.shape[at]!;
      if (typeof size !== 'number')
        throw shapeError('concat', inputs, 'static sizes along the axis', `"${size}" has no size yet.`);
      total += size;
    }
    return [{ dtype: first.dtype, shape: first.shape.map((dim, i) => (i === at ? total : dim)) }];
  },
  emit: (graph, names, { inputs, attributes: { axis } }) => [
    graph.op('Concat', names, { axis: rank(inputs[0]!) + axis }),
  ],
  vjp: ({ inputs, attributes: { axis } }, [g]) => {
    if (g === undefined) return [];
    const sizes = inputs.map(({ shape }) => shape[shape.length + axis] as number);
    return split(g, sizes, axis);
  },
};

/** Joins tensors along an axis. */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  if (tensors.length === 0)
    throw new PolytaskError('operator-invalid', {
      path: layerPath('concat'),
      expected: 'at least one tensor',
      found: 'an empty list',
      help: 'Leave the call out when there is nothing to join.',
    });
  const negative = negativeAxis('concat', tensors[0]!, axis);
  return tensors.length === 1 ? tensors[0]! : apply(concatOperator, tensors, { axis: negative })[0]!;
}

/** Joins tensors of one shape along a new axis. */
export function stack(tensors: readonly Tensor[], axis: number = 0): Tensor {
  return concat(
    tensors.map((tensor) => unsqueeze(tensor, axis)),
    axis,
  );
}

const isCount = (size: number): boolean => Number.isInteger(size) && size >= 0;

type SplitAttributes = { sizes: readonly number[]; axis: number };

export const splitOperator: Operator<SplitAttributes> = {
  name: 'split',
  infer: ([x], { sizes, axis }) => {
    const at = rank(x!) + axis;
    const total = sizes.reduce((a, b) => a + b, 0);
    if (x!.shape[at] !== total || sizes.some((size) => !isCount(size)))
      throw shapeError(
        'split',
        [x!],
        `parts that sum to ${x!.shape[at]}`,
        `[${sizes.join(', ')}] sum to ${total}.`,
      );
    return sizes.map((size) => ({
      dtype: x!.dtype,
      shape: x!.shape.map((dim, i) => (i === at ? size : dim)),
    }));
  },
  emit: (graph, [x], { inputs, attributes: { sizes, axis } }) =>
    graph.node(
      'Split',
      [x!, graph.int64s(sizes)],
      { axis: rank(inputs[0]!) + axis },
      { outputs: sizes.length },
    ),
  vjp: ({ outputs, attributes: { axis } }, cotangents) => {
    const known = cotangents.findIndex((g) => g !== undefined);
    if (known === -1) return [undefined];
    const lead = leadOf(cotangents[known]!, outputs[known]!);
    const parts = cotangents.map((g, i) => g ?? zeros([...lead, ...outputs[i]!.shape], outputs[i]!));
    return [concat(parts, axis)];
  },
};

function zeros(shape: Shape, like: Tensor): Tensor {
  return expand(constant(0, { dtype: like.dtype }), shape);
}

/** Cuts a tensor into parts of given sizes along an axis. */
export function split(x: Tensor, sizes: readonly number[], axis: number): readonly Tensor[] {
  const negative = negativeAxis('split', x, axis);
  if (sizes.length === 1 && sizes[0] === x.shape.at(negative)) return [x];
  return apply(splitOperator, [x], { sizes, axis: negative });
}

type SliceAttributes = { axis: number; start: number; end: number };

export const sliceOperator: Operator<SliceAttributes> = {
  name: 'slice',
  infer: ([x], { axis, start, end }) => {
    const at = rank(x!) + axis;
    const size = x!.shape[at];
    if (typeof size !== 'number' || !isCount(start) || !isCount(end) || end > size || start > end)
      throw shapeError(
        'slice',
        [x!],
        `0 ≤ start ≤ end ≤ ${size}`,
        `Got ${start} and ${end} on axis ${axis}.`,
      );
    return [{ dtype: x!.dtype, shape: x!.shape.map((dim, i) => (i === at ? end - start : dim)) }];
  },
  emit: (graph, [x], { inputs, attributes: { axis, start, end } }) => [
    graph.op('Slice', [
      x!,
      graph.int64s([start]),
      graph.int64s([end]),
      graph.int64s([rank(inputs[0]!) + axis]),
    ]),
  ],
  vjp: ({ inputs: [x], attributes: { axis, start, end } }, [g]) => {
    const size = x!.shape[rank(x!) + axis] as number;
    return [g && pad(g, axis, start, size - end)];
  },
};

/** The part [start, end) along an axis. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  if (start === 0 && end === x.shape.at(axis)) return x;
  return apply(sliceOperator, [x], { axis: negativeAxis('slice', x, axis), start, end })[0]!;
}

type PadAttributes = { axis: number; before: number; after: number; value: number };

export const padOperator: Operator<PadAttributes> = {
  name: 'pad',
  infer: ([x], { axis, before, after }) => {
    const at = rank(x!) + axis;
    const size = x!.shape[at];
    if (typeof size !== 'number' || !isCount(before) || !isCount(after))
      throw shapeError('pad', [x!], 'a static axis and non-negative amounts', `Got ${before} and ${after}.`);
    const padded = size + before + after;
    return [{ dtype: x!.dtype, shape: x!.shape.map((dim, i) => (i === at ? padded : dim)) }];
  },
  emit: (graph, [x], { inputs, attributes: { axis, before, after, value } }) => {
    // Amounts for every axis: ONNX Runtime forgets the input `axes` when it moves a Transpose across a Pad.
    const at = rank(inputs[0]!) + axis;
    const amounts = new Array<number>(2 * rank(inputs[0]!)).fill(0);
    amounts[at] = before;
    amounts[rank(inputs[0]!) + at] = after;
    return [graph.op('Pad', [x!, graph.int64s(amounts), graph.scalar(value, inputs[0]!.dtype)])];
  },
  vjp: ({ inputs: [x], attributes: { axis, before } }, [g]) => {
    const size = x!.shape[rank(x!) + axis] as number;
    return [g && slice(g, axis, before, before + size)];
  },
};

/** Adds `before` and `after` elements of one value along an axis. */
export function pad(x: Tensor, axis: number, before: number, after: number, value: number = 0): Tensor {
  if (before === 0 && after === 0) return x;
  return apply(padOperator, [x], { axis: negativeAxis('pad', x, axis), before, after, value })[0]!;
}
