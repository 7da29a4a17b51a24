import { dirname, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { Table } from '../common/table.ts';
import { describePlan, planColumns, type SourceSpec } from '../data/index.ts';
import { inferKind } from '../problem/index.ts';
import { type ColumnOptions, listOf } from './fit-config.ts';

interface InitOptions extends ColumnOptions {
  readonly tasks?: Readonly<Record<string, { readonly kind?: string | undefined }>> | undefined;
}

/** A commented config: what is known filled in, what could be said beside it as a comment. */
export function describeConfig(data: SourceSpec, table: Table, options: InitOptions): string {
  const columns = [...table.columns.values()];
  const inferred = new Map(columns.map((column) => [column.name, inferredKind(column)]));
  const exclude = (options.exclude ?? []).flatMap((text) => listOf(text, [...table.columns.keys()]));
  const reserved = [options.by, options.split, ...exclude];
  const possible = columns
    .map(({ name }) => name)
    .filter((name) => inferred.get(name) !== undefined && !reserved.includes(name));
  const chosen = options.tasks === undefined ? possible.slice(-1) : Object.keys(options.tasks);
  const others = possible.filter((name) => !chosen.includes(name));
  const task = (name: string): string => {
    const kind = options.tasks?.[name]?.kind ?? inferred.get(name)?.kind ?? 'regression';
    return `  ${key(name)}: { kind: ${kind} }${comment(inferred.get(name)?.reason)}\n`;
  };
  const bySplit = options.split !== undefined && table.columns.has(options.split);
  const split = bySplit ? { column: options.split } : (options.split ?? '0.7/0.15/0.15');
  return `# A run of polytask: polytask train --config this-file.yaml
# Paths start from the folder of this file. "polytask config schema" describes every setting.

${stringify({ data })}
# What to predict. Kinds: binary, multiclass, multilabel, regression, count, ordinal.
${options.tasks === undefined ? '# This is a guess: keep what you want to predict.\n' : ''}tasks:
${chosen.map(task).join('')}${others.map((name) => `  # ${task(name).trim()}\n`).join('')}
${options.by === undefined ? '# by: COLUMN   # every value of a column is a task (then keep one entry under tasks)' : `by: ${key(options.by)}`}
${exclude.length === 0 ? '# exclude: []  # columns that must not be learned from: ids, and what is known only afterwards' : stringify({ exclude }).trim()}

# The columns as they would be used:
${plan(table, chosen, exclude, options)}

${stringify({ split }).trim()}  # train/validation/test; or { column: … }, { group: … }, { time: … }
seeds: 3
# seed: 0
# folds: 5  # tests every row once; or fractions: [0.1, 0.3], to see what sharing brings with fewer rows
# timeLimit: 120  # seconds; searches the best way to learn, and keeps to what is set here
baseline: true  # train each task alone as well, and compare

model:
  sharing: shared-bottom
  hidden: [128, 128]
  dropout: 0.1

training:
  maxEpochs: 60
  batchSize: 256
  learningRate: 0.002
`;
}

/** The source as it is called from the folder of the config. */
export function relativeSource(source: SourceSpec, config: string): SourceSpec {
  const from = dirname(resolve(config));
  const move = (path: string): string => relative(from, resolve(path)) || path;
  if (typeof source === 'string') return move(source);
  if (Array.isArray(source)) return (source as string[]).map(move);
  const { database } = source as { database?: string };
  return database === undefined
    ? source
    : ({ ...(source as object), database: move(database) } as SourceSpec);
}

function inferredKind(column: Parameters<typeof inferKind>[0]): ReturnType<typeof inferKind> | undefined {
  try {
    return inferKind(column);
  } catch {
    // Dates and free text are no targets.
    return undefined;
  }
}

function plan(
  table: Table,
  tasks: readonly string[],
  exclude: readonly string[],
  { by, split }: InitOptions,
): string {
  try {
    const described = describePlan(
      planColumns(table, {
        tasks,
        exclude,
        ...(by !== undefined && { by }),
        ...(split !== undefined && table.columns.has(split) && { split }),
      }),
    );
    return described.replaceAll(/^/gm, '#   ');
  } catch {
    return [...table.columns.keys()].map((name) => `#   ${name}`).join('\n');
  }
}

/** A name as a YAML key or value, quoted where it must be. */
function key(name: string): string {
  return stringify(name, { lineWidth: 0 }).trim();
}

function comment(reason: string | undefined): string {
  return reason === undefined ? '' : `  # ${reason.replaceAll('\n', ' ')}`;
}
