import { substitute } from '../engine/graph.ts';
import {
  constant,
  gather,
  gradient,
  input,
  mul,
  reduceSum,
  reshape,
  type Step,
  scope,
  type Tensor,
} from '../engine/index.ts';
import { clipPacked } from '../engine/optimiser/clip.ts';
import type { Optimiser } from '../engine/optimiser/optimiser.ts';
import { ParameterLayout } from '../engine/optimiser/parameters.ts';
import { inputLeaves, pickRows } from '../model/inputs.ts';
import { buildModel, type ModelSignature, type ModelSpec } from '../model/model.ts';
import { type Parameter, ParameterSet } from '../model/parameter.ts';
import type { BatchLayout } from '../model/sharing/sharing.ts';
import type { FittedTask } from '../problem/index.ts';
import { taskLosses } from './losses.ts';
import { scalarName } from './step-feeds.ts';
import { clipByTask, spreadOverTasks, type TaskGroups } from './task-groups.ts';

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
}

export interface TrainingStep {
  readonly step: Step;
  readonly layout: ParameterLayout;
  readonly parameters: readonly Parameter[];
}

/** The name of the packed parameters among the states of a step. */
export const THETA = 'theta';

/**
 * One step of training as graph: rows picked by index → model → task losses → Σ wᵢLᵢ → one backward pass →
 * clipping → optimiser, over all parameters packed into θ [seeds, n].
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
  const model = buildModel(spec.model, spec.signature, set, batch, spec.layout, { training: true, keys });
  const losses = taskLosses(
    model,
    spec.tasks,
    {
      labels: gather(input('labels', [spec.tableRows, spec.labelColumns]), picked, 0),
      weights: gather(input('label-weights', [spec.tableRows, labelled]), picked, 0),
      ...(batch.task && { task: batch.task }),
    },
    spec.layout,
  );
  const weights = input('task-weights', [...lead, spec.tasks.length], { role: 'step' });
  const gradients = gradient(reduceSum(mul(losses, weights)), set.leaves);
  return assemble(spec, set, lead, gradients, losses);
}

function batchRows({ layout, rowsPerStep, tasks }: TrainingStepSpec, lead: readonly number[]): Tensor {
  const rows = input('rows', [...lead, rowsPerStep], { dtype: 'int32', role: 'step' });
  return layout === 'blocks' ? reshape(rows, [...lead, tasks.length, rowsPerStep / tasks.length]) : rows;
}

/** Packs parameters and gradients into θ and applies the optimiser to it. */
function assemble(
  spec: TrainingStepSpec,
  set: ParameterSet,
  lead: readonly number[],
  gradients: readonly Tensor[],
  losses: Tensor,
): TrainingStep {
  const { parameters, leaves } = set;
  const layout = new ParameterLayout(parameters, lead);
  const groups: TaskGroups | undefined =
    spec.groups === 'task' ? { parameters, layout, tasks: spec.tasks.map(({ name }) => name) } : undefined;
  const theta = input(THETA, [...lead, layout.size], { role: 'state' });
  const slots = spec.optimiser.slots.map((name) => input(name, [...lead, layout.size], { role: 'state' }));
  const gradient = scope('clip', () => packClipped(spec, layout, gradients, groups));
  const decaying = new Set(parameters.filter(({ decays }) => decays).map(({ name }) => name));
  const next = scope('update', () =>
    spec.optimiser.update({
      parameter: theta,
      gradient,
      slots: Object.fromEntries(spec.optimiser.slots.map((name, i) => [name, slots[i]!])),
      scalars: groupScalars(spec, lead, groups),
      decayMask: constant(layout.mask(({ name }) => decaying.has(name))),
    }),
  );
  const unpacked = layout.unpack(theta);
  const image = new Map(leaves.map((leaf, i) => [leaf, unpacked.get(parameters[i]!.name)!]));
  const targets = [next.parameter, ...spec.optimiser.slots.map((name) => next.slots[name]!), losses];
  const [nextTheta, ...rest] = substitute(targets, image);
  const step: Step = {
    state: [{ leaf: theta, next: nextTheta! }, ...slots.map((leaf, i) => ({ leaf, next: rest[i]! }))],
    outputs: { losses: rest.at(-1)! },
  };
  return { step, layout, parameters };
}

/** The gradients as one matrix, clipped for each group on its own. */
function packClipped(
  { clipNorm }: TrainingStepSpec,
  layout: ParameterLayout,
  gradients: readonly Tensor[],
  groups: TaskGroups | undefined,
): Tensor {
  const byTask = clipNorm !== undefined && groups !== undefined;
  const clipped = byTask ? clipByTask(gradients, clipNorm, groups) : gradients;
  const packed = layout.pack(new Map(layout.slices.map(({ name }, i) => [name, clipped[i]!])));
  return clipNorm === undefined || byTask ? packed : clipPacked(packed, clipNorm).gradient;
}

/** The optimiser's scalars for each group: [...lead, 1] for replicas, one for each element of θ for tasks. */
function groupScalars(
  { optimiser, tasks }: TrainingStepSpec,
  lead: readonly number[],
  groups: TaskGroups | undefined,
): Record<string, Tensor> {
  const leaf = (key: string): Tensor =>
    input(scalarName(key), [...lead, groups === undefined ? 1 : tasks.length], { role: 'step' });
  return Object.fromEntries(
    Object.keys(optimiser.scalars(1, 1)).map((key) => [
      key,
      groups === undefined ? leaf(key) : spreadOverTasks(leaf(key), groups),
    ]),
  );
}
