import { draw } from '../engine/contract/instance.ts';
import { topological } from '../engine/graph.ts';
import { input, numbers, type Tensor, type TensorData, tensorData } from '../engine/index.ts';
import { type Attributes, apply } from '../engine/tensor.ts';
import { inputLeaves, pickRows } from '../model/inputs.ts';
import { type BuiltModel, buildModel, type ModelSpec } from '../model/model.ts';
import { initialise, type Parameter, ParameterSet } from '../model/parameter.ts';
import { chooseSharing } from '../model/sharing/registry.ts';
import type { BatchLayout } from '../model/task-axis.ts';
import { labelColumns, trainingTables } from './dataset.ts';
import { modelOf, type Sample } from './fixture.test-support.ts';
import { taskLosses } from './losses.ts';

/** The losses of a batch as graph. */
export interface BuiltLosses {
  readonly model: BuiltModel;
  readonly losses: Tensor;
  readonly parameters: readonly Parameter[];
  readonly leaves: readonly Tensor[];
  readonly index: Tensor;
  /** What is shared, as each task sees it. */
  readonly views: ReadonlyMap<Tensor, Tensor>;
}

/** How a sample's training batches stand to its tasks. */
export function layoutFor(sample: Sample, sharing: ModelSpec['sharing']): BatchLayout {
  if (!sample.signature.long) return 'wide';
  return chooseSharing(sharing).sharing.blocks ? 'blocks' : 'rows';
}

/** The losses of some rows of a sample, with or without dropout. */
export function buildLosses(
  sample: Sample,
  sharing: ModelSpec['sharing'],
  rows: readonly number[],
  changes: Parameters<typeof modelOf>[1] & {
    readonly seeds?: number;
    readonly layout?: BatchLayout;
    readonly apart?: boolean;
  } = {},
): BuiltLosses {
  const { seeds = 1, layout = layoutFor(sample, sharing), apart = false, ...rest } = changes;
  const { dataset, signature } = sample;
  const lead = seeds === 1 ? [] : [seeds];
  const set = new ParameterSet(lead).apartFor(apart ? dataset.tasks.length : 0);
  const blocks = dataset.tasks.length;
  const shape = layout === 'blocks' ? [blocks, rows.length / blocks] : [rows.length];
  const index = input('rows', [...lead, ...shape], { dtype: 'int32' });
  const table = inputLeaves(signature.features, dataset.features.rows, signature.long);
  const batch = pickRows(table, index);
  const keys = ['key 1', 'key 2'].map((name) => input(name, [...lead, 1, 1], { dtype: 'int32' })) as [
    Tensor,
    Tensor,
  ];
  const spec = modelOf(sharing, { norm: 'layer', tower: signature.long ? [] : [3], ...rest });
  const epoch = input('epoch', [1]);
  const model = buildModel(spec, signature, set, batch, layout, { training: true, keys, epoch });
  const tables = pickRows(
    {
      numeric: input('labels', [dataset.features.rows, labelColumns(dataset)]),
      categorical: input('label-weights', [dataset.features.rows, dataset.labels.length]),
      text: [],
    },
    index,
  );
  const { losses } = taskLosses(
    model,
    dataset.tasks,
    { labels: tables.numeric!, weights: tables.categorical!, ...(batch.task && { task: batch.task }) },
    layout,
  );
  return { model, losses, parameters: set.parameters, leaves: set.leaves, index, views: set.views };
}

/** What `buildLosses` is fed, with parameters that moved away from where they start. */
export function lossFeeds(
  sample: Sample,
  { parameters, index }: Pick<BuiltLosses, 'parameters' | 'index'>,
  rows: readonly number[],
  seeds: readonly number[] = [3],
): Record<string, TensorData> {
  const initial = initialise(parameters, seeds);
  const lead = seeds.length === 1 ? [] : [seeds.length];
  const moved = Object.entries(initial).map(([name, { shape, data }]): [string, TensorData] => {
    const noise = draw(name, lead.length === 0 ? shape : shape.slice(1));
    return [
      name,
      tensorData(
        Float32Array.from(data as Float32Array, (value, i) => value + 0.3 * noise[i % noise.length]!),
        shape,
      ),
    ];
  });
  const repeated = seeds.flatMap(() => [...rows]);
  const key = (value: number): TensorData =>
    tensorData(new Int32Array(seeds.length).fill(value), [...lead, 1, 1], 'int32');
  return {
    ...trainingTables(sample.dataset),
    rows: tensorData(Int32Array.from(repeated), index.shape as number[], 'int32'),
    'key 1': key(123457),
    'key 2': key(-98765),
    epoch: tensorData([2], [1]),
    ...Object.fromEntries(moved),
  };
}

/** The same graph in double precision. */
export function inDouble(outputs: readonly Tensor[]): {
  readonly outputs: Tensor[];
  readonly image: ReadonlyMap<Tensor, Tensor>;
} {
  const image = new Map<Tensor, Tensor>();
  for (const node of topological(outputs)) {
    const attributes = Object.fromEntries(
      Object.entries(node.attributes).map(([name, value]) => {
        if (value === 'float32') return [name, 'float64'];
        return [name, value instanceof Float32Array ? Float64Array.from(value) : value];
      }),
    ) as Attributes;
    const copy = apply(
      node.operator,
      node.inputs.map((value) => image.get(value)!),
      attributes,
    );
    for (const [i, value] of node.outputs.entries()) image.set(value, copy[i]!);
  }
  return { outputs: outputs.map((value) => image.get(value)!), image };
}

/** Feeds in double precision. */
export function doubleFeeds(feeds: Readonly<Record<string, TensorData>>): Record<string, TensorData> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, value]) => [
      name,
      value.dtype === 'float32'
        ? tensorData(Float64Array.from(numbers(value)), value.shape, 'float64')
        : value,
    ]),
  );
}
