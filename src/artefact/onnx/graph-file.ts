import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from 'onnx-buf';
import { attributeProto, type OnnxAttribute } from '../../engine/onnx/proto.ts';

/** ONNX's numbers for types of elements (TensorProto.DataType). */
export const ELEMENT = {
  float32: 1,
  int8: 3,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
};

/** The graph of an ONNX model. */
export const graphOf = (bytes: Uint8Array): GraphProto => fromBinary(ModelProtoSchema, bytes).graph!;

/** Rewrites the graph of an ONNX model; whatever the work does not touch stays. */
export function rewriteGraph(
  bytes: Uint8Array,
  work: (graph: GraphProto, model: ModelProto) => void,
): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  work(model.graph!, model);
  return toBinary(ModelProtoSchema, model);
}

/** A node of one output, which gives it its name. */
export function nodeOf(
  opType: string,
  input: readonly string[],
  output: string,
  attributes: Readonly<Record<string, OnnxAttribute>> = {},
  domain = '',
): NodeProto {
  return create(NodeProtoSchema, {
    name: output,
    opType,
    domain,
    input: [...input],
    output: [output],
    attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
  });
}

/** A stored tensor. @param data its elements as they lie in memory, little-endian */
export function tensorOf(
  name: string,
  dataType: number,
  dims: readonly number[],
  data: ArrayBufferView,
): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType,
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice(),
  });
}

/** Stored numbers of 32 bits. */
export const floatsOf = ({ rawData }: TensorProto): Float32Array =>
  new Float32Array(Uint8Array.from(rawData).buffer);

/** The sizes of a stored tensor's axes. */
export const dimsOf = ({ dims }: TensorProto): number[] => dims.map(Number);

/** Weights of 32 bits by name. */
export function weightsOf(bytes: Uint8Array): ReadonlyMap<string, Float32Array> {
  const { initializer } = graphOf(bytes);
  const floats = initializer.filter(({ dataType }) => dataType === ELEMENT.float32);
  return new Map(floats.map((tensor) => [tensor.name, floatsOf(tensor)]));
}

/** Gives values other names, wherever they are written or read. */
export function renameValues(graph: GraphProto, named: (name: string) => string): void {
  for (const node of graph.node) {
    node.input = node.input.map(named);
    node.output = node.output.map(named);
  }
  for (const value of [...graph.input, ...graph.output, ...graph.initializer]) value.name = named(value.name);
}
