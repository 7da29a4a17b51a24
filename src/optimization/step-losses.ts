import { PolytaskError } from '../common/error.ts';
import { substitute } from '../engine/graph.ts';
import {
  add,
  constant,
  gather,
  input,
  mul,
  reduceSum,
  reshape,
  scope,
  slice,
  type Tensor,
} from '../engine/index.ts';
import { orderByFamily, type Readout } from '../model/heads.ts';
import { inputLeaves, pickRows } from '../model/inputs.ts';
import { type BuiltModel, buildModel } from '../model/model.ts';
import { ParameterSet } from '../model/parameter.ts';
import { type ChosenObjective, needsValidation } from '../objective/index.ts';
import { labelsByFamily, type TaskLosses, taskLosses } from './losses.ts';
import { VALIDATION_ROWS } from './step-feeds.ts';
import type { TrainingStepSpec } from './training-step.ts';

/** The losses of a step as graph, before anything is differentiated. */
export interface StepLosses {
  readonly set: ParameterSet;
  /** Of the batch that is descended; those that wait in a step of one task are absent. */
  readonly losses: TaskLosses;
  /** As they are told outside. */
  readonly reported: Tensor;
  /** Summed over replicas, which do not meet. */
  readonly penalty: Tensor | undefined;
  readonly representation: Tensor | undefined;
  readonly readout: Readout | undefined;
  /** Of the batches of which an aggregation compares gradients: the same one, or others where it asks for several. */
  readonly compared: readonly TaskLosses[];
  /** Of validation rows, as many as are descended, where the weighting looks at them. */
  readonly validation?: TaskLosses & { readonly shape: readonly number[] };
  /** How tasks that own blocks of the rows see what they share in `compared`, by leaf: [...lead, T, ...shape]. */
  readonly views: ReadonlyMap<Tensor, Tensor>;
}

/**
 * Rows picked by index → model → each task's loss. Where a step has several batches they are equal parts of its rows, drawn
 * without overlap; the last one is descended.
 */
export function stepLosses(
  spec: TrainingStepSpec,
  lead: readonly number[],
  chosen: ChosenObjective,
): StepLosses {
  const { aggregation } = chosen;
  const set = new ParameterSet(lead);
  const parts = partsOf(spec, lead, aggregation?.aggregation.batches ?? 1);
  const rows = parts.at(-1)!;
  const { model, losses, reported, keys } = lossesOf(spec, lead, set, rows);
  const apart = set.apartFor(spec.layout === 'blocks' && aggregation !== undefined ? spec.tasks.length : 0);
  const seen = apart === set ? losses : lossesOf(spec, lead, apart, rows).losses;
  const elsewhere = (of: TaskLosses, other: Tensor, i: number): TaskLosses => {
    // Masks of dropout differ from batch to batch as they do from step to step.
    const salt = constant([Math.imul(i + 1, 0x9e3779b1)], { dtype: 'int32' });
    const image = new Map([[rows, other], ...keys.map((key) => [key, add(key, salt)] as const)]);
    const [own, present] = substitute([of.losses, of.present], image) as [Tensor, Tensor];
    return { losses: own, present };
  };
  const others = parts.slice(0, -1).map((other, i) => elsewhere(seen, other, i));
  const leaf = input(VALIDATION_ROWS, rows.shape, { dtype: 'int32', role: 'step' });
  return {
    set,
    losses,
    reported,
    penalty: model.penalty && reduceSum(model.penalty),
    // Of rows of one task each no two tasks have gradients that could meet there.
    representation: spec.layout === 'wide' ? model.representation : undefined,
    readout: model.readout,
    compared: others.length === 0 ? [seen] : others,
    ...(needsValidation(chosen) && {
      validation: { ...elsewhere(losses, leaf, parts.length), shape: leaf.shape as number[] },
    }),
    views: apart.views,
  };
}

/** What shapes the losses of some rows as graph. */
export type LossesSpec = Pick<
  TrainingStepSpec,
  'model' | 'signature' | 'tasks' | 'layout' | 'tableRows' | 'rowsPerStep' | 'labelColumns'
>;

/** The input of a step that says how many epochs were taken, the one input that is the same for all replicas. */
export const EPOCH = 'epoch';

interface LossesOfRows {
  readonly model: BuiltModel;
  readonly losses: TaskLosses;
  readonly reported: Tensor;
  readonly keys: readonly Tensor[];
}

/**
 * The losses of some rows of the table, as training has them.
 *
 * @param rows int32 [...lead, batch], or [...lead, tasks, block] for blocks
 */
export function lossesOf(
  spec: LossesSpec,
  lead: readonly number[],
  set: ParameterSet,
  rows: Tensor,
): LossesOfRows {
  const keys = ['dropout/multiplier', 'dropout/offset'].map((name) =>
    input(name, [...lead, 1, 1], { dtype: 'int32', role: 'step' }),
  ) as [Tensor, Tensor];
  const table = inputLeaves(spec.signature.features, spec.tableRows, spec.signature.long);
  const batch = scope('batch', () => pickRows(table, rows));
  const labelled = spec.layout === 'wide' ? spec.tasks.length : 1;
  const mode = { training: true, keys, epoch: input(EPOCH, [1], { role: 'step' }) };
  const labels = {
    labels: gather(input('labels', [spec.tableRows, spec.labelColumns]), rows, 0),
    weights: gather(input('label-weights', [spec.tableRows, labelled]), rows, 0),
    ...(batch.task && { task: batch.task }),
  };
  const { families } = orderByFamily(spec.signature.heads);
  const known = spec.layout === 'wide' ? labelsByFamily(families, spec.tasks, labels) : undefined;
  const model = buildModel(spec.model, spec.signature, set, batch, spec.layout, mode, known);
  const found = taskLosses(model, spec.tasks, labels, spec.layout);
  // A step that trains one task alone has 0 here for the others.
  const active = input('task-weights', [...lead, spec.tasks.length], { role: 'step' });
  const losses = { losses: mul(found.losses, active), present: mul(found.present, active) };
  return { model, losses, reported: found.losses, keys };
}

/** The rows of each batch of a step, in the layout that the model expects. */
export function partsOf(
  { layout, rowsPerStep, tasks }: LossesSpec,
  lead: readonly number[],
  batches: number,
): Tensor[] {
  const leaf = input('rows', [...lead, rowsPerStep], { dtype: 'int32', role: 'step' });
  const width = layout === 'blocks' ? rowsPerStep / tasks.length : rowsPerStep;
  const rows = layout === 'blocks' ? reshape(leaf, [...lead, tasks.length, width]) : leaf;
  if (batches === 1) return [rows];
  const size = Math.floor(width / batches);
  if (size === 0)
    throw new PolytaskError('objective-invalid', {
      path: 'training.batchSize',
      expected: `at least ${batches} rows a step: the objective draws ${batches} batches`,
      found: String(width),
      help: 'Train with larger batches, or with another objective.',
    });
  return Array.from({ length: batches }, (_, i) => slice(rows, -1, i * size, (i + 1) * size));
}
