import { PolytaskError, suggest } from '../common/error.ts';
import type { Column, Table } from '../common/table.ts';
import {
  type ColumnPlan,
  codesOf,
  type EncoderSet,
  type EncoderSpec,
  fingerprint,
  fitEncoders,
  inspectData,
  openSource,
  planColumns,
  requireColumn,
  type SourceSpec,
  type Split,
  type SplitSpec,
  splitRows,
  type Warning,
} from '../data/index.ts';
import type { HeadSpec, ModelSignature } from '../model/index.ts';
import { orderByFamily } from '../model/index.ts';
import type { Dataset } from '../optimization/index.ts';
import { type EncodedLabels, type FittedTask, inferKind, kindOf, type Task, task } from '../problem/index.ts';
import type { RunConfig } from './run-config.ts';

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
  const plans = planColumns(table, planOptions(config, tasks));
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
    warnings: [...warnings, ...labelled.warnings],
    fingerprint: fingerprint(table),
    source: describeSource(config.data),
  };
}

interface ResolvedTask {
  readonly name: string;
  readonly column: string;
  readonly task: Task;
}

/** Each task with its column and kind, inferred where not said. */
function resolveTasks(config: RunConfig, table: Table): ResolvedTask[] {
  const entries = Object.entries(config.tasks);
  if (entries.length === 0)
    throw new PolytaskError('config-invalid', {
      path: 'tasks',
      expected: 'at least one task',
      found: 'none',
      help: suggest('', [...table.columns.keys()]),
    });
  if (config.by !== undefined && entries.length > 1)
    throw new PolytaskError('config-invalid', {
      path: 'tasks',
      expected: 'one label column where `by` names the tasks',
      found: entries.map(([name]) => name).join(', '),
      help: 'Keep one, or leave `by` out for a column a task.',
    });
  return entries.map(([name, definition]) => {
    const { column = name, kind, options, ...loose } = definition as Record<string, unknown>;
    const found = requireColumn(table, column as string, `tasks.${name}`);
    const chosen = (kind as string | undefined) ?? inferKind(found).kind;
    return {
      name,
      column: column as string,
      task: task(chosen, { ...(options as object), ...loose }, `tasks.${name}`),
    };
  });
}

function planOptions(config: RunConfig, tasks: readonly ResolvedTask[]): Parameters<typeof planColumns>[1] {
  const { split } = config;
  const exposure = tasks.map(companion).find((name) => name !== undefined);
  return {
    tasks: tasks.map(({ name, column }) => ({ name, columns: [column] })),
    exclude: config.exclude,
    encoders: config.encoders as Readonly<Record<string, string | EncoderSpec>>,
    ...(config.by !== undefined && { by: config.by }),
    ...(config.inputs !== undefined && { inputs: config.inputs }),
    ...(config.weight !== undefined && { weight: config.weight }),
    ...(exposure !== undefined && { exposure }),
    ...(typeof split === 'object' && split.column !== undefined && { split: split.column }),
    ...(typeof split === 'object' && split.group !== undefined && { group: split.group }),
    ...(typeof split === 'object' && split.time !== undefined && { time: split.time }),
  };
}

/** The exposure column of a count task. */
function companion({ task: { kind, options } }: ResolvedTask): string | undefined {
  return kindOf(kind).companions?.(options as never).exposure;
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
  const labelled = (row: number): boolean => columns.some((column) => present(column, row));
  const keep = (rows: Int32Array): Int32Array => rows.filter(labelled);
  return { train: keep(split.train), validation: keep(split.validation), test: keep(split.test) };
}

function present(column: Column, row: number): boolean {
  return column.type === 'string' ? column.codes[row]! >= 0 : !Number.isNaN(column.values[row]!);
}

interface Labelled {
  readonly data: Pick<Dataset, 'tasks' | 'labels' | 'taskOfRow'>;
  readonly heads: readonly HeadSpec[];
  readonly warnings: readonly Warning[];
}

function fitWide(table: Table, tasks: readonly ResolvedTask[], split: Split): Labelled {
  const fitted = tasks.map(({ name, column, task: { kind, options } }) =>
    kindOf(kind).fit(
      name,
      requireColumn(table, column),
      split.train,
      options,
      companions(table, kind, options),
    ),
  );
  const { heads } = orderByFamily(fitted.map(headSpec));
  const ordered = heads.map(({ name }) => fitted.find((own) => own.name === name)!);
  return {
    data: { tasks: ordered, labels: ordered.map((own) => encodeLabels(table, own)) },
    heads,
    warnings: [],
  };
}

/** One label column for all tasks: a fit on all rows, on which each task's own leans. */
function fitLong(table: Table, tasks: readonly ResolvedTask[], split: Split, by: string): Labelled {
  const { column, task: definition } = tasks[0]!;
  const kind = kindOf(definition.kind);
  const labels = requireColumn(table, column);
  const context = companions(table, definition.kind, definition.options);
  const pooled = kind.fit(column, labels, split.train, definition.options, context);
  const names = codesOf(requireColumn(table, by, 'by'));
  const rowsOf = names.values.map((_, code) => split.train.filter((row) => names.codes[row] === code));
  const known = names.values.flatMap((name, code) => (rowsOf[code]!.length > 0 ? [{ name, code }] : []));
  const fitted = known.map(({ name, code }) =>
    kind.fit(name, labels, rowsOf[code]!, definition.options, { ...context, pooled }),
  );
  const position = new Map(known.map(({ code }, t) => [code, t]));
  const taskOfRow = Int32Array.from(names.codes, (code) => position.get(code) ?? -1);
  checkTasks(taskOfRow, split, by);
  return {
    data: {
      tasks: fitted,
      labels: [encodeLabels(table, pooled)],
      taskOfRow: taskOfRow.map((t) => Math.max(t, 0)),
    },
    heads: fitted.map(headSpec),
    warnings: [],
  };
}

/** Every row that is trained on or judged must belong to a task that was seen in training. */
function checkTasks(taskOfRow: Int32Array, split: Split, by: string): void {
  for (const [side, rows] of Object.entries(split)) {
    const stray = (rows as Int32Array).findIndex((row) => taskOfRow[row] === -1);
    if (stray >= 0)
      throw new PolytaskError('task-unknown', {
        path: by,
        expected: 'every task among the training rows',
        found: `a row of the ${side} side with a task that training does not have, or none`,
        help: `Split within tasks (split.by: ${by}), or leave rows without a task out.`,
      });
  }
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

function companions(table: Table, kind: string, options: object): { exposure?: Column } {
  const name = kindOf(kind).companions?.(options as never).exposure;
  return name === undefined ? {} : { exposure: requireColumn(table, name, 'exposure') };
}

function encodeLabels(table: Table, fitted: FittedTask): EncodedLabels {
  const own = companions(table, fitted.kind, fitted.options);
  return kindOf(fitted.kind).encode(requireColumn(table, fitted.column), fitted, own);
}

export function featureSignature({ shape }: EncoderSet): ModelSignature['features'] {
  return {
    numeric: shape.numeric.length,
    categorical: shape.categorical.map(({ cardinality }) => cardinality),
    text: shape.text.map(({ name, buckets, length }) => ({ name, buckets, length })),
  };
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
