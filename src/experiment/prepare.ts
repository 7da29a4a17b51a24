import type { Column, Table } from '../common/table.ts';
import type { SentenceEncoder } from '../data/descriptors/index.ts';
import {
  type ColumnPlan,
  columnFromValues,
  EncoderSet,
  type EncoderSpec,
  fingerprint,
  fitBins,
  fitEncoders,
  inspectData,
  planColumns,
  requireColumn,
  type SourceSpec,
  type Split,
  type Warning,
} from '../data/index.ts';
import { openSource } from '../data/sources/index.ts';
import { binsOf, columnsAside, type ModelSignature } from '../model/index.ts';
import type { Dataset } from '../optimization/index.ts';
import { type DescribedInput, describeInputs } from './describe-inputs.ts';
import { type DescribedTasks, describeTasks, type TaskDescriptors } from './describe-tasks.ts';
import { divideRows, type RowChoice, WHOLE } from './divide-rows.ts';
import { fitLong, fitWide, type Labelled } from './labels.ts';
import { checkRepeats } from './repeats/check-repeats.ts';
import type { RunConfig } from './run-config.ts';
import { exposureOf, type ResolvedTask, resolveTasks } from './tasks.ts';

/** Everything a trial needs of its data: encoded once, shared by all that are compared. */
export interface Prepared {
  readonly dataset: Dataset;
  readonly signature: ModelSignature;
  readonly split: Split;
  readonly encoders: EncoderSet;
  readonly plans: readonly ColumnPlan[];
  /** What the training rows hold of every input column. */
  readonly inputs: readonly DescribedInput[];
  /** What labels are measured in, by the tasks of the config, where the user said so. */
  readonly units: ReadonlyMap<string, string>;
  readonly warnings: readonly Warning[];
  readonly fingerprint: string;
  readonly source: string;
  /** Tasks that training does not see. */
  readonly unseen: readonly string[];
  /** z of the tasks, where it is made of what is known of them. */
  readonly descriptors?: TaskDescriptors | undefined;
  /** Edges of so many bins of every numeric feature, fitted on the training rows. */
  edgesOf(bins: number): readonly (readonly number[])[] | undefined;
}

/**
 * Source → table → roles → split → encoders and labels, fitted on the training rows alone.
 *
 * @param directory the folder that relative paths start from
 * @param textEncoder makes z of sentences about tasks
 * @param choice another fold, or a share of the training rows
 */
export async function prepare(
  config: RunConfig,
  directory: string,
  textEncoder?: SentenceEncoder,
  choice: RowChoice = WHOLE,
): Promise<Prepared> {
  const warnings: Warning[] = [];
  const { read, ...rest } = config;
  const options = Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
  const table = await openSource(rest.data as SourceSpec, {
    ...options,
    directory,
    warn: (warning) => warnings.push(warning),
  });
  const tasks = resolveTasks(config, table);
  const plans = planColumns(table, planOptions(config, tasks, table));
  const split = divideRows(config, table, tasks, choice);
  if (choice === WHOLE) checkRepeats(config, table, tasks);
  const encoders = fitEncoders(table, plans, split.train, binsOf(config.model.numeric));
  const labelled =
    config.by === undefined ? fitWide(table, tasks, split) : fitLong(table, tasks, split, config.by);
  const inspected = tasks.map(({ name, column }) => ({ name, columns: [column] }));
  const { unseen } = labelled;
  warnings.push(...aboutUnseen(unseen, inspectData(table, plans, split, inspected)));
  const weights =
    config.weight === undefined ? undefined : numeric(requireColumn(table, config.weight, 'weight'));
  const features = encoders.encode(table);
  const descriptors = await describeTasks(config, describedTasks(labelled, split), {
    table,
    features,
    directory,
    textEncoder,
    warn: (warning) => warnings.push(warning),
  });
  return {
    dataset: {
      features,
      ...labelled.data,
      ...(weights && { rowWeights: weights }),
      ...(descriptors && { descriptors: descriptors.vectors }),
    },
    signature: {
      features: {
        ...featureSignature(encoders),
        ...(descriptors && {
          descriptors: { tasks: labelled.heads.length, width: descriptors.descriptor.width },
        }),
      },
      heads: labelled.heads,
      long: config.by !== undefined,
    },
    unseen,
    descriptors,
    split,
    encoders,
    plans,
    inputs: describeInputs(table, plans, split.train),
    units: new Map(tasks.flatMap(({ name, unit }) => (unit === undefined ? [] : [[name, unit] as const]))),
    warnings,
    fingerprint: fingerprint(table),
    source: describeSource(config.data),
    edgesOf: (bins) => (bins === 0 ? undefined : fitBins(encoders.encoders, table, split.train, bins)),
  };
}

/** The same data for a model into which numbers enter in another way. */
export function withNumeric(prepared: Prepared, numeric: RunConfig['model']['numeric']): Prepared {
  const { edges: _, ...features } = prepared.signature.features;
  const edges = prepared.edgesOf(binsOf(numeric));
  return {
    ...prepared,
    encoders: new EncoderSet(prepared.encoders.encoders, edges),
    signature: { ...prepared.signature, features: { ...features, ...(edges && { edges }) } },
  };
}

/** A long problem's tasks are described by the rows that train, or, where none do, by those that there are. */
function describedTasks(
  { data, heads, unseen }: Labelled,
  { train, validation, test }: Split,
): DescribedTasks {
  const names = heads.map(({ name }) => name);
  const isSeen = (t: number): boolean => !unseen.includes(names[t]!);
  const { taskOfRow } = data;
  if (taskOfRow === undefined) return { names, isSeen };
  const all = Int32Array.of(...validation, ...test);
  return {
    names,
    isSeen,
    rowsOf: names.map((_, t) => (isSeen(t) ? train : all).filter((row) => taskOfRow[row] === t)),
  };
}

/** Where whole tasks are held out, no task is on all sides: said once. */
function aboutUnseen(unseen: readonly string[], warnings: readonly Warning[]): Warning[] {
  if (unseen.length === 0) return [...warnings];
  const few: readonly Warning['code'][] = ['task-unlabelled', 'task-few-labels'];
  return [
    ...warnings.filter(({ code }) => !few.includes(code)),
    {
      code: 'tasks-held-out',
      message: `Training does not see ${unseen.length} tasks, such as "${unseen[0]}"; nothing is compared with separate networks, which cannot know them.`,
      help: 'Their rows are predicted by the description of their task alone.',
    },
  ];
}

function planOptions(
  config: RunConfig,
  tasks: readonly ResolvedTask[],
  table: Table,
): Parameters<typeof planColumns>[1] {
  const { split } = config;
  // What a sharing takes aside, such as positions, has an effect for each of its values.
  const aside = columnsAside(config.model.sharing).filter((name) => table.columns.has(name));
  const exposure = tasks
    .map(({ task: { kind, options } }) => exposureOf(kind, options))
    .find((name) => name !== undefined);
  return {
    tasks: tasks.map(({ name, column }) => ({ name, columns: [column] })),
    exclude: config.exclude,
    encoders: {
      ...Object.fromEntries(aside.map((name) => [name, 'categorical'])),
      ...(config.encoders as Readonly<Record<string, string | EncoderSpec>>),
    },
    ...(config.by !== undefined && { by: config.by }),
    ...(config.inputs !== undefined && { inputs: config.inputs }),
    ...(config.weight !== undefined && { weight: config.weight }),
    ...(exposure !== undefined && { exposure }),
    ...(typeof split === 'object' && split.column !== undefined && { split: split.column }),
    ...(typeof split === 'object' &&
      split.group !== undefined &&
      split.group !== config.by && { group: split.group }),
    ...(typeof split === 'object' && split.time !== undefined && { time: split.time }),
  };
}

export function featureSignature({ shape, encoders, edges }: EncoderSet): ModelSignature['features'] {
  return {
    numeric: shape.numeric.length,
    ...(edges && { edges }),
    categorical: shape.categorical.map(({ cardinality }) => cardinality),
    text: shape.text.map(({ name, buckets, length }) => ({ name, buckets, length })),
    sources: {
      numeric: encoders.flatMap((encoder) => {
        const missing = missingRow(encoder);
        return encoder.shape.numeric.map((_, i) => ({ column: encoder.column, missing: missing[i]! }));
      }),
      categorical: encoders.flatMap((encoder) =>
        encoder.shape.categorical.map(() => {
          const { values } = encoder.toJSON() as { values?: readonly string[] };
          return { column: encoder.column, ...(values && { values: ['missing', 'rare', ...values] }) };
        }),
      ),
    },
  };
}

/** What an encoder makes of a missing cell. */
function missingRow(encoder: EncoderSet['encoders'][number]): readonly number[] {
  const { column, type } = encoder;
  const cell = columnFromValues(column, [undefined], { types: { [column]: type } });
  return (encoder.encode(cell).numeric ?? []).map((values) => values[0]!);
}

function numeric(column: Column): Float32Array {
  return Float32Array.from((column as { values: Float64Array }).values);
}

/** The source of rows that no file holds. */
const ROWS_IN_MEMORY = 'rows in memory';

function describeSource(data: unknown): string {
  if (typeof data === 'string') return data;
  if (Array.isArray(data) && data.every((part) => typeof part === 'string')) return data.join(', ');
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
    const { sql, database, file } = data as Record<string, unknown>;
    return String(database ?? sql ?? file ?? ROWS_IN_MEMORY);
  }
  return ROWS_IN_MEMORY;
}

/** The settings of a run as they may be shown: rows that came from memory are not among them. */
export function shownConfig(config: RunConfig, { source }: Pick<Prepared, 'source'>): RunConfig {
  return source === ROWS_IN_MEMORY ? { ...config, data: source } : config;
}
