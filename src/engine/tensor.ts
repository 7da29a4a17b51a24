import { PolytaskError } from '../common/error.ts';
import type { GraphBuilder } from './onnx/builder.ts';

export type DType = 'float32' | 'float64' | 'int32' | 'int64' | 'bool';

/** A size, or the name of one that is bound later (`batch`). */
export type Dim = number | string;
export type Shape = readonly Dim[];

export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A plain value that an operator carries beside its inputs; part of the graph's content hash. */
export type Attribute =
  | string
  | number
  | boolean
  | null
  | Shape
  | readonly number[]
  | readonly Attribute[]
  | ConstantData;
export type Attributes = Readonly<Record<string, Attribute>>;

/** The elements of a constant, row-major. */
export type ConstantData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** A typed symbolic value: output `index` of a node of the graph. */
export interface Tensor extends TensorType {
  readonly node: Node;
  readonly index: number;
}

export interface Node<A extends Attributes = Attributes> {
  readonly operator: Operator<A>;
  readonly inputs: readonly Tensor[];
  readonly attributes: A;
  readonly outputs: readonly Tensor[];
  /** The scope in which it was built, such as `trunk/0`. */
  readonly scope: string;
}

/**
 * One entry of the operator table: shape rule, ONNX emission and vector–Jacobian product.
 *
 * A VJP counts axes from the end, so that a cotangent may carry extra leading axes (a task axis) that pass
 * through untouched.
 */
export interface Operator<A extends Attributes = Attributes> {
  readonly name: string;
  infer(inputs: readonly Tensor[], attributes: A): readonly TensorType[];
  emit(graph: GraphBuilder, inputs: readonly string[], node: Node<A>): readonly string[];
  /** An equal, cheaper tensor for a node's only output, if there is one. Programs are compiled from these. */
  simplify?(node: Node<A>): Tensor | undefined;
  /** Cotangents of the inputs, given those of the outputs (undefined is zero). Absent: no gradient exists. */
  vjp?(node: Node<A>, cotangents: readonly (Tensor | undefined)[]): readonly (Tensor | undefined)[];
}

let currentScope = '';

/** Builds inside a named layer; errors and ONNX names carry the path (`trunk/0/weight`). */
export function scope<T>(name: string, build: () => T): T {
  const outer = currentScope;
  currentScope = outer === '' ? name : `${outer}/${name}`;
  try {
    return build();
  } finally {
    currentScope = outer;
  }
}

/** Where an operator is being built, as errors name it: `trunk/0/matmul`. */
export function layerPath(operator: string): string {
  return currentScope === '' ? operator : `${currentScope}/${operator}`;
}

/** Builds at a given path, wherever the caller stands: for nodes that are derived from older ones. */
export function inScope<T>(path: string, build: () => T): T {
  const outer = currentScope;
  currentScope = path;
  try {
    return build();
  } finally {
    currentScope = outer;
  }
}

/** Adds a node to the graph after its shape rule has checked the inputs. */
export function apply<A extends Attributes>(
  operator: Operator<A>,
  inputs: readonly Tensor[],
  attributes: A,
): readonly Tensor[] {
  const outputs: Tensor[] = [];
  const node: Node<A> = { operator, inputs, attributes, outputs, scope: currentScope };
  operator.infer(inputs, attributes).forEach((type, index) => {
    outputs.push({ node: node as unknown as Node, index, dtype: type.dtype, shape: type.shape });
  });
  return outputs;
}

/** Rank, the number of axes. */
export function rank(tensor: TensorType): number {
  return tensor.shape.length;
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** The size of a static shape; a named dimension here is an error. */
export function sizeOf(shape: Shape): number {
  return shape.reduce<number>((size, dim) => {
    if (typeof dim === 'number') return size * dim;
    throw new PolytaskError('dimension-unbound', {
      path: currentScope || 'graph',
      expected: 'a static shape',
      found: formatShape(shape),
      help: `Bind "${dim}" with compile(…, { dims: { ${dim}: size } }).`,
    });
  }, 1);
}

/** The error for shapes that do not fit: names the layer, the operator and both shapes. */
export function shapeError(
  operator: string,
  inputs: readonly TensorType[],
  expected: string,
  help: string,
): PolytaskError {
  return new PolytaskError('shape-mismatch', {
    path: layerPath(operator),
    expected,
    found: inputs.map(({ shape }) => formatShape(shape)).join(' and '),
    help,
  });
}

export function dtypeError(operator: string, expected: string, inputs: readonly TensorType[]): PolytaskError {
  return new PolytaskError('dtype-mismatch', {
    path: layerPath(operator),
    expected,
    found: inputs.map(({ dtype }) => dtype).join(' and '),
    help: 'Convert with cast(tensor, dtype).',
  });
}

/** Refuses operands that are not of a floating type. */
export function requireFloat(operator: string, inputs: readonly TensorType[]): void {
  if (inputs.some(({ dtype }) => dtype !== 'float32' && dtype !== 'float64'))
    throw dtypeError(operator, 'float operands', inputs);
}

/** NumPy's broadcasting: axes are aligned at the end, size 1 stretches. */
export function broadcastShapes(operator: string, inputs: readonly TensorType[]): Shape {
  const length = Math.max(...inputs.map(rank));
  const shape: Dim[] = [];
  for (let fromEnd = length; fromEnd >= 1; fromEnd--) {
    let dim: Dim = 1;
    for (const input of inputs) {
      const own = input.shape[input.shape.length - fromEnd] ?? 1;
      if (own === 1 || own === dim) continue;
      if (dim !== 1)
        throw shapeError(
          operator,
          inputs,
          'shapes that broadcast (equal, or 1, axis by axis from the end)',
          `Axis −${fromEnd} has sizes ${dim} and ${own}; reshape or expand one of them.`,
        );
      dim = own;
    }
    shape.push(dim);
  }
  return shape;
}

/** A checked axis as a negative number, −1 being the last: the form in which axes survive a leading task axis. */
export function negativeAxis(operator: string, input: TensorType, axis: number): number {
  const negative = axis < 0 ? axis : axis - rank(input);
  if (!Number.isInteger(axis) || negative >= 0 || negative < -rank(input))
    throw shapeError(operator, [input], `an axis within rank ${rank(input)}`, `Axis ${axis} does not exist.`);
  return negative;
}
