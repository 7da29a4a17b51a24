import { add, constant, gather, mul, reshape, type Tensor, unsqueeze } from '../engine/index.ts';
import { type Initialiser, type Owner, type Parameter, type ParameterSet, SHARED } from './parameter.ts';

/**
 * How layers see their parameters. Layers are written once, for x [..., batch, in] and weights [..., in, out]; a view
 * decides whether the weights carry nothing more, an axis of tasks or experts, or each row's own task.
 */
export interface LayerView {
  /** A parameter of the given shape, as the layer should use it. */
  parameter(name: string, shape: readonly number[], options: ParameterOptions): Tensor;
}

/** A view that also holds embedding tables. */
export interface ParameterView extends LayerView {
  /** Whether each row has parameters of its own: values that meet them are [..., batch, 1, in]. */
  readonly rowwise?: boolean;
  /** Rows of a table by index: [..., batch, C] integers → [..., batch, C, width]. */
  lookup(name: string, rows: number, width: number, indices: Tensor): Tensor;
}

export interface ParameterOptions {
  readonly initialiser: Initialiser;
  readonly decays?: boolean;
  /** Axes of the value that the parameter meets; where it has more, the parameter stretches along them. */
  readonly rank?: number;
}

const EMBEDDING_DEVIATION = 0.1;

/** Parameters that all tasks share. */
export function sharedView(set: ParameterSet, prefix: string): ParameterView {
  return {
    parameter: (name, shape, { initialiser, decays = true, rank }) => {
      const leaf = set.declare({ name: `${prefix}/${name}`, shape, initialiser, owner: SHARED, decays });
      return stretchShared(set, leaf, rank);
    },
    lookup: (name, rows, width, indices) => {
      const table = tableOf(`${prefix}/${name}`, [rows, width], SHARED);
      if (set.apart > 0) return lookupApart(set, table, indices);
      // Rows and columns, and the tasks of blocks.
      const trailing = Math.max(2, indices.shape.length - set.lead.length);
      return lookupRows(set, table, indices, replicaOffsets(set.lead, rows, trailing));
    },
  };
}

/** A copy of every parameter for each expert, on an axis before the layer's own: x is [..., experts or 1, batch, in]. */
export function expertView(set: ParameterSet, prefix: string, experts: readonly string[]): LayerView {
  return {
    parameter: (name, shape, { initialiser, decays = true, rank }) => {
      const leaf = set.declare({
        name: `${prefix}/${name}`,
        shape: [experts.length, ...shape],
        initialiser: repeat(initialiser, experts.length),
        owner: { kind: 'expert', experts },
        decays,
      });
      return stretchShared(set, leaf, rank);
    },
  };
}

/**
 * A copy of every parameter for each task, on an axis before the layer's own: x stands as [..., tasks, batch, in].
 *
 * @param inner axes between the task's and the layer's own: [3] for three experts of each task
 */
export function taskView(
  set: ParameterSet,
  prefix: string,
  tasks: readonly string[],
  inner: readonly number[] = [],
): ParameterView {
  const owner: Owner = { kind: 'task', tasks };
  return {
    parameter: (name, shape, options) => {
      const leaf = set.declare(copies(`${prefix}/${name}`, shape, options, owner, inner));
      return stretch(leaf, set.lead.length + 1, options.rank);
    },
    lookup: (name, rows, width, indices) => {
      const table = tableOf(`${prefix}/${name}`, [tasks.length, rows, width], owner);
      return lookupRows(set, table, indices, replicaOffsets([...set.lead, tasks.length], rows, 2));
    },
  };
}

/**
 * A copy of every parameter for each task, from which every row takes that of its own task (long layout):
 * x stands as [..., batch, 1, in].
 *
 * @param taskOfRow int32 [..., batch]
 * @param inner as in `taskView`
 */
export function rowView(
  set: ParameterSet,
  prefix: string,
  tasks: readonly string[],
  taskOfRow: Tensor,
  inner: readonly number[] = [],
): ParameterView {
  const owner: Owner = { kind: 'task', tasks };
  return {
    rowwise: true,
    parameter: (name, shape, options) => {
      const leaf = set.declare(copies(`${prefix}/${name}`, shape, options, owner, inner));
      return stretch(pickTask(leaf, taskOfRow, set.lead), set.lead.length + 1, options.rank);
    },
    lookup: (name, rows, width, indices) => {
      const table = tableOf(`${prefix}/${name}`, [tasks.length, rows, width], owner);
      const own = add(indices, unsqueeze(mul(taskOfRow, rows), -1));
      return lookupRows(set, table, own, replicaOffsets(set.lead, tasks.length * rows, 2));
    },
  };
}

/** How far a task may stray from what tasks share: its deviation is scaled so that few rows move it little. */
export const DEVIATION = 0.1;

/**
 * θ₀ + s θ_task: what all tasks share, and each task's own deviation from it, which starts at zero.
 *
 * T. Evgeniou, M. Pontil: Regularized multi-task learning. KDD 2004.
 */
export function leaningView(common: LayerView, own: LayerView): LayerView {
  return {
    parameter: (name, shape, options) =>
      add(
        common.parameter(`common/${name}`, shape, options),
        mul(
          own.parameter(`deviation/${name}`, shape, { ...options, initialiser: { kind: 'zeros' } }),
          DEVIATION,
        ),
      ),
  };
}

/**
 * The slice of each row's task: [...lead, T, ...rest] and [..., batch] → [...lead, batch, ...rest].
 */
export function pickTask(leaf: Tensor, taskOfRow: Tensor, lead: readonly number[]): Tensor {
  if (lead.length === 0) return gather(leaf, taskOfRow, 0);
  const copies = leaf.shape.slice(0, lead.length) as number[];
  const [tasks, ...rest] = leaf.shape.slice(lead.length) as number[];
  const flat = reshape(leaf, [copies.reduce((a, b) => a * b, tasks!), ...rest]);
  return gather(flat, add(taskOfRow, replicaOffsets(copies, tasks!, 1)!), 0);
}

/** Inserts axes of size 1 at `at`, until the parameter has the rank of the value that it meets. */
function stretch(parameter: Tensor, at: number, rank: number = 0): Tensor {
  const missing = rank - parameter.shape.length;
  // In front of all axes they would change nothing, and hide a matrix from kernels for matrices.
  if (missing <= 0 || at === 0) return parameter;
  const ones = new Array<number>(missing).fill(1);
  return reshape(parameter, [...parameter.shape.slice(0, at), ...ones, ...parameter.shape.slice(at)]);
}

/** What is shared, as the layers of all tasks take it, or through each task's own view. */
function stretchShared(set: ParameterSet, leaf: Tensor, rank: number | undefined): Tensor {
  if (set.apart === 0) return stretch(leaf, set.lead.length, rank);
  return stretch(set.viewOf(leaf), set.lead.length + 1, rank);
}

/** Rows of a shared table through each task's own view of it. */
function lookupApart(set: ParameterSet, table: Parameter, indices: Tensor): Tensor {
  const [rows, width] = table.shape as [number, number];
  const axes = [...set.lead, set.apart];
  const view = reshape(set.viewOf(set.declare(table)), [axes.reduce((a, b) => a * b, rows), width]);
  return gather(view, add(indices, replicaOffsets(axes, rows, 2)!), 0);
}

function copies(
  name: string,
  shape: readonly number[],
  { initialiser, decays = true }: ParameterOptions,
  owner: Extract<Owner, { kind: 'task' }>,
  inner: readonly number[],
): Parameter {
  const axes = [owner.tasks.length, ...inner];
  const times = axes.reduce((a, b) => a * b, 1);
  return { name, shape: [...axes, ...shape], initialiser: repeat(initialiser, times), owner, decays };
}

function tableOf(name: string, shape: readonly number[], owner: Owner): Parameter {
  return {
    name,
    shape,
    initialiser: { kind: 'normal', deviation: EMBEDDING_DEVIATION },
    owner,
    decays: false,
  };
}

/** Where each replica's rows begin in the flattened table: [...lead, 1 × trailing], or nothing for one replica. */
function replicaOffsets(lead: readonly number[], rows: number, trailing: number): Tensor | undefined {
  if (lead.length === 0) return undefined;
  const count = lead.reduce((a, b) => a * b, 1);
  const offsets = Int32Array.from({ length: count }, (_, i) => i * rows);
  return constant(offsets, { shape: [...lead, ...new Array<number>(trailing).fill(1)], dtype: 'int32' });
}

function lookupRows(
  set: ParameterSet,
  table: Parameter,
  indices: Tensor,
  offsets: Tensor | undefined,
): Tensor {
  return set.lookup(table, offsets === undefined ? indices : add(indices, offsets));
}

function repeat(initialiser: Initialiser, times: number): Initialiser {
  if (initialiser.kind !== 'values') return initialiser;
  return { kind: 'values', values: Array.from({ length: times }, () => initialiser.values).flat() };
}
