import { type LazyRows, lazyRows } from '../engine/embedding/index.ts';
import {
  constant,
  gather,
  input,
  type Optimiser,
  reduceSum,
  reshape,
  scatterAdd,
  square,
  type Tensor,
  unsqueeze,
} from '../engine/index.ts';
import type { Lookup, Parameter, ParameterSet } from '../model/parameter.ts';
import { position, type TaskGroups } from './task-groups.ts';

/**
 * Elements of a table from which on its rows are updated lazily: below, one pass over all of it costs less than to
 * collect the rows that a step uses. The copies of seeds and tasks do not count, so that a task alone trains as it does
 * beside others.
 */
export const LAZY_ELEMENTS = 1_048_576;

/** An embedding table of which a step reads and updates the rows that it uses, and no others. */
export interface LazyTable {
  readonly parameter: Parameter;
  /** Rows of the table, those of all replicas and tasks laid end to end. */
  readonly rows: number;
  readonly width: number;
  /** What a step looks up, as graph over the batch: what the host numbers anew. */
  readonly indices: Tensor;
  /** The group, counted over all replicas, that each copy of `rows / groups.length` rows belongs to. */
  readonly groups: Int32Array;
  readonly names: TableNames;
}

/** What the inputs of a step are called that stand for a table. */
export interface TableNames {
  /** The rows of the compact table that the step uses, int32 [used]. */
  readonly used: string;
  /** Which of them each index is. */
  readonly places: string;
  /** The group of each of them, int32 [used]. */
  readonly groups: string;
  /** The compact table, and each slot of the optimiser. */
  state(kind: string): string;
}

/** The tables of a model that are worth training lazily. */
export function chooseLazy(set: ParameterSet, least: number): Lookup[] {
  const uses = (name: string): number =>
    set.lookups.filter(({ parameter }) => parameter.name === name).length;
  return set.lookups.filter(({ parameter: { name, shape } }) => {
    const [rows, width] = shape.slice(-2) as [number, number];
    // Rows are numbered for one lookup; a table that is looked up at two places stays dense.
    return rows * width >= least && uses(name) === 1;
  });
}

/** Replicas, and the tasks that train apart in each, if any. */
export interface GroupsOfStep {
  readonly lead: readonly number[];
  readonly tasks: TaskGroups | undefined;
}

/** A lazily updated table in the graph of a step. */
export interface TableInStep extends LazyTable {
  readonly lookup: Lookup;
  readonly lazy: LazyRows;
  /** By kind: the compact table under `theta`, the slots under their names. */
  readonly leaves: Readonly<Record<string, Tensor>>;
  /** Of a number for each group, [...lead, groups], that of each used row: [used, 1]. */
  ofGroup(perGroup: Tensor): Tensor;
  /** The sum of the squares of the used rows' gradient by group, [...lead, groups]. */
  squares(gradient: Tensor): Tensor;
}

/** @param scalars the optimiser's scalars, [...lead, groups] each */
export function tableInStep(
  lookup: Lookup,
  theta: string,
  optimiser: Optimiser,
  scalars: Readonly<Record<string, Tensor>>,
  groups: GroupsOfStep,
): TableInStep {
  const { parameter, indices } = lookup;
  const { name, shape, decays } = parameter;
  const names: TableNames = {
    used: `lazy/${name}/used`,
    places: `lazy/${name}/places`,
    groups: `lazy/${name}/groups`,
    state: (kind) => `lazy/${name}/${kind}`,
  };
  const width = shape.at(-1)!;
  const replicas = groups.lead.reduce((a, b) => a * b, 1);
  const copies = replicas * shape.slice(0, -2).reduce((a, b) => a * b, 1);
  const perGroup = [...groups.lead, groups.tasks?.tasks.length ?? 1];
  const count = perGroup.reduce((a, b) => a * b, 1);
  const [used, group] = [names.used, names.groups].map((own) =>
    input(own, [`used/${name}`], { dtype: 'int32', role: 'step' }),
  ) as [Tensor, Tensor];
  const leaves = Object.fromEntries(
    [theta, ...optimiser.slots].map((kind) => [
      kind,
      input(names.state(kind), [`rows/${name}`, width], { role: 'state' }),
    ]),
  );
  const ofGroup = (values: Tensor): Tensor => unsqueeze(gather(reshape(values, [count]), group), -1);
  return {
    parameter,
    rows: copies * shape.at(-2)!,
    width,
    indices,
    groups: groupsOfCopies(parameter, replicas, copies / replicas, groups.tasks),
    names,
    lookup,
    leaves,
    lazy: lazyRows({
      table: leaves[theta]!,
      slots: leaves,
      unique: used,
      inverse: input(names.places, indices.shape, { dtype: 'int32', role: 'step' }),
      optimiser,
      scalars: Object.fromEntries(Object.entries(scalars).map(([key, values]) => [key, ofGroup(values)])),
      decayMask: constant(decays ? 1 : 0),
    }),
    ofGroup,
    // One row after the other: the order of the rows is that of the batch, whatever else the chunk holds.
    squares: (gradient) => reshape(scatterAdd(group, reduceSum(square(gradient), -1), count), perGroup),
  };
}

function groupsOfCopies(
  parameter: Parameter,
  replicas: number,
  perReplica: number,
  tasks: TaskGroups | undefined,
): Int32Array {
  const first = tasks === undefined ? 0 : position(parameter, tasks.tasks)[0];
  return Int32Array.from({ length: replicas * perReplica }, (_, copy) => {
    const replica = Math.floor(copy / perReplica);
    return tasks === undefined ? replica : replica * tasks.tasks.length + first + (copy % perReplica);
  });
}
