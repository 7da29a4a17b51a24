import { PolytaskError } from '../common/error.ts';
import { merge, topological } from './graph.ts';
import { inputName, inputOperator, inputRole, type Role } from './leaf.ts';
import { GraphBuilder } from './onnx/builder.ts';
import { hashBytes } from './onnx/hash.ts';
import type { Dim, DType, Node, Shape, Tensor } from './tensor.ts';
import { type TensorData, tensorData } from './tensor-data.ts';

/** A named input or output of a program. */
export interface Port {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A compiled graph: the bytes of an ONNX model and what goes in and out. */
export interface Program {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Equal for equal graphs: sessions are cached by it. */
  readonly key: string;
  /** Multiply-adds of the largest node, or thereabouts; infinite where a dimension is free. */
  readonly work: number;
}

export interface CompileOptions {
  readonly name?: string;
  /** Sizes of named dimensions; those not listed stay free. */
  readonly dims?: Readonly<Record<string, number>>;
  /** Values for some inputs, stored in the model as initializers (the weights of an export). */
  readonly weights?: Readonly<Record<string, TensorData>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Compiles a plain graph: inputs are the leaves that the outputs need.
 *
 * @example const program = compile({ prediction: sigmoid(matmul(x, w)) }, { dims: { batch: 32 } });
 */
export function compile(outputs: Readonly<Record<string, Tensor>>, options: CompileOptions = {}): Program {
  const { name = 'graph', weights = {} } = options;
  const graph = new GraphBuilder(options.dims);
  const names = Object.keys(outputs);
  for (const output of names) graph.reserve(output);
  const merged = merge(Object.values(outputs));
  const leaves = inputLeaves(merged);
  const inputs: Port[] = [];
  for (const leaf of leaves) {
    const port = { name: inputName(leaf), dtype: leaf.dtype, shape: graph.resolve(leaf.shape) };
    const weight = weights[port.name];
    if (weight === undefined) {
      graph.input(port.name, port.dtype, port.shape);
      inputs.push(port);
    } else graph.initializer(port.name, port.dtype, weight.shape, weight.data);
  }
  graph.inputValue = (node) => inputName(node.outputs[0]!);
  const values = emitNodes(graph, merged);
  const ports = merged.map((value, i) => ({
    name: names[i]!,
    dtype: value.dtype,
    shape: graph.resolve(value.shape),
  }));
  ports.forEach((port, i) => {
    graph.output(port.name, values.get(merged[i]!)!, port.dtype, port.shape);
  });
  return finish(name, graph.model(name, options.metadata), inputs, ports, largestWork(graph, merged));
}

/** Wraps finished model bytes as a program. */
export function finish(
  name: string,
  bytes: Uint8Array,
  inputs: readonly Port[],
  outputs: readonly Port[],
  work: number,
): Program {
  return { name, bytes, inputs, outputs, key: `${bytes.length}-${hashBytes(bytes)}`, work };
}

/** How many products each element of a node sums: 1 for what is no product of matrices. */
function innerSize({ operator, inputs, attributes }: Node): Dim {
  if (operator.name !== 'matmul' && operator.name !== 'gemm') return 1;
  return inputs[0]!.shape.at(attributes.transposeA === true ? -2 : -1)!;
}

/** As many multiply-adds as take the time of one element in memory. */
const ELEMENT = 16;

/** The work of the largest node: the multiply-adds of a product, and what its elements cost in memory of any node. */
export function largestWork(graph: GraphBuilder, outputs: readonly Tensor[]): number {
  return topological(outputs)
    .filter(({ inputs }) => inputs.length > 0)
    .reduce((most, node) => {
      const dims = graph.resolve([...node.outputs[0]!.shape, innerSize(node)]);
      const inner = dims.pop()!;
      const elements = dims.reduce<number>(
        (size, dim) => size * (typeof dim === 'number' ? dim : Infinity),
        1,
      );
      return Math.max(most, elements * (typeof inner === 'number' ? Math.max(inner, ELEMENT) : Infinity));
    }, 0);
}

/** The input leaves below some outputs; two different leaves of one name are an error. */
export function inputLeaves(outputs: readonly Tensor[], role?: Role): Tensor[] {
  const leaves = new Map<string, Tensor>();
  for (const node of topological(outputs)) {
    if ((node.operator as unknown) !== inputOperator) continue;
    const leaf = node.outputs[0]!;
    const name = inputName(leaf);
    if (leaves.has(name) && leaves.get(name) !== leaf)
      throw new PolytaskError('operator-invalid', {
        path: name,
        expected: 'one input of each name',
        found: `two inputs named "${name}"`,
        help: 'Build the input once and use it twice, or rename one.',
      });
    if (role === undefined || inputRole(leaf) === role) leaves.set(name, leaf);
  }
  return [...leaves.values()];
}

/** Constants for a node that has no elements to compute: the kernels disagree over the shapes of empty tensors. */
function emptyOutputs(graph: GraphBuilder, node: Node): string[] | undefined {
  if ((node.operator as unknown) === inputOperator) return undefined;
  const shapes = node.outputs.map(({ shape }) => graph.resolve(shape));
  const empty = shapes.every((dims) => dims.includes(0) && dims.every((dim) => typeof dim === 'number'));
  if (!empty) return undefined;
  return node.outputs.map(({ dtype }, i) => {
    const { shape, data } = tensorData([], shapes[i] as number[], dtype);
    return graph.constant(dtype, shape, data);
  });
}

/** Writes the nodes that the outputs need and tells the ONNX value of each tensor. */
export function emitNodes(graph: GraphBuilder, outputs: readonly Tensor[]): Map<Tensor, string> {
  const values = new Map<Tensor, string>();
  for (const node of topological(outputs)) {
    graph.setScope(node.scope);
    const inputs = node.inputs.map((value) => values.get(value)!);
    const names = emptyOutputs(graph, node) ?? node.operator.emit(graph, inputs, node);
    node.outputs.forEach((value, i) => {
      values.set(value, names[i]!);
    });
  }
  graph.setScope('');
  return values;
}
