import type { SpecInput } from '../common/options.ts';
import { type Driver, driverFor, type Runtime } from '../engine/index.ts';
import type { OptimiserSpec, ScheduleSpec } from '../engine/optimiser/index.ts';
import {
  areSeparate,
  binsOf,
  chooseSharing,
  columnsAside,
  isConditioned,
  isPlain,
  type ModelSpec,
  unshare,
} from '../model/index.ts';
import { chooseObjective, type ObjectiveInput } from '../objective/index.ts';
import {
  type Checkpoint,
  labelColumns,
  Predictor,
  Scorer,
  type TrainingHooks,
  type TrainingSetup,
  train,
  trainingTables,
} from '../optimization/index.ts';
import { batchesOf } from './batches.ts';
import { openObserver } from './grouping/observe.ts';
import type { Prepared } from './prepare.ts';
import type { RunConfig } from './run-config.ts';

/** One way of learning the tasks, to be trained over all seeds. */
export interface Trial {
  /** A name with its options. */
  readonly sharing: SpecInput;
  /** What goes from task to task; none for the baseline. */
  readonly flow?: SpecInput;
  readonly config: RunConfig;
  /** Where it is not that of the config. */
  readonly objective?: ObjectiveInput;
  /** How much each task matters where states are judged on the validation rows, [task]; default: all alike. */
  readonly importance?: readonly number[];
  /** Mean training losses of the tasks' own independent models, [seed][task], where the objective needs them. */
  readonly baselines?: readonly (readonly number[])[];
  /** How what tasks gain from each other is measured while they are trained; default: not at all. */
  readonly affinity?: SpecInput;
  readonly prepared: Prepared;
  readonly seeds: readonly number[];
}

/** A trial after training: the model that it leaves, which is its best state, or one network a task where each kept its own. */
export interface KeptTrial {
  readonly trial: Trial;
  readonly spec: ModelSpec;
  /** [seeds, n] */
  readonly theta: Float32Array;
  readonly checkpoint: Checkpoint;
}

export const objectiveOf = ({ objective, config }: Trial): ObjectiveInput => objective ?? config.objective;

export function modelSpec({ sharing, flow, config }: Pick<Trial, 'sharing' | 'flow' | 'config'>): ModelSpec {
  const { hidden, tower, activation, dropout, norm, embedding, textEmbedding } = config.model;
  const { conditioning, descriptor, encoder: family, numeric } = config.model;
  // A network that is a task's own knows its task.
  const knowsTask = chooseSharing(sharing).sharing.separate === true;
  const without = columnsAside(config.model.sharing).filter((name) => !columnsAside(sharing).includes(name));
  return {
    sharing,
    ...(flow !== undefined && { flow }),
    ...(!knowsTask && isConditioned(conditioning) && { conditioning, descriptor }),
    // What one model does not read when it serves, the model that it is compared with does not read either.
    ...(without.length > 0 && { without }),
    encoder: {
      hidden,
      activation,
      dropout,
      norm,
      ...(!isPlain(family) && { family }),
      ...(binsOf(numeric) > 0 && { numeric }),
    },
    tower: { hidden: tower, activation, dropout, norm },
    embedding,
    textEmbedding,
  };
}

/** Trains every seed of a trial. */
export async function trainTrial(runtime: Runtime, trial: Trial, hooks: TrainingHooks): Promise<KeptTrial> {
  const { dataset, split } = trial.prepared;
  const spec = modelSpec(trial);
  const scorer = new Scorer(dataset, split.validation, trial.importance);
  // What biases the rows that teach biases those that judge: without it, the best state would be one that it misled.
  const judged = { ...spec, asShown: true };
  const validation = await openPredictor(runtime, trial, judged, split.validation);
  try {
    const setup = trainingSetup(trial, spec, driverFor(runtime), async (theta) =>
      scorer.evaluate(await validation.predict(theta), trial.seeds.length),
    );
    const observer = await openObserver(runtime, trial, setup);
    return keptFrom(
      trial,
      await train(runtime, { ...setup, observer }, hooks).finally(() => observer?.close()),
    );
  } finally {
    await validation.close();
  }
}

export function openPredictor(
  runtime: Runtime,
  trial: Trial,
  spec: ModelSpec,
  rows: Int32Array,
): Promise<Predictor> {
  const { signature, dataset } = trial.prepared;
  return Predictor.open(runtime, spec, signature, dataset.tasks, trial.seeds.length, dataset, rows);
}

/** What a trial has kept at a checkpoint. */
export function keptFrom(trial: Trial, checkpoint: Checkpoint): KeptTrial {
  const spec = modelSpec(trial);
  const { theta } = checkpoint.best;
  if (unitsOf(trial) !== 'copy') return { trial, spec, theta, checkpoint };
  const { signature } = trial.prepared;
  return { trial, ...unshare(spec, signature, theta, trial.seeds.length), checkpoint };
}

/** What stops on its own, and keeps its own best state. */
export function unitsOf({ sharing, flow, config }: Trial): TrainingSetup['units'] {
  if (areSeparate({ sharing, flow })) return 'task';
  return config.training.checkpoint === 'task' ? 'copy' : 'replica';
}

function trainingSetup(
  trial: Trial,
  model: ModelSpec,
  driver: Driver,
  evaluate: TrainingSetup['evaluate'],
): TrainingSetup {
  const { config, prepared, seeds } = trial;
  const { dataset, signature } = prepared;
  const { training } = config;
  const { layout, sampler } = batchesOf(trial);
  return {
    graph: {
      model,
      signature,
      tasks: dataset.tasks,
      layout,
      tableRows: dataset.features.rows,
      labelColumns: labelColumns(dataset),
      ...(training.clipNorm !== undefined && { clipNorm: training.clipNorm }),
    },
    seeds,
    optimiser: training.optimiser as unknown as OptimiserSpec,
    schedule: training.schedule as unknown as ScheduleSpec,
    learningRate: training.learningRate,
    average: training.average,
    objective: chooseObjective(objectiveOf(trial)),
    baselines: trial.baselines,
    validation: judgingRows(trial),
    sampler,
    driver,
    maxEpochs: training.maxEpochs,
    patience: training.patience,
    // A table of a few batches an epoch is judged every so many steps instead of after each.
    epochsPerEvaluation:
      training.epochsPerEvaluation ?? Math.max(1, Math.ceil(LEAST_STEPS / sampler.stepsPerEpoch)),
    units: unitsOf(trial),
    tables: trainingTables(dataset),
    evaluate,
  };
}

const LEAST_STEPS = 20;

/** The validation rows of tasks that training sees, from which an objective may learn. */
function judgingRows({ prepared: { dataset, split } }: Trial): Int32Array {
  const { taskOfRow } = dataset;
  if (taskOfRow === undefined) return split.validation;
  const seen = new Set(Array.from(split.train, (row) => taskOfRow[row]));
  return split.validation.filter((row) => seen.has(taskOfRow[row]));
}
