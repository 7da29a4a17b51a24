import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';

const FLOAT = 1;
const INT64 = 7;

/** Writes a bare ONNX graph node by node, with nothing of Polytask in between. */
export class BareGraph {
  #node = [];
  #input = [];
  #output = [];
  #initializer = [];
  #count = 0;

  input(name, shape) {
    this.#input.push(valueInfo(name, shape));
    return name;
  }

  output(value, name, shape) {
    this.#push('Identity', [value], [name], {});
    this.#output.push(valueInfo(name, shape));
  }

  op(opType, input, attributes = {}) {
    return this.ops(opType, input, attributes, 1)[0];
  }

  ops(opType, input, attributes, outputs) {
    const output = Array.from({ length: outputs }, () => `v${this.#count++}`);
    this.#push(opType, input, output, attributes);
    return output;
  }

  scalar(value) {
    return this.#constant(FLOAT, [], Float32Array.of(value));
  }

  int64s(values) {
    return this.#constant(INT64, [values.length], BigInt64Array.from(values, BigInt));
  }

  bytes() {
    const graph = create(GraphProtoSchema, {
      name: 'graph',
      node: this.#node,
      input: this.#input,
      output: this.#output,
      initializer: this.#initializer,
    });
    const opsetImport = [{ domain: '', version: 20n }];
    return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 9n, opsetImport, graph }));
  }

  #constant(dataType, dims, data) {
    const name = `c${this.#count++}`;
    const rawData = new Uint8Array(data.buffer);
    this.#initializer.push(create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType, rawData }));
    return name;
  }

  #push(opType, input, output, attributes) {
    const attribute = Object.entries(attributes).map(([name, i]) =>
      create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(i) }),
    );
    this.#node.push(create(NodeProtoSchema, { opType, name: output[0], input, output, attribute }));
  }
}

function valueInfo(name, shape) {
  const dim = shape.map((size) => ({ value: { case: 'dimValue', value: BigInt(size) } }));
  const value = { case: 'tensorType', value: { elemType: FLOAT, shape: { dim } } };
  return create(ValueInfoProtoSchema, { name, type: { value } });
}
