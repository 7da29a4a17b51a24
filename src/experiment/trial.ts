import type { SpecInput } from '../common/options.ts';
import type { Driver, Runtime } from '../engine/index.ts';
import type { OptimiserSpec, ScheduleSpec } from '../engine/optimiser/index.ts';
import {
  areSeparate,
  chooseSharing,
  columnsAside,
  countParameters,
  describeModel,
  isConditioned,
  type ModelSpec,
  unshare,
} from '../model/index.ts';
import { chooseObjective, type ObjectiveInput } from '../objective/index.ts';
import {
  blockSampler,
  type Checkpoint,
  labelColumns,
  type Outputs,
  Predictor,
  type Sampler,
  Scorer,
  shuffledSampler,
  type TaskSampling,
  type TrainingHooks,
  type TrainingSetup,
  taskSampler,
  taskTargets,
  train,
  trainingTables,
} from '../optimization/index.ts';
import { exportModel, seedOf } from './export.ts';
import { measureLatency } from './latency.ts';
import type { Prepared } from './prepare.ts';
import type { TrialResult } from './result.ts';
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
  readonly prepared: Prepared;
  readonly seeds: readonly number[];
}

/** A trained trial: what it reached, and what is needed to export one of its seeds. */
export interface TrainedTrial {
  readonly trial: Trial;
  readonly result: TrialResult;
  readonly spec: ModelSpec;
  readonly theta: Float32Array;
  /** Mean normalised validation score of each seed. */
  readonly scores: readonly number[];
  readonly testOutputs: Outputs;
}

const objectiveOf = ({ objective, config }: Trial): ObjectiveInput => objective ?? config.objective;

export function modelSpec({ sharing, flow, config }: Pick<Trial, 'sharing' | 'flow' | 'config'>): ModelSpec {
  const { hidden, tower, activation, dropout, norm, embedding, textEmbedding } = config.model;
  const { conditioning, descriptor } = config.model;
  // A network that is a task's own knows its task.
  const knowsTask = chooseSharing(sharing).sharing.separate === true;
  const without = columnsAside(config.model.sharing).filter((name) => !columnsAside(sharing).includes(name));
  return {
    sharing,
    ...(flow !== undefined && { flow }),
    ...(!knowsTask && isConditioned(conditioning) && { conditioning, descriptor }),
    // What one model does not read when it serves, the model that it is compared with does not read either.
    ...(without.length > 0 && { without }),
    encoder: { hidden, activation, dropout, norm },
    tower: { hidden: tower, activation, dropout, norm },
    embedding,
    textEmbedding,
  };
}

/** Trains every seed of a trial and judges the states that were kept on the test rows, once. */
export async function runTrial(runtime: Runtime, trial: Trial, hooks: TrainingHooks): Promise<TrainedTrial> {
  const { dataset, split } = trial.prepared;
  const spec = modelSpec(trial);
  const scorer = new Scorer(dataset, split.validation);
  const replicas = trial.seeds.length;
  // What biases the rows that teach biases those that judge: without it, the best state would be one that it misled.
  const judged = { ...spec, asShown: true };
  const validation = await openPredictor(runtime, trial, judged, split.validation);
  let trained: Checkpoint;
  try {
    const driver = runtime.name === 'webgpu' ? 'stepwise' : 'looped';
    const setup = trainingSetup(trial, spec, driver, async (theta) =>
      scorer.evaluate(await validation.predict(theta), replicas),
    );
    trained = await train(runtime, setup, hooks);
  } finally {
    await validation.close();
  }
  const kept = keptModel(trial, spec, trained);
  const predict = async (rows: Int32Array): Promise<Outputs> => {
    const predictor = await openPredictor(runtime, trial, kept.spec, rows);
    return predictor.predict(kept.theta).finally(() => predictor.close());
  };
  const validated = await predict(split.validation);
  const final = scorer.evaluate(validated, replicas);
  const testOutputs = await predict(split.test);
  const result = await judge(
    runtime,
    trial,
    kept,
    trained,
    { metrics: final.metrics, watched: validated.watched },
    testOutputs,
  );
  return { trial, ...kept, result, scores: final.replicaScores, testOutputs };
}

function openPredictor(
  runtime: Runtime,
  trial: Trial,
  spec: ModelSpec,
  rows: Int32Array,
): Promise<Predictor> {
  const { signature, dataset } = trial.prepared;
  return Predictor.open(runtime, spec, signature, dataset.tasks, trial.seeds.length, dataset, rows);
}

/** The model that a training leaves: its best state, or one network a task where each kept its own. */
interface KeptModel {
  readonly spec: ModelSpec;
  /** [seeds, n] */
  readonly theta: Float32Array;
}

function keptModel(trial: Trial, spec: ModelSpec, { best }: Checkpoint): KeptModel {
  if (unitsOf(trial) !== 'copy') return { spec, theta: best.theta };
  return unshare(spec, trial.prepared.signature, best.theta, trial.seeds.length);
}

function unitsOf({ sharing, flow, config }: Trial): TrainingSetup['units'] {
  if (areSeparate({ sharing, flow })) return 'task';
  return config.training.checkpoint === 'task' ? 'copy' : 'replica';
}

function trainingSetup(
  trial: Trial,
  model: ModelSpec,
  driver: Driver,
  evaluate: TrainingSetup['evaluate'],
): TrainingSetup {
  const { config, prepared, seeds, sharing } = trial;
  const { dataset, signature } = prepared;
  const { training } = config;
  const blocks = signature.long && chooseSharing(sharing).sharing.blocks === true;
  const sampler = chooseSampler(trial, blocks);
  return {
    graph: {
      model,
      signature,
      tasks: dataset.tasks,
      layout: blocks ? 'blocks' : signature.long ? 'rows' : 'wide',
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

function chooseSampler({ config, prepared }: Trial, blocks: boolean): Sampler {
  const { dataset, split } = prepared;
  const { batchSize, maxEpochs } = config.training;
  const names = dataset.tasks.map(({ name }) => name);
  const rowsOfTask = (): Int32Array[] =>
    taskTargets(dataset, split.train).map(({ positions }) =>
      positions.map((position) => split.train[position]!),
    );
  if (blocks) return blockSampler(rowsOfTask(), names, batchSize);
  const sampling = config.sampling as TaskSampling;
  if (sampling.name === 'proportional' && sampling.batches === 'mixed')
    return shuffledSampler(split.train, batchSize);
  return taskSampler(rowsOfTask(), names, sampling, batchSize, maxEpochs);
}

async function judge(
  runtime: Runtime,
  trial: Trial,
  kept: KeptModel,
  trained: Checkpoint,
  validation: { readonly metrics: TrialResult['validation']; readonly watched: Outputs['watched'] },
  outputs: Outputs,
): Promise<TrialResult> {
  const { prepared, seeds, sharing } = trial;
  const scorer = new Scorer(prepared.dataset, prepared.split.test);
  const exported = exportModel(kept.spec, prepared, seedOf(kept.theta, seeds.length, 0));
  const last = trained.history.at(-1);
  return {
    sharing: chooseSharing(sharing).sharing.name,
    objective: chooseObjective(objectiveOf(trial)).name,
    test: seeds.map((_, s) => scorer.metrics(outputs, s)),
    validation: validation.metrics,
    ...(validation.watched.length > 0 && { watched: validation.watched }),
    allMetrics: prepared.dataset.tasks.map((_, t) =>
      meanRecords(seeds.map((_seed, s) => scorer.allMetrics(outputs, s, t))),
    ),
    ...(prepared.signature.long && {
      pooled: meanRecords(seeds.map((_, s) => scorer.pooledMetrics(outputs, s))),
    }),
    curve: trained.history,
    parameters: countParameters(exported.parameters),
    architecture: describeModel(kept.spec, prepared.signature),
    trainSeconds: last?.seconds ?? 0,
    steps: last?.step ?? 0,
    stepsPerEpoch: last === undefined ? 0 : last.step / last.epoch,
    latencyMs: await measureLatency(runtime.name, exported.program),
    fileBytes: exported.program.bytes.length,
  };
}

/** Means of records with equal keys; null wherever one is. */
function meanRecords(records: readonly Record<string, number | null>[]): Record<string, number | null> {
  return Object.fromEntries(
    Object.keys(records[0]!).map((name) => {
      const values = records.map((record) => record[name]!);
      const undefinedSomewhere = values.some((value) => value === null);
      return [
        name,
        undefinedSomewhere ? null : (values as number[]).reduce((a, b) => a + b, 0) / values.length,
      ];
    }),
  );
}
