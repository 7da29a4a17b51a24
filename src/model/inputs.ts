import {
  add,
  concat,
  constant,
  expand,
  gather,
  input,
  mul,
  reduceSum,
  reshape,
  type Shape,
  type Tensor,
  unsqueeze,
} from '../engine/index.ts';
import type { ParameterView } from './view.ts';

/** The sizes of what a model eats; the part of `Features` that shapes the graph. */
export interface FeatureSignature {
  /** Columns of the numeric matrix. */
  readonly numeric: number;
  /** Edges of the bins of each numeric column, rising; none for a column that stays a number. */
  readonly edges?: readonly (readonly number[])[];
  /** Distinct codes of each categorical column, code 0 (missing or unseen) included. */
  readonly categorical: readonly number[];
  readonly text: readonly { readonly name: string; readonly buckets: number; readonly length: number }[];
  /** Where features come from, for what treats some columns of the table in its own way. */
  readonly sources?: FeatureSources;
  /** The table of the tasks' z, where it is data. */
  readonly descriptors?: { readonly tasks: number; readonly width: number };
}

/** The source of each numeric and of each categorical feature, in their order. */
export interface FeatureSources {
  /** `missing`: what the feature is where the cell is missing. */
  readonly numeric: readonly { readonly column: string; readonly missing: number }[];
  /** `values`: what each code stands for, where codes stand for values. */
  readonly categorical: readonly { readonly column: string; readonly values?: readonly string[] }[];
}

/** Features of a batch as tensors [..., batch, ·]. */
export interface BatchInputs {
  readonly numeric?: Tensor;
  /** int32 [..., batch, C] */
  readonly categorical?: Tensor;
  readonly text: readonly { readonly name: string; readonly ids: Tensor; readonly weights: Tensor }[];
  /** The task of each row, int32 [..., batch]: long layout only. */
  readonly task?: Tensor;
  /** z of every task, [tasks, Z]. */
  readonly descriptors?: Tensor;
  /** z of each row's task, [..., batch, Z], in place of the table: any task may be described. */
  readonly descriptor?: Tensor;
}

/** Leaves for features of `rows` rows: the whole table in training, a batch in prediction. */
export function inputLeaves(signature: FeatureSignature, rows: number | string, long: boolean): BatchInputs {
  const leaf = (name: string, width: number, dtype: 'float32' | 'int32'): Tensor =>
    input(name, [rows, width], { dtype });
  return {
    ...(signature.numeric > 0 && { numeric: leaf('numeric', signature.numeric, 'float32') }),
    ...(signature.categorical.length > 0 && {
      categorical: leaf('categorical', signature.categorical.length, 'int32'),
    }),
    text: signature.text.map(({ name, length }) => ({
      name,
      ids: leaf(`text/${name}/ids`, length, 'int32'),
      weights: leaf(`text/${name}/weights`, length, 'float32'),
    })),
    ...(long && { task: input('task', [rows], { dtype: 'int32' }) }),
    ...(signature.descriptors && {
      descriptors: input('descriptors', [signature.descriptors.tasks, signature.descriptors.width]),
    }),
  };
}

/** Leaves for rows of any task: z comes with each row. */
export function describedLeaves(signature: FeatureSignature, rows: number | string): BatchInputs {
  const { descriptors: _, ...leaves } = inputLeaves(signature, rows, true);
  const { descriptors } = signature;
  return { ...leaves, ...(descriptors && { descriptor: input('descriptor', [rows, descriptors.width]) }) };
}

/** Applies one function to every tensor of the inputs. */
export function mapInputs(inputs: BatchInputs, map: (tensor: Tensor) => Tensor): BatchInputs {
  return {
    ...(inputs.numeric && { numeric: map(inputs.numeric) }),
    ...(inputs.categorical && { categorical: map(inputs.categorical) }),
    text: inputs.text.map(({ name, ids, weights }) => ({ name, ids: map(ids), weights: map(weights) })),
    ...(inputs.task && { task: inputs.task }),
    ...(inputs.descriptors && { descriptors: inputs.descriptors }),
    ...(inputs.descriptor && { descriptor: inputs.descriptor }),
  };
}

/**
 * Features with all the axes that a batch can have: what all replicas share gets axes of 1 in front, so that an axis
 * tells by its place what it is.
 *
 * @param axes of a feature matrix
 */
export function withAxes(inputs: BatchInputs, axes: number): BatchInputs {
  const given = [inputs.numeric, inputs.categorical, ...inputs.text.map(({ ids }) => ids)].find(Boolean);
  const missing = axes - (given?.shape.length ?? axes);
  if (missing <= 0) return inputs;
  const lift = (x: Tensor): Tensor => reshape(x, [...new Array<number>(missing).fill(1), ...x.shape]);
  const { task, descriptor } = inputs;
  return {
    ...mapInputs(inputs, lift),
    ...(task && { task: lift(task) }),
    ...(descriptor && { descriptor: lift(descriptor) }),
  };
}

/** The rows of a batch, picked by index inside the graph. */
export function pickRows(inputs: BatchInputs, rows: Tensor): BatchInputs {
  const picked = mapInputs(inputs, (table) => gather(table, rows, 0));
  return inputs.task === undefined ? picked : { ...picked, task: gather(inputs.task, rows, 0) };
}

export interface InputOptions {
  /** Width of a category's embedding. */
  readonly embedding: number;
  /** Width of a text column's bag of embedded n-grams. */
  readonly textEmbedding: number;
}

/**
 * Joins numeric columns, embedded categories and bags of embedded n-grams to x [..., batch, D].
 *
 * A bag is Σ weightₗ · E[idₗ]; padding has weight 0.
 */
export function joinInputs(
  view: ParameterView,
  inputs: BatchInputs,
  signature: FeatureSignature,
  options: InputOptions,
): Tensor {
  const parts: Tensor[] = [];
  if (inputs.numeric) parts.push(inputs.numeric);
  if (inputs.categorical) {
    const rows = signature.categorical.reduce((a, b) => a + b, 0);
    const embedded = view.lookup(
      'categories',
      rows,
      options.embedding,
      offsetCodes(inputs.categorical, signature.categorical),
    );
    const [columns, width] = embedded.shape.slice(-2) as [number, number];
    parts.push(reshape(embedded, [...embedded.shape.slice(0, -2), columns * width]));
  }
  inputs.text.forEach(({ name, ids, weights }, i) => {
    const embedded = view.lookup(`text/${name}`, signature.text[i]!.buckets, options.textEmbedding, ids);
    parts.push(reduceSum(mul(embedded, unsqueeze(weights, -1)), -2));
  });
  return joinColumns(parts);
}

/** Columns of all parts side by side; leading axes that a part lacks are filled up. */
export function joinColumns(parts: readonly Tensor[]): Tensor {
  const lead = widestLead(parts);
  return concat(
    parts.map((part) => expand(part, [...lead, part.shape.at(-1)!])),
    -1,
  );
}

/** Codes of all columns as rows of one common table. */
export function offsetCodes(codes: Tensor, cardinalities: readonly number[]): Tensor {
  let start = 0;
  const starts = cardinalities.map((size) => {
    const own = start;
    start += size;
    return own;
  });
  return add(codes, constant(starts, { dtype: 'int32' }));
}

/** The leading shape that all parts stretch to: a task axis may be missing from features that all tasks share. */
function widestLead(parts: readonly Tensor[]): Shape {
  return parts.reduce<Shape>(
    (lead, part) => {
      const own = part.shape.slice(0, -1);
      if (own.length !== lead.length) return own.length > lead.length ? own : lead;
      return own.map((dim, axis) => (dim === 1 ? lead[axis]! : dim));
    },
    parts[0]!.shape.slice(0, -1),
  );
}
