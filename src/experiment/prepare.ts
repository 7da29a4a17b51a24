import type { Column, Table } from '../common/table.ts';
import {
  type ColumnPlan,
  columnFromValues,
  type EncoderSet,
  type EncoderSpec,
  fingerprint,
  fitEncoders,
  inspectData,
  isMissing,
  planColumns,
  requireColumn,
  type SourceSpec,
  type Split,
  type SplitSpec,
  splitRows,
  type Warning,
} from '../data/index.ts';
import { openSource } from '../data/sources/index.ts';
import { columnsAside, type ModelSignature } from '../model/index.ts';
import type { Dataset } from '../optimization/index.ts';
import { fitLong, fitWide } from './labels.ts';
import type { RunConfig } from './run-config.ts';
import { exposureOf, type ResolvedTask, resolveTasks } from './tasks.ts';

/** Everything a trial needs of its data: encoded once, shared by all that are compared. */
export interface Prepared {
  readonly dataset: Dataset;
  readonly signature: ModelSignature;
  readonly split: Split;
  readonly encoders: EncoderSet;
  readonly plans: readonly ColumnPlan[];
  readonly warnings: readonly Warning[];
  readonly fingerprint: string;
  readonly source: string;
}

/**
 * Source → table → roles → split → encoders and labels, fitted on the training rows alone.
 *
 * @param directory the folder that relative paths start from
 */
export async function prepare(config: RunConfig, directory: string): Promise<Prepared> {
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
  const split = withoutUnlabelled(splitTable(config, table, tasks), table, tasks);
  const encoders = fitEncoders(table, plans, split.train);
  const labelled =
    config.by === undefined ? fitWide(table, tasks, split) : fitLong(table, tasks, split, config.by);
  const inspected = tasks.map(({ name, column }) => ({ name, columns: [column] }));
  warnings.push(...inspectData(table, plans, split, inspected));
  const weights =
    config.weight === undefined ? undefined : numeric(requireColumn(table, config.weight, 'weight'));
  return {
    dataset: { features: encoders.encode(table), ...labelled.data, ...(weights && { rowWeights: weights }) },
    signature: { features: featureSignature(encoders), heads: labelled.heads, long: config.by !== undefined },
    split,
    encoders,
    plans,
    warnings,
    fingerprint: fingerprint(table),
    source: describeSource(config.data),
  };
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
    ...(typeof split === 'object' && split.group !== undefined && { group: split.group }),
    ...(typeof split === 'object' && split.time !== undefined && { time: split.time }),
  };
}

/** Ratios keep each class of the first two-class task, and each task of a long table, in proportion. */
function splitTable(config: RunConfig, table: Table, tasks: readonly ResolvedTask[]): Split {
  const given = typeof config.split === 'string' ? { ratio: config.split } : (config.split as SplitSpec);
  const classes = tasks.find(({ task: { kind } }) => kind === 'binary');
  const spec: SplitSpec = {
    ...(config.by !== undefined && { by: config.by }),
    ...(classes !== undefined && { stratify: classes.column }),
    ...given,
  };
  return splitRows(table, spec, config.seed);
}

/** Rows that no task has a label for teach nothing and test nothing. */
function withoutUnlabelled(split: Split, table: Table, tasks: readonly ResolvedTask[]): Split {
  const columns = tasks.map(({ column }) => requireColumn(table, column));
  const labelled = (row: number): boolean => columns.some((column) => !isMissing(column, row));
  const keep = (rows: Int32Array): Int32Array => rows.filter(labelled);
  return { train: keep(split.train), validation: keep(split.validation), test: keep(split.test) };
}

export function featureSignature({ shape, encoders }: EncoderSet): ModelSignature['features'] {
  return {
    numeric: shape.numeric.length,
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

function describeSource(data: unknown): string {
  if (typeof data === 'string') return data;
  if (Array.isArray(data) && data.every((part) => typeof part === 'string')) return data.join(', ');
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
    const { sql, database, file } = data as Record<string, unknown>;
    return String(database ?? sql ?? file ?? 'rows in memory');
  }
  return 'rows in memory';
}
