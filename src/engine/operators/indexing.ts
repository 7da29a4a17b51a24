import { PolytaskError } from '../../common/error.ts';
import { constant } from '../leaf.ts';
import {
  apply,
  type Dim,
  type DType,
  dtypeError,
  layerPath,
  negativeAxis,
  type Operator,
  rank,
  type Shape,
  shapeError,
  type Tensor,
} from '../tensor.ts';
import { cast, equal, mul } from './arithmetic.ts';
import { reduceSum } from './reduce.ts';
import { unsqueeze } from './shape.ts';

const INTEGERS: readonly DType[] = ['int32', 'int64'];

/** Refuses indices that are not integers. */
function requireIndices(operator: string, indices: Tensor): void {
  if (!INTEGERS.includes(indices.dtype)) throw dtypeError(operator, 'integer indices', [indices]);
}

type GatherAttributes = { axis: number };

export const gatherOperator: Operator<GatherAttributes> = {
  name: 'gather',
  infer: ([x, indices], { axis }) => {
    requireIndices('gather', indices!);
    const at = rank(x!) + axis;
    return [
      { dtype: x!.dtype, shape: [...x!.shape.slice(0, at), ...indices!.shape, ...x!.shape.slice(at + 1)] },
    ];
  },
  emit: (graph, names, { inputs: [x], attributes: { axis } }) => [
    graph.op('Gather', names, { axis: rank(x!) + axis }),
  ],
  vjp: ({ inputs: [x, indices], attributes: { axis } }, [g]) => {
    const size = x!.shape[rank(x!) + axis]!;
    return [g && scatterAdd(indices!, g, size, axis)];
  },
};

/**
 * Picks slices of x along an axis: y[.., i.., ..] = x[.., indices[i..], ..].
 *
 * @param indices int32 or int64 of any shape, each in [0, size of the axis)
 */
export function gather(x: Tensor, indices: Tensor, axis: number = 0): Tensor {
  return apply(gatherOperator, [x, indices], { axis: negativeAxis('gather', x, axis) })[0]!;
}

type ScatterAttributes = { size: Dim; axis: number };

/** The sizes before the index axes, and after them. */
function scatterParts(updates: Tensor, indices: Tensor, axis: number): { before: Shape; after: Shape } {
  const trailing = -axis - 1;
  const start = rank(updates) - trailing - rank(indices);
  return { before: updates.shape.slice(0, start), after: updates.shape.slice(rank(updates) - trailing) };
}

export const scatterAddOperator: Operator<ScatterAttributes> = {
  name: 'scatterAdd',
  infer: ([indices, updates], { size, axis }) => {
    requireIndices('scatterAdd', indices!);
    if (axis >= 0 || -axis - 1 + rank(indices!) > rank(updates!))
      throw shapeError(
        'scatterAdd',
        [indices!, updates!],
        'a negative axis within the result',
        `Axis ${axis} leaves no room for the ${rank(indices!)} axes of the indices.`,
      );
    const { before, after } = scatterParts(updates!, indices!, axis);
    const middle = updates!.shape.slice(before.length, before.length + rank(indices!));
    if (middle.length !== rank(indices!) || middle.some((dim, i) => dim !== indices!.shape[i]))
      throw shapeError(
        'scatterAdd',
        [indices!, updates!],
        'updates that carry the axes of the indices',
        'Reshape the updates.',
      );
    return [{ dtype: updates!.dtype, shape: [...before, size, ...after] }];
  },
  emit: (graph, [indices, updates], { inputs, attributes }) => {
    const { axis } = attributes;
    const parts = scatterParts(inputs[1]!, inputs[0]!, axis);
    const product = (shape: Shape): number => fixed(graph.resolve(shape));
    const [blocks, width] = [product(parts.before), product(parts.after)];
    let rows = graph.castTo(indices!, 'int64');
    let [count, size] = [
      inputs[0]!.shape.length === 1 ? inputs[0]!.shape[0]! : product(inputs[0]!.shape),
      attributes.size,
    ];
    if (blocks > 1) {
      // Blocks (leading axes) are laid end to end as rows of one table; their offsets need a size that is known.
      const [length, stride] = [product([count]), product([size])];
      const offsets = BigInt64Array.from({ length: blocks }, (_, block) => BigInt(block * stride));
      const flat = graph.op('Reshape', [rows, graph.int64s([1, length])], { allowzero: 1 });
      rows = graph.op('Add', [flat, graph.constant('int64', [blocks, 1], offsets)]);
      [count, size] = [blocks * length, blocks * stride];
    }
    const at = graph.op('Reshape', [rows, graph.shapeValue([count, 1])], { allowzero: 1 });
    const values = graph.op('Reshape', [updates!, graph.shapeValue([count, width])], { allowzero: 1 });
    const zero = graph.scalar(0, inputs[1]!.dtype);
    const table = graph.op('Expand', [zero, graph.shapeValue([size, width])]);
    const sums = graph.op('ScatterND', [table, at, values], { reduction: 'add' });
    const shape = [...parts.before, attributes.size, ...parts.after];
    return [graph.op('Reshape', [sums, graph.shapeValue(shape)], { allowzero: 1 })];
  },
  vjp: ({ inputs: [indices], attributes: { axis } }, [g]) => [undefined, g && gather(g, indices!, axis)],
};

function fixed(dims: readonly Dim[]): number {
  return dims.reduce<number>((size, dim) => {
    if (typeof dim === 'number') return size * dim;
    throw new PolytaskError('dimension-unbound', {
      path: layerPath('scatterAdd'),
      expected: 'static sizes',
      found: dim,
      help: `Bind it: compile(…, { dims: { ${dim}: size } }).`,
    });
  }, 1);
}

/**
 * Sums updates into `size` slots: y[.., s, ..] = Σ over i with indices[i] = s of updates[.., i, ..].
 * The transpose of `gather`.
 *
 * @param size a number, or a named dimension: bound when the program is compiled, or, without leading axes, carried by
 *   an input
 * @param axis where the slots stand in the result, counted from the end
 */
export function scatterAdd(indices: Tensor, updates: Tensor, size: Dim, axis: number = -1): Tensor {
  return apply(scatterAddOperator, [indices, updates], { size, axis })[0]!;
}

/** 1 where the last axis equals the index, else 0: [..., depth]. */
export function oneHot(indices: Tensor, depth: number, dtype: DType = 'float32'): Tensor {
  requireIndices('oneHot', indices);
  const classes = constant(
    Array.from({ length: depth }, (_, i) => i),
    { dtype: indices.dtype },
  );
  return cast(equal(unsqueeze(indices, -1), classes), dtype);
}

type TopKAttributes = { k: number };

export const topKOperator: Operator<TopKAttributes> = {
  name: 'topK',
  infer: ([x], { k }) => {
    const size = x!.shape.at(-1);
    if (typeof size !== 'number' || k < 1 || k > size)
      throw shapeError('topK', [x!], `1 ≤ k ≤ ${size}`, `k is ${k}; it counts along the last axis.`);
    const shape = [...x!.shape.slice(0, -1), k];
    return [
      { dtype: x!.dtype, shape },
      { dtype: 'int64', shape },
    ];
  },
  emit: (graph, [x], { inputs, attributes: { k } }) =>
    graph.node(
      'TopK',
      [x!, graph.int64s([k])],
      { axis: rank(inputs[0]!) - 1, largest: 1, sorted: 1 },
      { outputs: 2 },
    ),
  vjp: ({ inputs: [x], outputs: [, indices] }, [g]) => {
    if (g === undefined) return [undefined];
    const places = oneHot(indices!, x!.shape.at(-1) as number, x!.dtype);
    return [reduceSum(mul(unsqueeze(g, -1), places), -2)];
  },
};

/** The k largest elements of the last axis, in falling order, and where they stand. */
export function topK(x: Tensor, k: number): { values: Tensor; indices: Tensor } {
  const [values, indices] = apply(topKOperator, [x], { k });
  return { values: values!, indices: indices! };
}
