import { PolytaskError } from '../common/error.ts';
import {
  type OptimiserSpec,
  parseOptimiser,
  parseSchedule,
  type ScheduleSpec,
} from '../engine/optimiser/index.ts';
import {
  buildModel,
  chooseConditioning,
  chooseSharing,
  isConditioned,
  type ModelSignature,
  ParameterSet,
} from '../model/index.ts';
import { inputLeaves } from '../model/inputs.ts';
import { chooseObjective } from '../objective/index.ts';
import { checkCompared, isShared } from '../optimization/index.ts';
import { type TaskSampling, taskProbabilities } from '../optimization/sampling/task-sampling.ts';
import { checkBatches } from './batches.ts';
import type { RunConfig } from './run-config.ts';
import { modelSpec } from './trial.ts';

/**
 * Refuses settings of methods before a run has a folder, so that a corrected run can take the same one.
 *
 * @param signature whose heads are in the order of the model
 * @throws `sharing-invalid`, `flow-invalid`, `conditioning-invalid`, `optimiser-invalid`, `schedule-invalid`, `objective-invalid`, `weight-invalid`, `task-unknown`, `sampling-invalid`
 */
export function checkMethods(config: RunConfig, signature: ModelSignature): void {
  const { model, training, objective, sampling } = config;
  const tasks = signature.heads.map(({ name }) => name);
  const { sharing } = chooseSharing(model.sharing);
  if (sharing.separate && isConditioned(model.conditioning))
    throw new PolytaskError('conditioning-invalid', {
      path: 'model.conditioning',
      expected: `none, as ${sharing.name} gives every task a network of its own`,
      found: chooseConditioning(model.conditioning).conditioning.name,
      help: 'Use a sharing under which tasks have something in common.',
    });
  // Building the model checks sharing, flow and conditioning, and whether they go together.
  const spec = modelSpec({ sharing: model.sharing, flow: model.flow, config });
  const set = new ParameterSet();
  const inputs = inputLeaves(signature.features, 'batch', signature.long);
  const layout = signature.long ? 'rows' : 'wide';
  const { representation } = buildModel(spec, signature, set, inputs, layout, { training: false });
  below('training.optimiser', () => parseOptimiser(training.optimiser as unknown as OptimiserSpec));
  below('training.schedule', () => parseSchedule(training.schedule as unknown as ScheduleSpec));
  const chosen = chooseObjective(objective);
  const { weighting, aggregation } = chosen;
  const names = set.parameters.filter(isShared).map(({ name }) => name);
  // Rows of one task each have no two gradients by one representation.
  const met = signature.long ? undefined : representation;
  if (aggregation !== undefined) checkCompared(chosen, { names, representation: met });
  aggregation?.aggregation.check?.(aggregation.options, tasks);
  weighting.weighting.check?.(weighting.options, tasks);
  const sizes = tasks.map(() => 1);
  taskProbabilities(sampling as TaskSampling, sizes, tasks, 0);
  checkBatches(config, signature);
}

/** Names the setting by where it stands in the config: `adamw.beta1` is `training.optimiser.beta1`. */
function below(setting: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof PolytaskError)) throw error;
    throw error.at(`${setting}.${(error.path ?? '').split('.').slice(1).join('.')}`);
  }
}
