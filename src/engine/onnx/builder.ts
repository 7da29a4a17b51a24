import { create, toBinary } from '@bufbuild/protobuf';
import {
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
} from 'onnx-buf';
import { PolytaskError } from '../../common/error.ts';
import type { ConstantData, Dim, DType, Node, Shape } from '../tensor.ts';
import { formatShape } from '../tensor.ts';
import { contentKey } from './hash.ts';
import { attributeProto, DTYPE_CODE, type OnnxAttribute, valueInfo } from './proto.ts';

const OPSET = 20;
const IR_VERSION = 9;
/** Operators of classical machine learning, in the version that goes with `OPSET`. */
export const ML = 'ai.onnx.ml';
const ML_VERSION = 4n;

/**
 * Writes one flat ONNX graph: nodes in order, constants shared by content, every value named after its layer.
 * A `child` writes the body of a Loop and keeps its constants in the outermost graph, where they are loaded once.
 */
export class GraphBuilder {
  readonly #nodes: NodeProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #constants = new Map<string, string>();
  readonly #names = new Map<string, number>();
  readonly #root: GraphBuilder;
  readonly #dims: Readonly<Record<string, number>>;
  /** What computed values are called in the finished graph, where they are its outputs. */
  readonly #publicNames = new Map<string, string>();
  /** Where a named dimension that stays free can be read off: a value and its axis. */
  readonly #free = new Map<string, { value: string; axis: number }>();
  #scope = '';

  /** Gives the value that stands for an input leaf; set by whoever drives the emission. */
  inputValue: (node: Node) => string = () => {
    throw new Error('inputValue was not set');
  };

  constructor(dims: Readonly<Record<string, number>> = {}, root?: GraphBuilder) {
    this.#dims = dims;
    this.#root = root ?? this;
  }

  child(): GraphBuilder {
    return new GraphBuilder(this.#dims, this.#root);
  }

  /** Names of values written next start with this path. */
  setScope(scope: string): void {
    this.#scope = scope;
  }

  /** The shape with every bound name replaced by its size. */
  resolve(shape: Shape): Dim[] {
    return shape.map((dim) => (typeof dim === 'string' ? (this.#dims[dim] ?? dim) : dim));
  }

  /** Keeps a public name from being given to an inner value. */
  reserve(name: string): void {
    this.#root.#names.set(name, 1);
  }

  /** A fresh value name, unique over the whole model. */
  fresh(hint: string): string {
    const base = this.#scope === '' ? hint : `${this.#scope}/${hint}`;
    const used = this.#root.#names.get(base) ?? 0;
    this.#root.#names.set(base, used + 1);
    return used === 0 ? base : `${base}.${used}`;
  }

  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    options: { readonly outputs?: number; readonly domain?: string } = {},
  ): string[] {
    const name = this.fresh(opType);
    const count = options.outputs ?? 1;
    const output = Array.from({ length: count }, (_, i) => (count === 1 ? name : `${name}:${i}`));
    this.raw(opType, inputs, output, attributes, options.domain);
    return output;
  }

  /** One node with given output names. */
  raw(
    opType: string,
    input: readonly string[],
    output: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain = '',
  ): void {
    this.#nodes.push(
      create(NodeProtoSchema, {
        name: output[0] ?? opType,
        opType,
        domain,
        input: [...input],
        output: [...output],
        attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
      }),
    );
  }

  /** The only output of a single node. */
  op(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain?: string,
  ): string {
    return this.node(opType, inputs, attributes, domain === undefined ? {} : { domain })[0]!;
  }

  constant(dtype: DType, shape: readonly number[], data: ConstantData): string {
    const root = this.#root;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const key = `${dtype}${formatShape(shape)}${contentKey(bytes)}`;
    const known = root.#constants.get(key);
    if (known !== undefined) return known;
    const name = root.fresh('constant');
    root.#constants.set(key, name);
    root.initializer(name, dtype, shape, data);
    return name;
  }

  /** A named tensor stored in the model: a constant, or a trained weight of an export. */
  initializer(name: string, dtype: DType, shape: readonly number[], data: ConstantData): void {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#initializers.push(
      create(TensorProtoSchema, {
        name,
        dims: shape.map(BigInt),
        dataType: DTYPE_CODE[dtype],
        rawData: new Uint8Array(bytes),
      }),
    );
  }

  castTo(value: string, dtype: DType): string {
    return this.op('Cast', [value], { to: DTYPE_CODE[dtype] });
  }

  scalar(value: number, dtype: DType): string {
    const data =
      dtype === 'float64'
        ? Float64Array.of(value)
        : dtype === 'int32'
          ? Int32Array.of(value)
          : dtype === 'int64'
            ? BigInt64Array.of(BigInt(value))
            : dtype === 'bool'
              ? Uint8Array.of(value)
              : Float32Array.of(value);
    return this.constant(dtype, [], data);
  }

  int64s(values: readonly number[]): string {
    return this.constant('int64', [values.length], BigInt64Array.from(values.map(BigInt)));
  }

  /** A shape as an int64 value; free dimensions are read off the inputs that carry them. */
  shapeValue(shape: Shape): string {
    const dims = this.resolve(shape);
    if (dims.every((dim) => typeof dim === 'number')) return this.int64s(dims as number[]);
    const parts = dims.map((dim) => (typeof dim === 'number' ? this.int64s([dim]) : this.#freeSize(dim)));
    return parts.length === 1 ? parts[0]! : this.op('Concat', parts, { axis: 0 });
  }

  /** A shape for Reshape: one free dimension may be left to inference as −1. */
  reshapeValue(shape: Shape): string {
    const dims = this.resolve(shape);
    const free = dims.filter((dim) => typeof dim === 'string');
    if (free.length === 1 && !dims.includes(0))
      return this.int64s(dims.map((dim) => (typeof dim === 'string' ? -1 : dim)));
    return this.shapeValue(shape);
  }

  #freeSize(dim: string): string {
    const source = this.#root.#free.get(dim);
    if (source === undefined)
      throw new PolytaskError('dimension-unbound', {
        path: this.#scope,
        expected: `an input that carries the dimension "${dim}", or a size for it`,
        found: 'neither',
        help: `Bind it: compile(…, { dims: { ${dim}: size } }).`,
      });
    const shape = this.op('Shape', [source.value]);
    return this.op('Slice', [
      shape,
      this.int64s([source.axis]),
      this.int64s([source.axis + 1]),
      this.int64s([0]),
    ]);
  }

  input(name: string, dtype: DType | 'string', shape: Shape): string {
    this.reserve(name);
    const dims = this.resolve(shape);
    dims.forEach((dim, axis) => {
      if (typeof dim === 'string' && !this.#free.has(dim)) this.#free.set(dim, { value: name, axis });
    });
    this.#inputs.push(valueInfo(name, dtype, dims));
    return name;
  }

  /**
   * Declares an output under its public name, which the value takes that a node here computes. Any other value (an
   * input, one that has a public name already) is copied by an Identity.
   */
  output(name: string, value: string, dtype: DType, shape: Shape): void {
    const computed = this.#nodes.some(({ output }) => output.includes(value));
    if (computed && !this.#publicNames.has(value)) this.#publicNames.set(value, name);
    else this.raw('Identity', [value], [name]);
    this.declareOutput(name, dtype, shape);
  }

  /** Declares a value that a node already writes under its public name as an output. */
  declareOutput(name: string, dtype: DType, shape: Shape): void {
    this.#outputs.push(valueInfo(name, dtype, this.resolve(shape)));
  }

  graph(name: string): GraphProto {
    const named = (value: string): string => this.#publicNames.get(value) ?? value;
    return create(GraphProtoSchema, {
      name,
      node: this.#nodes.map((node) => ({
        ...node,
        input: node.input.map(named),
        output: node.output.map(named),
      })),
      input: this.#inputs,
      output: this.#outputs,
      initializer: this.#initializers,
    });
  }

  /** The bytes of the model. */
  model(name: string, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    const model = create(ModelProtoSchema, {
      irVersion: BigInt(IR_VERSION),
      producerName: 'polytask',
      opsetImport: [
        { domain: '', version: BigInt(OPSET) },
        { domain: 'com.microsoft', version: 1n },
        ...(this.#nodes.some(({ domain }) => domain === ML) ? [{ domain: ML, version: ML_VERSION }] : []),
      ],
      graph: this.graph(name),
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    });
    return toBinary(ModelProtoSchema, model);
  }
}
