import { constant } from '../leaf.ts';
import {
  apply,
  broadcastShapes,
  type DType,
  dtypeError,
  type Operator,
  rank,
  requireFloat,
  type Shape,
  sameShape,
  type Tensor,
} from '../tensor.ts';
import { leadingAxes, unbroadcast, unstretched } from './broadcast.ts';
import { log } from './elementwise.ts';

export type Operand = Tensor | number;
export type Binary = ((a: Operand, b: Operand) => Tensor) & { readonly operator: Operator };

type BinaryRule = (
  g: Tensor,
  a: Tensor,
  b: Tensor,
  y: Tensor,
) => readonly [() => Tensor | undefined, () => Tensor | undefined];

/** Numbers become constants of the other operand's dtype. */
export function operands(name: string, a: Operand, b: Operand): [Tensor, Tensor] {
  const dtype = typeof a !== 'number' ? a.dtype : typeof b !== 'number' ? b.dtype : 'float32';
  const pair: [Tensor, Tensor] = [lift(a, dtype), lift(b, dtype)];
  if (pair[0].dtype !== pair[1].dtype) throw dtypeError(name, 'operands of one dtype', pair);
  return pair;
}

function lift(value: Operand, dtype: DType): Tensor {
  return typeof value === 'number' ? constant(value, { dtype }) : value;
}

/** Operands that change nothing: such a node is not built. */
interface Neutral {
  readonly left?: number;
  readonly right?: number;
}

/**
 * A broadcasting operator of two operands; `rule` gives the cotangents before they are summed back.
 *
 * A neutral operand leaves no node, because ONNX Runtime 1.30 miscompiles what it removes itself: a product by 1 next
 * to a reciprocal ends in "Node input is not a graph input, initializer, or output of a previous node".
 */
function binary(name: string, onnx: string, neutral: Neutral, rule: BinaryRule): Binary {
  const operator: Operator = {
    name,
    infer: (inputs) => {
      if (inputs.some(({ dtype }) => dtype === 'bool')) throw dtypeError(name, 'numbers', inputs);
      return [{ dtype: inputs[0]!.dtype, shape: broadcastShapes(name, inputs) }];
    },
    emit: (graph, inputs) => [graph.op(onnx, inputs)],
    simplify: ({ inputs, outputs: [y] }) => {
      const better = unstretchedPair(inputs, y!.shape) ?? aligned(inputs, y!.shape);
      return better && build(...better);
    },
  };
  operator.vjp = ({ inputs, outputs }, [g]) => {
    if (g === undefined) return [undefined, undefined];
    const lead = leadingAxes(g, outputs[0]!);
    const parts = rule(g, inputs[0]!, inputs[1]!, outputs[0]!);
    return parts.map((part, i) => {
      if (inputs[i]!.node.operator.name === 'constant') return undefined;
      const cotangent = part();
      return cotangent && unbroadcast(cotangent, inputs[i]!.shape, lead);
    });
  };
  const build = (first: Operand, second: Operand): Tensor => {
    const [a, b] = operands(name, first, second);
    if (a.dtype !== 'bool' && isScalar(b, neutral.right) && rank(a) >= rank(b)) return a;
    if (b.dtype !== 'bool' && isScalar(a, neutral.left) && rank(b) >= rank(a)) return b;
    return apply(operator, [a, b], {})[0]!;
  };
  return Object.assign(build, { operator });
}

/** The operands without the stretching of one of them, where the other has the full size: the kernel stretches too. */
function unstretchedPair([a, b]: readonly Tensor[], shape: Shape): [Tensor, Tensor] | undefined {
  const source = (x: Tensor): Tensor =>
    x.node.operator.name === 'expand' ? x.node.inputs[0]! : unstretched(x);
  const [left, right] = [source(a!), source(b!)];
  if (left !== a && sameShape(b!.shape, shape)) return [left, b!];
  if (right !== b && sameShape(a!.shape, shape)) return [a!, right];
  return undefined;
}

/**
 * The operands with a scalar constant brought to the rank of the result, where that ends in an axis of size 1: beside a
 * true scalar the kernels of ONNX Runtime 1.30 would take its elements one by one.
 */
function aligned([a, b]: readonly Tensor[], shape: Shape): [Tensor, Tensor] | undefined {
  if (shape.at(-1) !== 1) return undefined;
  const align = (x: Tensor): Tensor | undefined => {
    const { data } = x.node.attributes;
    if (rank(x) > 0 || x.node.operator.name !== 'constant' || !ArrayBuffer.isView(data)) return undefined;
    return constant(data, { shape: shape.map(() => 1), dtype: x.dtype });
  };
  const [left, right] = [align(a!), align(b!)];
  return left === undefined && right === undefined ? undefined : [left ?? a!, right ?? b!];
}

/** Whether a tensor is the constant `value`. */
function isScalar({ node }: Tensor, value: number | undefined): boolean {
  const data = node.operator.name === 'constant' ? node.attributes.data : undefined;
  return value !== undefined && ArrayBuffer.isView(data) && data.length === 1 && Number(data[0]) === value;
}

export const add: Binary = binary('add', 'Add', { left: 0, right: 0 }, (g) => [() => g, () => g]);
export const sub: Binary = binary('sub', 'Sub', { right: 0 }, (g) => [() => g, () => neg(g)]);
export const mul: Binary = binary('mul', 'Mul', { left: 1, right: 1 }, (g, a, b) => [
  () => mul(g, b),
  () => mul(g, a),
]);
export const div: Binary = binary('div', 'Div', { right: 1 }, (g, _a, b, y) => [
  () => div(g, b),
  () => neg(div(mul(g, y), b)),
]);
/**
 * aᵇ. The derivative by a is 0 where b = 0, that by b is aᵇ ln a where a > 0 and 0 elsewhere, which is its limit at
 * a = 0 for b > 0.
 */
export const pow: Binary = binary('pow', 'Pow', { right: 1 }, (g, a, b, y) => [
  () => {
    requireFloat('pow', [a]);
    // 0 · 0⁻¹ would be NaN where b = 0; an exponent known not to be 0 needs no mask.
    const exponent = hasZero(b) ? where(equal(b, 0), 1, b) : b;
    return mul(g, mul(b, pow(a, sub(exponent, 1))));
  },
  () => {
    const known = greater(a, 0);
    return mul(g, where(known, mul(y, log(where(known, a, 1))), 0));
  },
]);

function hasZero({ node }: Tensor): boolean {
  const data = node.operator.name === 'constant' ? node.attributes.data : undefined;
  return !ArrayBuffer.isView(data) || Array.from(data as ArrayLike<number | bigint>, Number).includes(0);
}

/** Elementwise minimum; at a tie the first operand takes the whole cotangent. */
export const minimum: Binary = binary('minimum', 'Min', {}, (g, a, b) => [
  () => mul(g, cast(lessOrEqual(a, b), g.dtype)),
  () => mul(g, cast(greater(a, b), g.dtype)),
]);
/** Elementwise maximum; at a tie the first operand takes the whole cotangent. */
export const maximum: Binary = binary('maximum', 'Max', {}, (g, a, b) => [
  () => mul(g, cast(greaterOrEqual(a, b), g.dtype)),
  () => mul(g, cast(less(a, b), g.dtype)),
]);

function comparison(name: string, onnx: string): Binary {
  const operator: Operator = {
    name,
    infer: (inputs) => {
      if (name !== 'equal' && inputs[0]!.dtype === 'bool') throw dtypeError(name, 'numbers', inputs);
      return [{ dtype: 'bool', shape: broadcastShapes(name, inputs) }];
    },
    emit: (graph, inputs) => [graph.op(onnx, inputs)],
    vjp: () => [undefined, undefined],
  };
  return Object.assign((a: Operand, b: Operand): Tensor => apply(operator, operands(name, a, b), {})[0]!, {
    operator,
  });
}

export const greater: Binary = comparison('greater', 'Greater');
export const greaterOrEqual: Binary = comparison('greaterOrEqual', 'GreaterOrEqual');
export const less: Binary = comparison('less', 'Less');
export const lessOrEqual: Binary = comparison('lessOrEqual', 'LessOrEqual');
export const equal: Binary = comparison('equal', 'Equal');

type CastAttributes = { to: DType };
const FLOATS: readonly DType[] = ['float32', 'float64'];

export const castOperator: Operator<CastAttributes> = {
  name: 'cast',
  infer: ([x], { to }) => [{ dtype: to, shape: x!.shape }],
  emit: (graph, inputs, { attributes }) => [graph.castTo(inputs[0]!, attributes.to)],
  vjp: ({ inputs: [x] }, [g]) => [g && FLOATS.includes(x!.dtype) ? cast(g, x!.dtype) : undefined],
};

/** Converts to another dtype; the same tensor when nothing changes. */
export function cast(x: Tensor, to: DType): Tensor {
  return x.dtype === to ? x : apply(castOperator, [x], { to })[0]!;
}

export const negOperator: Operator = {
  name: 'neg',
  infer: ([x]) => {
    if (x!.dtype === 'bool') throw dtypeError('neg', 'numbers', [x!]);
    return [{ dtype: x!.dtype, shape: x!.shape }];
  },
  emit: (graph, inputs) => [graph.op('Neg', inputs)],
  vjp: (_, [g]) => [g && neg(g)],
};

export function neg(x: Tensor): Tensor {
  return apply(negOperator, [x], {})[0]!;
}

export const whereOperator: Operator = {
  name: 'where',
  infer: (inputs) => {
    const [condition, a, b] = inputs;
    if (condition!.dtype !== 'bool') throw dtypeError('where', 'a bool condition', [condition!]);
    if (a!.dtype !== b!.dtype) throw dtypeError('where', 'branches of one dtype', [a!, b!]);
    return [{ dtype: a!.dtype, shape: broadcastShapes('where', inputs) }];
  },
  emit: (graph, inputs) => [graph.op('Where', inputs)],
  vjp: ({ inputs: [condition, a, b], outputs: [y] }, [g]) => {
    if (g === undefined) return [];
    const lead = leadingAxes(g, y!);
    return [
      undefined,
      unbroadcast(where(condition!, g, 0), a!.shape, lead),
      unbroadcast(where(condition!, 0, g), b!.shape, lead),
    ];
  },
};

/** a where the condition holds, else b. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  return apply(whereOperator, [condition, ...operands('where', a, b)], {})[0]!;
}
