import { PolytaskError } from '../common/error.ts';
import { type BatchLayout, chooseSharing, isConditioned, type ModelSignature } from '../model/index.ts';
import { chooseObjective, needsValidation, type ObjectiveInput } from '../objective/index.ts';
import {
  blockSampler,
  type Sampler,
  shuffledSampler,
  type TaskSampling,
  taskSampler,
  taskTargets,
} from '../optimization/index.ts';
import type { RunConfig } from './run-config.ts';
import type { Trial } from './trial.ts';

/** How the rows of training come to a model. */
export interface Batches {
  readonly layout: BatchLayout;
  readonly sampler: Sampler;
}

/**
 * How rows come in batches: wide rows as they are; rows of one task each mixed, or in blocks, as many of each task, where
 * no task meets another's rows anyway, where the config says so, and where an aggregation compares the tasks' gradients,
 * which blocks give at the cost of one.
 */
export function batchesOf({ sharing, config, objective, prepared }: Trial): Batches {
  const { dataset, split, signature } = prepared;
  const { batchSize, maxEpochs } = config.training;
  const names = dataset.tasks.map(({ name }) => name);
  const rowsOfTask = (): Int32Array[] =>
    taskTargets(dataset, split.train).map(({ positions }) =>
      positions.map((position) => split.train[position]!),
    );
  if (signature.long && chooseSharing(sharing).sharing.blocks === true)
    return { layout: 'blocks', sampler: blockSampler(rowsOfTask(), names, batchSize) };
  const layout = signature.long ? 'rows' : 'wide';
  const sampling = config.sampling as TaskSampling;
  if (inBlocks(sampling, objective ?? config.objective) && mayStandInBlocks({ sharing, config, prepared })) {
    const rows = rowsOfTask();
    // Tasks that training does not see have no block.
    if (rows.every(({ length }) => length > 0))
      return { layout: 'blocks', sampler: blockSampler(rows, names, Math.ceil(batchSize / names.length)) };
  }
  if (sampling.name === 'proportional' && sampling.batches !== 'single')
    return { layout, sampler: shuffledSampler(split.train, batchSize) };
  return { layout, sampler: taskSampler(rowsOfTask(), names, sampling, batchSize, maxEpochs) };
}

/** Blocks draw all tasks alike: who asks for another sampling gets it, in mixed batches. */
function inBlocks({ name, batches }: TaskSampling, objective: ObjectiveInput): boolean {
  if (batches !== undefined) return batches === 'blocks';
  const chosen = chooseObjective(objective);
  // Validation rows come as they are.
  return name === 'proportional' && chosen.aggregation !== undefined && !needsValidation(chosen);
}

/** Whether rows may stand in blocks, one for each task. */
export const mayStandInBlocks = ({
  sharing,
  config,
  prepared: { signature },
}: Pick<Trial, 'sharing' | 'config' | 'prepared'>): boolean =>
  hindrance({ sharing, config, signature }) === undefined;

/** What keeps rows from standing in blocks. */
function hindrance({
  sharing,
  config,
  signature,
}: {
  readonly sharing: Trial['sharing'];
  readonly config: Pick<RunConfig, 'model'>;
  readonly signature: Pick<ModelSignature, 'long'>;
}): string | undefined {
  const { name, rowwise } = chooseSharing(sharing).sharing;
  if (!signature.long) return 'a wide table, whose rows belong to all tasks';
  if (rowwise) return `${name}, in which networks of several tasks look at every row`;
  return isConditioned(config.model.conditioning) ? 'a model that is told the task of each row' : undefined;
}

/**
 * Refuses blocks where rows cannot stand in them.
 *
 * @throws `sampling-invalid`
 */
export function checkBatches(config: RunConfig, signature: ModelSignature): void {
  if (config.sampling.batches !== 'blocks') return;
  const found = hindrance({ sharing: config.model.sharing, config, signature });
  if (found === undefined) return;
  throw new PolytaskError('sampling-invalid', {
    path: 'sampling.batches',
    expected:
      'for blocks, a table whose rows belong to one task each and a model that looks at each row for its task alone',
    found,
    help: 'Leave batches out.',
  });
}
