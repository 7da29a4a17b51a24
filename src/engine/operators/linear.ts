import type { GraphBuilder } from '../onnx/builder.ts';
import {
  apply,
  broadcastShapes,
  type Dim,
  dtypeError,
  type Node,
  type Operator,
  rank,
  requireFloat,
  sameShape,
  shapeError,
  type Tensor,
  type TensorType,
} from '../tensor.ts';
import { mul } from './arithmetic.ts';
import { leadingAxes, leadOf, unbroadcast, unstretched } from './broadcast.ts';
import { reduceSum } from './reduce.ts';
import { reshape } from './shape.ts';

export interface TransposeOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}
type ProductAttributes = { transposeA: boolean; transposeB: boolean };

/** The matrix axes of op(x): rows, then columns. */
function matrixAxes(x: TensorType, transposed: boolean): [Dim, Dim] {
  const [rows, columns] = [x.shape.at(-2)!, x.shape.at(-1)!];
  return transposed ? [columns, rows] : [rows, columns];
}

function inferProduct(name: string, a: Tensor, b: Tensor, attributes: ProductAttributes): TensorType {
  requireFloat(name, [a, b]);
  if (a.dtype !== b.dtype) throw dtypeError(name, 'operands of one dtype', [a, b]);
  if (rank(a) < 2 || rank(b) < 2)
    throw shapeError(name, [a, b], 'operands of rank 2 or more', 'Insert an axis with unsqueeze().');
  const [m, inner] = matrixAxes(a, attributes.transposeA);
  const [k, n] = matrixAxes(b, attributes.transposeB);
  if (inner !== k)
    throw shapeError(
      name,
      [a, b],
      `inner sizes that agree (${inner} is not ${k})`,
      'The last axis of the left operand must equal the rows of the right one.',
    );
  const batch = broadcastShapes(
    name,
    [a, b].map(({ dtype, shape }) => ({ dtype, shape: shape.slice(0, -2) })),
  );
  return { dtype: a.dtype, shape: [...batch, m, n] };
}

/** Cotangents of both operands of op(a) op(b). */
function productCotangents(
  g: Tensor,
  a: Tensor,
  b: Tensor,
  y: Tensor,
  attributes: ProductAttributes,
): [Tensor, Tensor] {
  const { transposeA, transposeB } = attributes;
  const lead = leadingAxes(g, y);
  const da = transposeA
    ? matmul(b, g, { transposeA: transposeB, transposeB: true })
    : matmul(g, b, { transposeB: !transposeB });
  return [unbroadcast(da, a.shape, lead), weightCotangent(g, a, b, y, attributes)];
}

function weightCotangent(
  g: Tensor,
  a: Tensor,
  b: Tensor,
  y: Tensor,
  { transposeA, transposeB }: ProductAttributes,
): Tensor {
  const lead = leadingAxes(g, y);
  const rows = y.shape.slice(0, -1);
  const flat = rows.every((dim) => typeof dim === 'number') && rank(a) === rank(y) && rank(a) > 2;
  const unstretched = a.shape.slice(0, -1).every((dim, axis) => dim === y.shape[axis]);
  if (rank(b) === 2 && flat && unstretched && !transposeA) {
    // One matrix shared by a stack of row blocks: flatten the stack, so that no product per block is stored.
    const count = (rows as number[]).reduce((x, z) => x * z, 1);
    const [flatA, flatG] = [
      reshape(a, [count, a.shape.at(-1)!]),
      reshape(g, [...leadOf(g, y), count, y.shape.at(-1)!]),
    ];
    return transposeB
      ? matmul(flatG, flatA, { transposeA: true })
      : matmul(flatA, flatG, { transposeA: true });
  }
  const db = transposeB
    ? matmul(g, a, { transposeA: true, transposeB: transposeA })
    : matmul(a, g, { transposeA: !transposeA });
  return unbroadcast(db, b.shape, lead);
}

/** Whether the inner size is 0: there the kernels leave memory uninitialised, or forget β. */
function sumsNothing(graph: GraphBuilder, a: Tensor, transposed: boolean): boolean {
  return graph.resolve(a.shape).at(transposed ? -2 : -1) === 0;
}

function emitProduct(
  graph: GraphBuilder,
  [a, b]: readonly string[],
  { inputs, outputs: [output], attributes }: Node<ProductAttributes>,
): string {
  const { transposeA, transposeB } = attributes;
  if (sumsNothing(graph, inputs[0]!, transposeA))
    return graph.op('Expand', [graph.scalar(0, inputs[0]!.dtype), graph.shapeValue(output!.shape)]);
  if (inputs.every((input) => rank(input) === 2))
    return graph.op('Gemm', [a!, b!], { transA: Number(transposeA), transB: Number(transposeB) });
  if (!transposeA && !transposeB) return graph.op('MatMul', [a!, b!]);
  if (inputs[0]!.dtype === 'float32')
    return graph.op(
      'FusedMatMul',
      [a!, b!],
      { transA: Number(transposeA), transB: Number(transposeB) },
      'com.microsoft',
    );
  const flip = (name: string, { shape }: Tensor): string => {
    const axes = shape.map((_, axis) => axis);
    return graph.op('Transpose', [name], { perm: [...axes.slice(0, -2), axes.length - 1, axes.length - 2] });
  };
  return graph.op('MatMul', [transposeA ? flip(a!, inputs[0]!) : a!, transposeB ? flip(b!, inputs[1]!) : b!]);
}

/**
 * A stack of products of two vectors each, elementwise: a kernel for matrices, called for every pair, would spend more
 * on the calls than on the sums.
 */
function vectorProduct({
  inputs: [a, b],
  outputs: [y],
  attributes: { transposeA, transposeB },
}: Node<ProductAttributes>): Tensor | undefined {
  const lead = y!.shape.slice(0, -2);
  const paired = [a!, b!].every(({ shape }) => sameShape(shape.slice(0, -2), lead));
  if (lead.length === 0 || !paired) return undefined;
  const [m, inner] = matrixAxes(a!, transposeA);
  const [, n] = matrixAxes(b!, transposeB);
  const vector = (x: Tensor, size: Dim): Tensor => reshape(x, [...lead, size]);
  if (m === 1 && n === 1 && inner !== 0)
    return reshape(reduceSum(mul(vector(a!, inner), vector(b!, inner)), -1), y!.shape);
  if (inner === 1 && (m === 1 || n === 1)) return reshape(mul(vector(a!, m), vector(b!, n)), y!.shape);
  return undefined;
}

/** Axes that a product stretches by itself are not stretched before: no copies of a matrix that several tasks see. */
function unstretchedProduct({
  inputs,
  outputs: [y],
  attributes,
}: Node<ProductAttributes>): Tensor | undefined {
  const [a, b] = inputs as [Tensor, Tensor];
  const shorter = [
    [a, unstretched(b)],
    [unstretched(a), b],
  ].find(
    ([left, right]) =>
      (left !== a || right !== b) &&
      rank(left!) >= 2 &&
      rank(right!) >= 2 &&
      sameShape(inferProduct('matmul', left!, right!, attributes).shape, y!.shape),
  );
  return shorter && matmul(shorter[0]!, shorter[1]!, attributes);
}

export const matmulOperator: Operator<ProductAttributes> = {
  name: 'matmul',
  infer: ([a, b], attributes) => [inferProduct('matmul', a!, b!, attributes)],
  emit: (graph, names, node) => [emitProduct(graph, names, node)],
  simplify: (node) => vectorProduct(node) ?? unstretchedProduct(node),
  vjp: ({ inputs: [a, b], outputs: [y], attributes }, [g]) =>
    g === undefined ? [] : productCotangents(g, a!, b!, y!, attributes),
};

/**
 * Matrix product of the last two axes; leading axes broadcast.
 *
 * @param a [..., m, k], or [..., k, m] with `transposeA`
 * @param b [..., k, n], or [..., n, k] with `transposeB`
 */
export function matmul(a: Tensor, b: Tensor, options: TransposeOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = options;
  return apply(matmulOperator, [a, b], { transposeA, transposeB })[0]!;
}

export interface GemmOptions extends TransposeOptions {
  readonly alpha?: number;
  readonly beta?: number;
}
type GemmAttributes = ProductAttributes & { alpha: number; beta: number };

export const gemmOperator: Operator<GemmAttributes> = {
  name: 'gemm',
  infer: ([a, b, c], attributes) => {
    if ([a!, b!].some((input) => rank(input) !== 2))
      throw shapeError('gemm', [a!, b!], 'matrices (rank 2)', 'Use matmul() and add() for batched operands.');
    const type = inferProduct('gemm', a!, b!, attributes);
    if (c!.dtype !== a!.dtype) throw dtypeError('gemm', 'operands of one dtype', [a!, b!, c!]);
    const out = broadcastShapes('gemm', [type, c!]);
    if (out.length !== 2 || out.some((dim, axis) => dim !== type.shape[axis]))
      throw shapeError('gemm', [a!, b!, c!], 'an addend that stretches to the product', 'Check the bias.');
    return [type];
  },
  emit: (graph, names, { inputs, outputs, attributes }) => {
    const { transposeA, transposeB, alpha, beta } = attributes;
    if (sumsNothing(graph, inputs[0]!, transposeA)) {
      const scaled = graph.op('Mul', [names[2]!, graph.scalar(beta, inputs[2]!.dtype)]);
      return [graph.op('Expand', [scaled, graph.shapeValue(outputs[0]!.shape)])];
    }
    return [
      graph.op('Gemm', names, {
        transA: Number(transposeA),
        transB: Number(transposeB),
        alpha: { float: alpha },
        beta: { float: beta },
      }),
    ];
  },
  vjp: ({ inputs: [a, b, c], outputs: [y], attributes }, [g]) => {
    if (g === undefined) return [];
    const { alpha, beta } = attributes;
    const scaled = alpha === 1 ? g : mul(g, alpha);
    const bias = unbroadcast(beta === 1 ? g : mul(g, beta), c!.shape, leadingAxes(g, y!));
    return [...productCotangents(scaled, a!, b!, y!, attributes), bias];
  },
};

/** α op(a) op(b) + β c for matrices, in one kernel. */
export function gemm(a: Tensor, b: Tensor, c: Tensor, options: GemmOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, alpha = 1, beta = 1 } = options;
  return apply(gemmOperator, [a, b, c], { transposeA, transposeB, alpha, beta })[0]!;
}
