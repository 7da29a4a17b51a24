import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { GraphProtoSchema, ModelProtoSchema } from 'onnx-buf';
import type { Column } from '../../../common/table.ts';
import type { EncoderSet } from '../../../data/index.ts';
import { GraphBuilder } from '../../../engine/onnx/builder.ts';
import { valueInfo } from '../../../engine/onnx/proto.ts';
import type { ColumnInputs, ColumnPort, GraphPorts } from '../../signature.ts';
import { toBase64 } from '../../single-file.ts';
import { withGraph } from '../../without-encoders.ts';
import { nodeOf, renameValues } from '../graph-file.ts';
import { codeOf } from './categorical.ts';
import { ColumnGraph } from './column-graph.ts';
import { elementOf, emitEncoder } from './emitters.ts';

/** What a graph of features becomes one of columns with. */
export interface ColumnsPlan {
  readonly encoders: EncoderSet;
  /** Of the graph. */
  readonly inputs: GraphPorts['inputs'];
  /** Columns that predictions do not depend on. */
  readonly unread: readonly string[];
  /** Of long models: the column that names the task, its type, the tasks, and z of each, where the graph takes it. */
  readonly task?: {
    readonly column: string;
    readonly type: Column['type'];
    readonly names: readonly string[];
    readonly vectors?: readonly (readonly number[])[] | undefined;
  };
}

/** A graph of columns. */
export interface ColumnsForm {
  readonly bytes: Uint8Array;
  readonly columns: ColumnInputs;
  /** New names of outputs by their old ones, where a column has such a name. */
  readonly outputs: ReadonlyMap<string, string>;
}

/**
 * The same model with its encoders inside: its inputs are the columns themselves.
 *
 * @returns or the column whose encoder ONNX has no operators for
 */
export function columnsForm(bytes: Uint8Array, plan: ColumnsPlan): ColumnsForm | string {
  const builder = new GraphBuilder();
  const encoded = encode(builder, plan);
  if (typeof encoded === 'string') return encoded;
  const { inputs, features } = encoded;
  const { opsetImport, graph: encoders } = fromBinary(ModelProtoSchema, builder.model('columns'));
  const model = fromBinary(ModelProtoSchema, bytes);
  const { graph: inner, ...rest } = model;
  const taken = new Set(inputs.map(({ name }) => name));
  const outputs = new Map(
    inner!.output.flatMap(({ name }) => (taken.has(name) ? [[name, `${name}_output`] as const] : [])),
  );
  const values = new Map(features.map(({ name, value }) => [name, value]));
  // Columns may have any name, that of an inner value too.
  const apart = (name: string): string => (taken.has(name) ? `inner/${name}` : name);
  renameValues(inner!, (name) => values.get(name) ?? outputs.get(name) ?? apart(name));
  const asInputs = create(GraphProtoSchema, {
    input: plan.inputs.map(({ name, dtype, shape }) => valueInfo(name, dtype, shape)),
    node: features.map(({ name, value }) => nodeOf('Identity', [name], value)),
  });
  inner!.input = [];
  encoders!.output = [];
  encoders!.name = '';
  const known = rest.opsetImport.map(({ domain }) => domain);
  rest.opsetImport.push(...opsetImport.filter(({ domain }) => !known.includes(domain)));
  const first = toBinary(GraphProtoSchema, encoders!);
  return {
    bytes: withGraph(
      toBinary(ModelProtoSchema, create(ModelProtoSchema, rest)),
      first,
      toBinary(GraphProtoSchema, inner!),
    ),
    columns: {
      inputs,
      encoders: first.length,
      features: new TextDecoder().decode(toBase64(toBinary(GraphProtoSchema, asInputs))),
    },
    outputs,
  };
}

/** A feature tensor and the value that holds it. */
interface Feature {
  readonly name: string;
  readonly value: string;
}

function encode(
  builder: GraphBuilder,
  { encoders, inputs: asked, unread, task }: ColumnsPlan,
): { inputs: ColumnPort[]; features: Feature[] } | string {
  for (const { column } of encoders.encoders) builder.reserve(column);
  if (task !== undefined) builder.reserve(task.column);
  const graph = new ColumnGraph(builder);
  const inputs: ColumnPort[] = [];
  const port = (name: string, type: Column['type']): string => {
    const own = { name, dtype: elementOf(type), shape: ['batch', 1] as const };
    inputs.push(own);
    return builder.input(own.name, own.dtype, own.shape);
  };
  const wants = (name: string): boolean => asked.some((own) => own.name === name);
  const numeric: (string | number)[] = [];
  const categorical: (string | undefined)[] = [];
  for (const [i, { column, type, shape }] of encoders.encoders.entries()) {
    if (unread.includes(column)) {
      numeric.push(...shape.numeric.map(() => 0));
      categorical.push(...shape.categorical.map(() => undefined));
      continue;
    }
    builder.setScope(`encode/${i}`);
    const emitted = emitEncoder(graph, port(column, type), encoders.toJSON().encoders[i]!);
    if (emitted === undefined) return column;
    numeric.push(...(emitted.numeric ?? []));
    if (emitted.categorical !== undefined) categorical.push(emitted.categorical);
  }
  builder.setScope('encode');
  const features: Feature[] = [];
  const add = (name: string, value: string, dtype: 'float32' | 'int32', width: readonly number[]): void => {
    if (!wants(name)) return;
    builder.declareOutput(value, dtype, ['batch', ...width]);
    features.push({ name, value });
  };
  const { shape } = encoders;
  if (numeric.length > 0 && wants('numeric'))
    add('numeric', graph.toFeatures(graph.beside(filled(numeric, graph))), 'float32', [shape.numeric.length]);
  if (categorical.length > 0 && wants('categorical'))
    add('categorical', graph.beside(codes(categorical, graph)), 'int32', [shape.categorical.length]);
  if (task !== undefined && (wants('task') || wants('descriptor'))) {
    const { names, type, vectors } = task;
    const places = new Map(names.map((name, t) => [name, t]));
    // A task that is not known stands behind all others, where nothing can be picked.
    const code = codeOf(graph, port(task.column, type), places, names.length, type);
    const known = graph.picked(code, names.length);
    add('task', known, 'int32', []);
    if (wants('descriptor')) add('descriptor', graph.rows(known, vectors!), 'float32', [vectors![0]!.length]);
  }
  return { inputs, features };
}

/** What nothing reads is 0. */
function filled(numeric: readonly (string | number)[], graph: ColumnGraph): string[] {
  const some = numeric.find((value) => typeof value === 'string');
  return numeric.map((value) => (typeof value === 'string' ? value : graph.zero(some as string)));
}

function codes(categorical: readonly (string | undefined)[], graph: ColumnGraph): string[] {
  const some = categorical.find((value) => value !== undefined)!;
  return categorical.map((value) => value ?? graph.zeroCode(some));
}
