import { add, constant, gather, mul, reshape, type Tensor, unsqueeze } from '../engine/index.ts';
import { type Initialiser, type Owner, type Parameter, type ParameterSet, SHARED } from './parameter.ts';

/**
 * How layers see their parameters. Layers are written once, for x [..., batch, in] and weights [..., in, out]; a view
 * decides whether the weights carry nothing more, a task axis, or each row's own task.
 */
export interface ParameterView {
  /** A parameter of the given shape, as the layer should use it. */
  parameter(name: string, shape: readonly number[], options: ParameterOptions): Tensor;
  /** Rows of a table by index: [..., batch, C] integers → [..., batch, C, width]. */
  lookup(name: string, rows: number, width: number, indices: Tensor): Tensor;
}

export interface ParameterOptions {
  readonly initialiser: Initialiser;
  readonly decays?: boolean;
}

const EMBEDDING_DEVIATION = 0.1;

/** Parameters that all tasks share. */
export function sharedView(set: ParameterSet, prefix: string): ParameterView {
  return {
    parameter: (name, shape, { initialiser, decays = true }) =>
      set.declare({ name: `${prefix}/${name}`, shape, initialiser, owner: SHARED, decays }),
    lookup: (name, rows, width, indices) => {
      const table = tableOf(`${prefix}/${name}`, [rows, width], SHARED);
      return lookupRows(set, table, indices, replicaOffsets(set.lead, rows, 2));
    },
  };
}

/** A copy of every parameter for each task, on an axis before the layer's own: x stands as [..., tasks, batch, in]. */
export function taskView(set: ParameterSet, prefix: string, tasks: readonly string[]): ParameterView {
  const owner: Owner = { kind: 'task', tasks };
  return {
    parameter: (name, shape, { initialiser, decays = true }) =>
      set.declare({
        name: `${prefix}/${name}`,
        shape: [tasks.length, ...shape],
        initialiser: repeat(initialiser, tasks.length),
        owner,
        decays,
      }),
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
 */
export function rowView(
  set: ParameterSet,
  prefix: string,
  tasks: readonly string[],
  taskOfRow: Tensor,
): ParameterView {
  const owner: Owner = { kind: 'task', tasks };
  return {
    parameter: (name, shape, { initialiser, decays = true }) => {
      const full = [tasks.length, ...shape];
      const leaf = set.declare({
        name: `${prefix}/${name}`,
        shape: full,
        initialiser: repeat(initialiser, tasks.length),
        owner,
        decays,
      });
      return pickTask(leaf, taskOfRow, set.lead);
    },
    lookup: (name, rows, width, indices) => {
      const table = tableOf(`${prefix}/${name}`, [tasks.length, rows, width], owner);
      const own = add(indices, unsqueeze(mul(taskOfRow, rows), -1));
      return lookupRows(set, table, own, replicaOffsets(set.lead, tasks.length * rows, 2));
    },
  };
}

/**
 * The slice of each row's task: [...lead, T, ...rest] and [..., batch] → [...lead, batch, ...rest].
 */
export function pickTask(leaf: Tensor, taskOfRow: Tensor, lead: readonly number[]): Tensor {
  const [tasks, ...rest] = leaf.shape.slice(lead.length) as number[];
  if (lead.length === 0) return gather(leaf, taskOfRow, 0);
  const flat = reshape(leaf, [lead[0]! * tasks!, ...rest]);
  return gather(flat, add(taskOfRow, replicaOffsets(lead, tasks!, 1)!), 0);
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
