import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from 'onnx-buf';
import { attributeProto, DTYPE_CODE } from './proto.ts';

/** A shader of WebGPU may have 8 storage buffers, and one of them is the input. */
const MOST = 7;

/**
 * The same model in operators that ONNX Runtime 1.30 computes on WebGPU.
 *
 * - A Split into many parts becomes a tree of Splits into at most 7: its shader has a buffer a part, and fails where there are
 *   more than a shader may have.
 * - A FusedMatMul becomes a MatMul of transposed operands: it has no kernel there, and both operands would go through the
 *   processor.
 *
 * @param bytes of an ONNX model whose Splits have constant sizes
 * @example new LocalRuntime(await import('onnxruntime-web/webgpu'), { name: 'webgpu', rewrite: forWebGpu });
 */
export function forWebGpu(bytes: Uint8Array): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  const constants = model.graph!.initializer;
  for (const graph of graphsOf(model.graph!))
    graph.node = graph.node.flatMap((node) => {
      if (node.opType === 'Split') return treeOf(node, constants);
      return node.opType === 'FusedMatMul' ? plainProduct(node) : node;
    });
  return toBinary(ModelProtoSchema, model);
}

/** A graph and the bodies of its loops. */
function* graphsOf(graph: GraphProto): Generator<GraphProto> {
  yield graph;
  for (const { attribute } of graph.node) for (const { g } of attribute) if (g) yield* graphsOf(g);
}

function plainProduct(node: NodeProto): NodeProto[] {
  const nodes: NodeProto[] = [];
  const input = node.input.map((name, i) => {
    const flag = node.attribute.find((own) => own.name === (i === 0 ? 'transA' : 'transB'));
    if (flag?.i !== 1n) return name;
    const flipped = `${node.name}/operand ${i}`;
    // Says no rank, which the bytes do not tell.
    const attribute = [attributeProto('equation', '...ij->...ji')];
    nodes.push(
      create(NodeProtoSchema, {
        name: flipped,
        opType: 'Einsum',
        input: [name],
        output: [flipped],
        attribute,
      }),
    );
    return flipped;
  });
  const { name, output } = node;
  return [...nodes, create(NodeProtoSchema, { name, opType: 'MatMul', input, output })];
}

/** A Split into at most 7 runs of parts, and of each run its own. */
function treeOf(node: NodeProto, constants: TensorProto[]): NodeProto[] {
  const { name, input, output } = node;
  if (output.length <= MOST) return [node];
  const sizes = sizesOf(input[1]!, constants);
  let length = MOST;
  while (length * MOST < output.length) length *= MOST;
  const runs = Array.from({ length: Math.ceil(output.length / length) }, (_, i) => {
    const parts = output.slice(i * length, (i + 1) * length);
    return {
      parts,
      value: parts.length === 1 ? parts[0]! : `${name}/run ${i}`,
      sizes: sizes.slice(i * length, (i + 1) * length),
    };
  });
  const split = (name: string, from: string, to: string[], sizes: readonly bigint[]): NodeProto =>
    create(NodeProtoSchema, { ...node, name, input: [from, addSizes(sizes, constants)], output: to });
  const sums = runs.map((run) => run.sizes.reduce((a, b) => a + b));
  const values = runs.map(({ value }) => value);
  return [
    split(name, input[0]!, values, sums),
    ...runs
      .filter(({ parts }) => parts.length > 1)
      .flatMap(({ value, parts, sizes }) => treeOf(split(value, value, parts, sizes), constants)),
  ];
}

function sizesOf(name: string, constants: readonly TensorProto[]): readonly bigint[] {
  const { rawData } = constants.find((tensor) => tensor.name === name)!;
  return [...new BigInt64Array(rawData.slice().buffer)];
}

function addSizes(sizes: readonly bigint[], constants: TensorProto[]): string {
  const name = `sizes of runs ${constants.length}`;
  const rawData = new Uint8Array(BigInt64Array.from(sizes).buffer);
  const dims = [BigInt(sizes.length)];
  constants.push(create(TensorProtoSchema, { name, dims, dataType: DTYPE_CODE.int64, rawData }));
  return name;
}
