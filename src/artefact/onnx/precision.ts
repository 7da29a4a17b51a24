import type { NodeProto, TensorProto } from 'onnx-buf';
import { LARGEST_HALF, toHalves } from './float16.ts';
import { dimsOf, ELEMENT, floatsOf, graphOf, nodeOf, rewriteGraph, tensorOf } from './graph-file.ts';

export const PRECISIONS = ['float32', 'float16', 'int8'] as const;

/** In how many bits weights are stored. */
export type Precision = (typeof PRECISIONS)[number];

/** Below so many elements there is nothing to save. */
const LEAST_ELEMENTS = 256;
/** A scale for every row pays where a row has so many elements. */
const LEAST_ROW = 16;

interface Stored {
  readonly initializers: readonly TensorProto[];
  /** What makes the weight of 32 bits again, under its name. */
  readonly nodes: readonly NodeProto[];
}

/**
 * The same graph with its weights stored in fewer bits. A runtime that folds constants makes numbers of 32 bits of them when
 * it loads the graph, so that a prediction costs what it did.
 *
 * `float16`: each weight is the nearest number of 16 bits. `int8`: w ≈ s q with q from −127 to 127 and s = max |w| / 127 of its
 * column, or of its row where that loses less. Biases, small tensors and constants stay as they are.
 *
 * B. Jacob et al.: Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference. CVPR 2018.
 *
 * @example const smaller = storeAs(bytes, 'int8');
 */
export function storeAs(bytes: Uint8Array, precision: Precision): Uint8Array {
  if (precision === 'float32') return bytes;
  const store = { float16: asFloat16, int8: asInt8 }[precision];
  return rewriteGraph(bytes, (graph) => {
    const stored = graph.initializer.map((weight) =>
      isWeight(weight) ? store(weight) : { initializers: [weight], nodes: [] },
    );
    graph.initializer = stored.flatMap(({ initializers }) => initializers);
    graph.node = [...stored.flatMap(({ nodes }) => nodes), ...graph.node];
  });
}

/** Whether weights of a graph are stored in fewer bits than they were trained in. */
export function isReducedGraph(bytes: Uint8Array): boolean {
  return graphOf(bytes).initializer.some(
    ({ dataType }) => dataType === ELEMENT.float16 || dataType === ELEMENT.int8,
  );
}

/** A matrix that was learned; what the compiler wrote beside is called `constant`. */
function isWeight(tensor: TensorProto): boolean {
  const dims = dimsOf(tensor);
  return (
    tensor.dataType === ELEMENT.float32 &&
    dims.length >= 2 &&
    dims.slice(-2).every((dim) => dim > 1) &&
    dims.reduce((a, b) => a * b, 1) >= LEAST_ELEMENTS &&
    !/(^|\/)constant(\.\d+)?$/.test(tensor.name)
  );
}

function asFloat16(weight: TensorProto): Stored {
  const values = floatsOf(weight);
  if (values.some((value) => Math.abs(value) > LARGEST_HALF)) return { initializers: [weight], nodes: [] };
  const name = `${weight.name}/float16`;
  return {
    initializers: [tensorOf(name, ELEMENT.float16, dimsOf(weight), toHalves(values))],
    nodes: [nodeOf('Cast', [name], weight.name, { to: ELEMENT.float32 })],
  };
}

function asInt8(weight: TensorProto): Stored {
  const { name } = weight;
  const { codes, scales, scaleDims } = quantise(floatsOf(weight), dimsOf(weight));
  const [q, s, cast] = [`${name}/int8`, `${name}/scale`, `${name}/cast`];
  return {
    initializers: [
      tensorOf(q, ELEMENT.int8, dimsOf(weight), codes),
      tensorOf(s, ELEMENT.float32, scaleDims, scales),
    ],
    nodes: [nodeOf('Cast', [q], cast, { to: ELEMENT.float32 }), nodeOf('Mul', [cast, s], name)],
  };
}

interface Quantised {
  readonly codes: Int8Array;
  readonly scales: Float32Array;
  readonly scaleDims: readonly number[];
  /** Σ (w − s q)² */
  readonly loss: number;
}

/** The matrices [..., rows, columns] as whole numbers with a scale for every column, or every row where that loses less. */
export function quantise(values: Float32Array, dims: readonly number[]): Quantised {
  const [rows, columns] = dims.slice(-2) as [number, number];
  const byColumn = scaled(
    values,
    [...dims.slice(0, -2), 1, columns],
    (i) => Math.floor(i / (rows * columns)) * columns + (i % columns),
  );
  if (columns < LEAST_ROW) return byColumn;
  const byRow = scaled(values, [...dims.slice(0, -1), 1], (i) => Math.floor(i / columns));
  return byRow.loss < byColumn.loss ? byRow : byColumn;
}

function scaled(values: Float32Array, scaleDims: readonly number[], at: (i: number) => number): Quantised {
  const scales = new Float32Array(scaleDims.reduce((a, b) => a * b, 1));
  values.forEach((value, i) => {
    scales[at(i)] = Math.max(scales[at(i)]!, Math.abs(value) / 127);
  });
  let loss = 0;
  const codes = Int8Array.from(values, (value, i) => {
    const scale = scales[at(i)]!;
    const code = scale === 0 ? 0 : Math.max(-127, Math.min(127, Math.round(value / scale)));
    loss += (value - scale * code) ** 2;
    return code;
  });
  return { codes, scales, scaleDims, loss };
}
