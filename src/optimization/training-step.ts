import { substitute } from '../engine/graph.ts';
import {
  constant,
  gather,
  input,
  type MediatedStep,
  mul,
  reduceSum,
  reshape,
  type Step,
  scope,
  type Tensor,
} from '../engine/index.ts';
import type { Optimiser } from '../engine/optimiser/optimiser.ts';
import { ParameterLayout } from '../engine/optimiser/parameters.ts';
import { orderByFamily } from '../model/heads.ts';
import { inputLeaves, pickRows } from '../model/inputs.ts';
import { buildModel, type ModelSignature, type ModelSpec } from '../model/model.ts';
import { type Parameter, ParameterSet } from '../model/parameter.ts';
import type { BatchLayout } from '../model/task-axis.ts';
import { type ChosenObjective, chooseObjective } from '../objective/index.ts';
import type { FittedTask } from '../problem/index.ts';
import type { Carried, Noise } from './carried.ts';
import { packClipped } from './clipping.ts';
import { type Descended, differentiate } from './differentiate.ts';
import { chooseLazy, LAZY_ELEMENTS, type LazyTable, tableInStep } from './lazy-tables.ts';
import { labelsByFamily, taskLosses } from './losses.ts';
import { factsOf, objectiveInStep } from './objective-in-step.ts';
import { scalarName } from './step-feeds.ts';
import { spreadOverTasks, type TaskGroups } from './task-groups.ts';

/** Everything that shapes the graph of a training step. */
export interface TrainingStepSpec {
  readonly model: ModelSpec;
  readonly signature: ModelSignature;
  /** In the order of the model's heads. */
  readonly tasks: readonly FittedTask[];
  readonly layout: BatchLayout;
  /** Replicas trained side by side. */
  readonly seeds: number;
  readonly optimiser: Optimiser;
  readonly clipNorm?: number;
  /**
   * What has a learning rate and a clipped norm of its own: each replica, or, where nothing is shared, each task of
   * each replica.
   */
  readonly groups: 'replica' | 'task';
  /** Rows of the table that the batches index. */
  readonly tableRows: number;
  /** Rows a replica sees in one step; a multiple of the number of tasks for blocks. */
  readonly rowsPerStep: number;
  readonly labelColumns: number;
  /** Elements of a table from which on it is updated lazily; default `LAZY_ELEMENTS`. */
  readonly lazyFrom?: number;
  /** How losses and gradients become one direction; default: equal weights. */
  readonly objective?: ChosenObjective;
}

export interface TrainingStep {
  readonly step: Step;
  /** Where the host decides between two halves of the step: what it is asked, and the leaves of its answers. */
  readonly mediation?: Pick<MediatedStep, 'asked' | 'answers'>;
  /** What is carried beside θ and its slots, and drawn by the host for each step. */
  readonly carried: readonly CarriedState[];
  readonly noises: readonly Noise[];
  /** Of all parameters: θ and the optimiser's slots as they are kept. */
  readonly layout: ParameterLayout;
  readonly parameters: readonly Parameter[];
  /** θ and the slots by name. */
  readonly states: readonly string[];
  /** Of the parameters that the step carries whole. */
  readonly dense: ParameterLayout;
  /** Of the other ones the step carries the rows that its chunk uses. */
  readonly tables: readonly LazyTable[];
}

/** A state of the objective: its shape with the replica axis, and how it starts. */
export interface CarriedState {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: Float32Array;
}

/** The name of the packed parameters among the states of a step. */
export const THETA = 'theta';

/**
 * One step of training as graph: rows picked by index → model → task losses → Σ wᵢLᵢ → one backward pass →
 * clipping → optimiser, over parameters packed into θ [seeds, n] and the used rows of large embedding tables.
 */
export function buildTrainingStep(spec: TrainingStepSpec): TrainingStep {
  const lead = spec.seeds === 1 ? [] : [spec.seeds];
  const set = new ParameterSet(lead);
  const picked = batchRows(spec, lead);
  const table = inputLeaves(spec.signature.features, spec.tableRows, spec.signature.long);
  const batch = scope('batch', () => pickRows(table, picked));
  const labelled = spec.layout === 'wide' ? spec.tasks.length : 1;
  const keys = ['dropout/multiplier', 'dropout/offset'].map((name) =>
    input(name, [...lead, 1, 1], { dtype: 'int32', role: 'step' }),
  ) as [Tensor, Tensor];
  const epoch = input('epoch', [1], { role: 'step' });
  const mode = { training: true, keys, epoch };
  const labels = {
    labels: gather(input('labels', [spec.tableRows, spec.labelColumns]), picked, 0),
    weights: gather(input('label-weights', [spec.tableRows, labelled]), picked, 0),
    ...(batch.task && { task: batch.task }),
  };
  const { families } = orderByFamily(spec.signature.heads);
  const known = spec.layout === 'wide' ? labelsByFamily(families, spec.tasks, labels) : undefined;
  const model = buildModel(spec.model, spec.signature, set, batch, spec.layout, mode, known);
  const found = taskLosses(model, spec.tasks, labels, spec.layout);
  // A step that trains one task alone has 0 here for the others.
  const active = input('task-weights', [...lead, spec.tasks.length], { role: 'step' });
  const losses = { losses: mul(found.losses, active), present: mul(found.present, active) };
  const objective = objectiveInStep(
    spec.objective ?? chooseObjective('equal'),
    losses,
    factsOf(spec.tasks),
    lead,
  );
  const penalty = model.penalty === undefined ? undefined : reduceSum(model.penalty);
  const representation = model.representation;
  return assemble(spec, set, lead, { objective, losses, penalty, representation, reported: found.losses });
}

function batchRows({ layout, rowsPerStep, tasks }: TrainingStepSpec, lead: readonly number[]): Tensor {
  const rows = input('rows', [...lead, rowsPerStep], { dtype: 'int32', role: 'step' });
  return layout === 'blocks' ? reshape(rows, [...lead, tasks.length, rowsPerStep / tasks.length]) : rows;
}

/** Differentiates by what the step carries, and applies the optimiser to it. */
function assemble(
  spec: TrainingStepSpec,
  set: ParameterSet,
  lead: readonly number[],
  descended: Descended,
): TrainingStep {
  const { optimiser } = spec;
  const { parameters } = set;
  const { objective } = descended;
  // What compares gradients, or looks at losses after the update, takes tables as they are.
  const whole = spec.objective?.aggregation !== undefined || objective.afterwards.length > 0;
  const lookups = whole ? [] : chooseLazy(set, spec.lazyFrom ?? LAZY_ELEMENTS);
  const lazy = new Set(lookups.map(({ parameter }) => parameter.name));
  const carried = parameters.filter(({ name }) => !lazy.has(name));
  const leaves = set.leaves.filter((_, i) => !lazy.has(parameters[i]!.name));
  const dense = new ParameterLayout(carried, lead);
  const names = spec.tasks.map(({ name }) => name);
  const groups: TaskGroups | undefined =
    spec.groups === 'task' ? { parameters: carried, layout: dense, tasks: names } : undefined;
  const scalars = scalarLeaves(optimiser, [...lead, groups === undefined ? 1 : names.length]);
  const tables = lookups.map((lookup) =>
    tableInStep(lookup, THETA, optimiser, scalars, { lead, tasks: groups }),
  );
  const rows = new Map(tables.map(({ lookup, lazy: { embedded } }) => [lookup.picked, embedded]));
  const slopes = differentiate(spec, descended, carried, leaves, lead, rows, tables);
  const clipped = scope('clip', () =>
    packClipped({ packed: slopes.packed, tables: slopes.tables }, spec.clipNorm, dense, tables, groups),
  );
  const packed = scope('update', () =>
    updatePacked(optimiser, carried, dense, scalars, groups, clipped.packed),
  );
  const updated = scope('update', () =>
    tables.flatMap(({ lazy: own, leaves: state }, i) => {
      const next = own.update(clipped.tables[i]!);
      const values: Record<string, Tensor> = { ...next.slots, [THETA]: next.table };
      return Object.entries(state).map(([kind, leaf]) => ({ leaf, next: values[kind]! }));
    }),
  );
  const [theta] = packed as [Step['state'][number]];
  const imageOf = (value: Tensor): Map<Tensor, Tensor> => {
    const unpacked = dense.unpack(value);
    return new Map(leaves.map((leaf, i) => [leaf, unpacked.get(carried[i]!.name)!]));
  };
  if (objective.afterwards.length > 0) {
    const [after] = substitute([descended.losses.losses], imageOf(theta.next)) as [Tensor];
    for (const use of objective.afterwards) use(after);
  }
  const own = scope('update', () => updateOwn(optimiser, objective.parameters, slopes.own, scalars, lead));
  const extras = [...objective.extras.carried, ...slopes.extras.flatMap((extra) => extra.carried)];
  const states = [...packed, ...updated, ...own.states, ...extras];
  const asked = Object.entries(slopes.asked ?? {});
  const outputs = Object.entries({ losses: slopes.reported, ...slopes.watched });
  const targets = substitute(
    [
      ...states.map(({ next }) => next),
      ...outputs.map(([, value]) => value),
      ...asked.map(([, value]) => value),
    ],
    imageOf(theta.leaf),
  );
  const afterStates = targets.slice(states.length);
  const start = ({ name, shape, initial }: Carried): CarriedState => ({
    name,
    shape: [...lead, ...shape],
    start: Float32Array.from(Array.from({ length: spec.seeds }, () => initial).flat()),
  });
  return {
    step: {
      state: states.map(({ leaf }, i) => ({ leaf, next: targets[i]! })),
      outputs: Object.fromEntries(outputs.map(([name], i) => [name, afterStates[i]!])),
    },
    ...(slopes.answer && {
      mediation: {
        asked: Object.fromEntries(asked.map(([name], i) => [name, afterStates[outputs.length + i]!])),
        answers: [slopes.answer],
      },
    }),
    carried: [...own.carried, ...extras].map(start),
    noises: [...objective.extras.noises, ...slopes.extras.flatMap((extra) => extra.noises)],
    layout: new ParameterLayout(parameters, lead),
    parameters,
    states: [THETA, ...optimiser.slots],
    dense,
    tables,
  };
}

/** θ and its slots with what follows them; θ first. */
function updatePacked(
  optimiser: Optimiser,
  parameters: readonly Parameter[],
  layout: ParameterLayout,
  scalars: Readonly<Record<string, Tensor>>,
  groups: TaskGroups | undefined,
  gradient: Tensor,
): Step['state'] {
  const leaf = (name: string): Tensor => input(name, [...layout.lead, layout.size], { role: 'state' });
  const theta = leaf(THETA);
  const slots = Object.fromEntries(optimiser.slots.map((name) => [name, leaf(name)]));
  const decaying = new Set(parameters.filter(({ decays }) => decays).map(({ name }) => name));
  const next = optimiser.update({
    parameter: theta,
    gradient,
    slots,
    scalars: Object.fromEntries(
      Object.entries(scalars).map(([key, values]) => [
        key,
        groups === undefined ? values : spreadOverTasks(values, groups),
      ]),
    ),
    decayMask: constant(layout.mask(({ name }) => decaying.has(name))),
  });
  return [
    { leaf: theta, next: next.parameter },
    ...optimiser.slots.map((name) => ({ leaf: slots[name]!, next: next.slots[name]! })),
  ];
}

/** The weighting's own parameters and their slots, by the rule of the run's optimiser, without decay. */
function updateOwn(
  optimiser: Optimiser,
  parameters: readonly Carried[],
  gradients: readonly Tensor[],
  scalars: Readonly<Record<string, Tensor>>,
  lead: readonly number[],
): { readonly states: Step['state']; readonly carried: readonly Carried[] } {
  const carried = parameters.flatMap((parameter, i) => {
    const zeros = new Array<number>(parameter.initial.length).fill(0);
    const slots = optimiser.slots.map((slot) => {
      const name = `${parameter.name}/${slot}`;
      const leaf = input(name, [...lead, zeros.length], { role: 'state' });
      return { name, shape: parameter.shape, leaf, initial: zeros, next: leaf };
    });
    const next = optimiser.update({
      parameter: parameter.leaf,
      gradient: gradients[i]!,
      slots: Object.fromEntries(optimiser.slots.map((slot, k) => [slot, slots[k]!.leaf])),
      scalars,
      decayMask: constant(zeros),
    });
    return [
      { ...parameter, next: next.parameter },
      ...slots.map((slot, k) => ({ ...slot, next: next.slots[optimiser.slots[k]!]! })),
    ];
  });
  return { states: carried, carried };
}

/** The optimiser's scalars for each group: [...lead, groups]. */
function scalarLeaves(optimiser: Optimiser, shape: readonly number[]): Record<string, Tensor> {
  return Object.fromEntries(
    Object.keys(optimiser.scalars(1, 1)).map((key) => [key, input(scalarName(key), shape, { role: 'step' })]),
  );
}
