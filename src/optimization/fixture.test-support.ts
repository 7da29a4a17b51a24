import { RandomStream } from '../common/random.ts';
import type { Column } from '../common/table.ts';
import type { Features } from '../data/index.ts';
import type { Runtime, TensorData } from '../engine/index.ts';
import { ParameterLayout } from '../engine/optimiser/index.ts';
import {
  binsOf,
  chooseSharing,
  ENCODERS,
  type HeadSpec,
  isPlain,
  type ModelSignature,
  type ModelSpec,
  NUMERIC_EMBEDDINGS,
  orderByFamily,
} from '../model/index.ts';
import { chooseObjective } from '../objective/index.ts';
import { type FittedTask, kindOf } from '../problem/index.ts';
import { type Dataset, labelColumns, taskTargets, trainingTables } from './dataset.ts';
import { Predictor } from './predictor.ts';
import { blockSampler, shuffledSampler } from './sampling/sampler.ts';
import { Scorer } from './scoring.ts';
import type { TrainingSetup } from './training.ts';
import { buildTrainingStep } from './training-step.ts';

/** A small problem with a split, as training takes it. */
export interface Sample {
  readonly dataset: Dataset;
  readonly signature: ModelSignature;
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/** Three numbers, two categorical columns and a text column, drawn from a seed. */
export function sampleFeatures(rows: number, seed: number = 0): Features {
  const stream = new RandomStream(seed, 'features');
  const integers = (count: number, round: number, below: (i: number) => number): Int32Array =>
    Int32Array.from({ length: count }, (_, i) => stream.integer(below(i), i, round));
  const cardinalities = [4, 3];
  const [buckets, length] = [7, 3];
  return {
    rows,
    numeric: {
      data: Float32Array.from({ length: rows * 3 }, (_, i) => stream.normal(i)),
      names: ['a', 'b', 'c'],
    },
    categorical: {
      codes: integers(rows * 2, 1, (i) => cardinalities[i % 2]!),
      cardinalities,
      names: ['d', 'e'],
    },
    text: [
      {
        name: 'words',
        ids: integers(rows * length, 2, () => buckets),
        weights: Float32Array.from({ length: rows * length }, (_, i) => stream.uniform(i, 3)),
        buckets,
        length,
      },
    ],
  };
}

export interface TaskPlan {
  readonly name: string;
  readonly kind: string;
  readonly options?: object;
  /** The share of labels that are missing. */
  readonly missing?: number;
}

/** Labels that depend on the features, with noise. */
function labelColumn(plan: TaskPlan, features: Features): Column {
  const stream = new RandomStream(1, `labels/${plan.name}`);
  const { data } = features.numeric;
  const values = Float64Array.from({ length: features.rows }, (_, row) => {
    if (stream.uniform(row, 1) < (plan.missing ?? 0)) return Number.NaN;
    const code = features.categorical.codes[row * 2]!;
    return data[row * 3]! - 0.5 * data[row * 3 + 1]! + 0.3 * code + 0.3 * stream.normal(row);
  });
  const level = (value: number): number => (value < 0 ? 0 : value < 1 ? 1 : 2);
  const { name, kind } = plan;
  if (kind === 'binary')
    return {
      type: 'boolean',
      name,
      values: values.map((value) => (Number.isNaN(value) ? value : Number(value > 0.4))),
    };
  if (kind === 'multiclass') {
    const codes = Int32Array.from(values, (value) => (Number.isNaN(value) ? -1 : level(value)));
    return { type: 'string', name, codes, dictionary: ['low', 'mid', 'high'] };
  }
  return { type: 'number', name, values, integer: false };
}

function headSpec(fitted: FittedTask): HeadSpec {
  const kind = kindOf(fitted.kind);
  return {
    name: fitted.name,
    family: kind.family(fitted),
    width: kind.width(fitted),
    initialBias: kind.initialBias(fitted),
  };
}

const range = (start: number, end: number): Int32Array =>
  Int32Array.from({ length: end - start }, (_, i) => start + i);

const signatureOf = (features: Features, heads: readonly HeadSpec[], long: boolean): ModelSignature => ({
  features: {
    numeric: features.numeric.names.length,
    // Bins for what embeds numbers; the last column stays a number.
    edges: [[-1, 0, 1.5], [-0.5, 0.5], []],
    categorical: features.categorical.cardinalities,
    text: features.text.map(({ name, buckets, length }) => ({ name, buckets, length })),
  },
  heads,
  long,
});

/** A column a task; the last quarter of the rows validates. */
export function wideSample(plans: readonly TaskPlan[], rows: number = 64): Sample {
  const features = sampleFeatures(rows);
  const train = range(0, Math.floor(0.75 * rows));
  const columns = new Map(plans.map((plan) => [plan.name, labelColumn(plan, features)]));
  const fitted = plans.map(({ name, kind, options = {} }) =>
    kindOf(kind).fit(name, columns.get(name)!, train, options, {}),
  );
  const { heads } = orderByFamily(fitted.map(headSpec));
  const tasks = heads.map(({ name }) => fitted.find((own) => own.name === name)!);
  const labels = tasks.map((task) => kindOf(task.kind).encode(columns.get(task.name)!, task, {}));
  return {
    dataset: { features, tasks, labels },
    signature: signatureOf(features, heads, false),
    train,
    validation: range(train.length, rows),
  };
}

/** One label column; rows belong to tasks in turn. */
export function longSample(names: readonly string[], kind: string = 'regression', rows: number = 64): Sample {
  const features = sampleFeatures(rows);
  const train = range(0, Math.floor(0.75 * rows));
  const taskOfRow = Int32Array.from({ length: rows }, (_, row) => (row * 7 + (row % 3)) % names.length);
  const column = labelColumn({ name: 'y', kind }, features);
  const pooled = kindOf(kind).fit('y', column, train, {}, {});
  const tasks = names.map((name, t) =>
    kindOf(kind).fit(
      name,
      column,
      train.filter((row) => taskOfRow[row] === t),
      {},
      { pooled },
    ),
  );
  return {
    dataset: { features, tasks, labels: [kindOf(kind).encode(column, pooled, {})], taskOfRow },
    signature: signatureOf(features, tasks.map(headSpec), true),
    train,
    validation: range(train.length, rows),
  };
}

/** The same rows with one of the tasks of a wide sample. */
export function only(sample: Sample, t: number): Sample {
  const { dataset, signature } = sample;
  return {
    ...sample,
    dataset: { ...dataset, tasks: [dataset.tasks[t]!], labels: [dataset.labels[t]!] },
    signature: { ...signature, heads: [signature.heads[t]!] },
  };
}

export function modelOf(
  sharing: ModelSpec['sharing'],
  changes: Partial<ModelSpec['encoder']> & { tower?: readonly number[] } = {},
): ModelSpec {
  const { tower = [], ...rest } = changes;
  const shape = { hidden: [6, 5], activation: 'gelu', dropout: 0, norm: 'none', ...rest } as const;
  return { sharing, encoder: shape, tower: { ...shape, hidden: tower }, embedding: 3, textEmbedding: 2 };
}

/** What would take long where every number is tried, made small. */
const SMALL: Readonly<Record<string, string>> = {
  ensemble: 'ensemble:members=3',
  transformer: 'transformer:width=4,heads=2',
};

/** Trunks beside the plain one, by name: every kind of network, every way in which numbers enter. */
export const TRUNKS: Readonly<Record<string, Pick<ModelSpec['encoder'], 'family' | 'numeric'>>> =
  Object.fromEntries([
    ...Object.keys(ENCODERS).flatMap((family) =>
      isPlain(family) ? [] : [[family, { family: SMALL[family] ?? family }]],
    ),
    ...Object.keys(NUMERIC_EMBEDDINGS).flatMap((name) =>
      binsOf(name) === 0 ? [] : [[name, { numeric: `${name}:width=2` }]],
    ),
  ]);

/** How a sample is trained, unless said otherwise: Adam at a constant rate, never stopping early. */
export function setupOf(
  sample: Sample,
  model: ModelSpec,
  changes: Partial<Omit<TrainingSetup, 'graph'>> & {
    batchSize?: number;
    clipNorm?: number;
    lazyFrom?: number;
  } = {},
): Omit<TrainingSetup, 'evaluate'> {
  const { dataset, signature } = sample;
  const { batchSize = 12, clipNorm, lazyFrom, ...rest } = changes;
  const { sharing } = chooseSharing(model.sharing);
  const blocks = signature.long && sharing.blocks === true;
  const rows = taskTargets(dataset, sample.train).map(({ positions }) =>
    positions.map((at) => sample.train[at]!),
  );
  const names = dataset.tasks.map(({ name }) => name);
  return {
    graph: {
      model,
      signature,
      tasks: dataset.tasks,
      layout: blocks ? 'blocks' : signature.long ? 'rows' : 'wide',
      tableRows: dataset.features.rows,
      labelColumns: labelColumns(dataset),
      ...(clipNorm !== undefined && { clipNorm }),
      ...(lazyFrom !== undefined && { lazyFrom }),
    },
    seeds: [0],
    optimiser: { kind: 'adam' },
    schedule: { kind: 'constant' },
    learningRate: 0.01,
    objective: chooseObjective('equal'),
    sampler: blocks ? blockSampler(rows, names, batchSize) : shuffledSampler(sample.train, batchSize),
    driver: 'looped',
    maxEpochs: 5,
    patience: 1000,
    epochsPerEvaluation: 1,
    units: sharing.separate ? 'task' : 'replica',
    tables: trainingTables(dataset),
    ...rest,
  };
}

/** A setup that is judged on the sample's validation rows while `use` runs. */
export async function withSetup<T>(
  runtime: Runtime,
  sample: Sample,
  setup: Omit<TrainingSetup, 'evaluate'>,
  use: (setup: TrainingSetup) => Promise<T>,
): Promise<T> {
  const { model, signature, tasks } = setup.graph;
  const scorer = new Scorer(sample.dataset, sample.validation);
  const seeds = setup.seeds.length;
  const predictor = await Predictor.open(
    runtime,
    model,
    signature,
    tasks,
    seeds,
    sample.dataset,
    sample.validation,
  );
  try {
    return await use({
      ...setup,
      evaluate: async (theta) => scorer.evaluate(await predictor.predict(theta), seeds),
    });
  } finally {
    await predictor.close();
  }
}

/** The parameters of a setup, and how they are packed. */
export function layoutOf(setup: Omit<TrainingSetup, 'evaluate'>): ReturnType<typeof buildTrainingStep> {
  return buildTrainingStep({
    ...setup.graph,
    optimiser: {
      name: 'none',
      defaultLearningRate: 0,
      slots: [],
      scalars: () => ({}),
      update: ({ parameter }) => ({ parameter, slots: {} }),
    },
    seeds: setup.seeds.length,
    rowsPerStep: setup.sampler.rowsPerStep,
    groups: 'replica',
  });
}

/** θ of one replica by parameter names. */
export function named(
  setup: Omit<TrainingSetup, 'evaluate'>,
  theta: Float32Array,
  replica: number = 0,
): Record<string, TensorData> {
  const { parameters } = layoutOf(setup);
  const layout = new ParameterLayout(parameters, []);
  return layout.read(theta.slice(replica * layout.size, (replica + 1) * layout.size));
}

/** The largest difference between two lists, relative to the largest element of the second. */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  const scale = Math.max(1e-12, ...Array.from(expected, Math.abs));
  return Math.max(0, ...Array.from(actual, (value, i) => Math.abs(value - expected[i]!))) / scale;
}
