import { driverFor, type Runtime } from '../../../src/engine/index.ts';
import { chooseSharing, isConditioned, type ModelSpec } from '../../../src/model/index.ts';
import { chooseObjective } from '../../../src/objective/index.ts';
import {
  labelColumns,
  Predictor,
  type Sampler,
  Scorer,
  shuffledSampler,
  type TaskSampling,
  type TrainingSetup,
  taskSampler,
  taskTargets,
  trainingTables,
} from '../../../src/optimization/index.ts';
import type { Toy } from './problems/problem.ts';
import type { Settings } from './settings.ts';

/** The choices of which the baseline, each task alone, has its own. */
export const ALONE = { sharing: 'independent', conditioning: 'none', objective: 'equal' } as const;

export function modelOf({ sharing, conditioning, width, depth }: Settings): ModelSpec {
  const knowsTask = chooseSharing(sharing).sharing.separate === true;
  const plain = { activation: 'relu', dropout: 0, norm: 'none' } as const;
  return {
    sharing,
    ...(!knowsTask && isConditioned(conditioning) && { conditioning }),
    encoder: { hidden: new Array<number>(depth).fill(width), ...plain },
    tower: { hidden: [], ...plain },
    embedding: 4,
    textEmbedding: 4,
  };
}

/** A training of a toy as it was chosen, judged on the validation rows; it never stops early. */
export async function openSetup(
  runtime: Runtime,
  toy: Toy,
  settings: Settings,
): Promise<{ readonly setup: TrainingSetup; close(): Promise<void> }> {
  const { dataset, signature, validation } = toy;
  const model = modelOf(settings);
  const scorer = new Scorer(dataset, validation);
  const judge = await Predictor.open(runtime, model, signature, dataset.tasks, 1, dataset, validation);
  const setup: TrainingSetup = {
    graph: {
      model,
      signature,
      tasks: dataset.tasks,
      layout: 'wide',
      tableRows: dataset.features.rows,
      labelColumns: labelColumns(dataset),
    },
    seeds: [settings.seed],
    optimiser: { kind: 'adam' },
    schedule: { kind: 'constant' },
    learningRate: settings.rate,
    objective: chooseObjective(settings.objective),
    validation,
    sampler: samplerOf(toy, settings),
    driver: driverFor(runtime),
    maxEpochs: settings.epochs,
    patience: Number.MAX_SAFE_INTEGER,
    epochsPerEvaluation: 1,
    units: chooseSharing(settings.sharing).sharing.separate ? 'task' : 'replica',
    tables: trainingTables(dataset),
    evaluate: async (theta) => scorer.evaluate(await judge.predict(theta), 1),
  };
  return { setup, close: () => judge.close() };
}

function samplerOf({ dataset, train }: Toy, { sampling, batch, epochs }: Settings): Sampler {
  if (sampling === 'proportional') return shuffledSampler(train, batch);
  const rows = taskTargets(dataset, train).map(({ positions }) => positions.map((at) => train[at]!));
  const names = dataset.tasks.map(({ name }) => name);
  const [name, batches] = sampling.split('-') as [TaskSampling['name'], TaskSampling['batches']?];
  return taskSampler(rows, names, { name, ...(batches && { batches }) }, batch, epochs);
}
