import type { Table } from '../common/table.ts';
import {
  fingerprint,
  foldRows,
  isMissing,
  makeTable,
  nestedRows,
  requireColumn,
  type Split,
  type SplitSpec,
  splitRows,
} from '../data/index.ts';
import type { RunConfig } from './run-config.ts';
import type { ResolvedTask } from './tasks.ts';

/** Which rows a training is about: another fold than the first, or a share of the training rows. */
export interface RowChoice {
  readonly fold?: number;
  readonly fraction?: number;
}

/** The run's own rows: the split, or the first fold. */
export const WHOLE: RowChoice = {};

/** The sides of the rows; those that no task has a label for teach nothing and test nothing. */
export function divideRows(
  config: RunConfig,
  table: Table,
  tasks: readonly ResolvedTask[],
  { fold = 0, fraction }: RowChoice,
): Split {
  const { folds, seed } = config;
  const spec = splitSpec(config, tasks);
  const all = folds === undefined ? splitRows(table, spec, seed) : foldRows(table, spec, folds, seed)[fold]!;
  const split = withoutUnlabelled(all, table, tasks);
  if (fraction === undefined) return split;
  return { ...split, train: nestedRows(table, split.train, fraction, spec, seed) };
}

/** Ratios keep each class of the first two-class task, and each task of a long table, in proportion. */
function splitSpec({ split, by }: RunConfig, tasks: readonly ResolvedTask[]): SplitSpec {
  const given = typeof split === 'string' ? { ratio: split } : (split as SplitSpec);
  const classes = tasks.find(({ task: { kind } }) => kind === 'binary');
  return {
    ...(by !== undefined && { by }),
    ...(classes !== undefined && { stratify: classes.column }),
    ...given,
  };
}

function withoutUnlabelled(split: Split, table: Table, tasks: readonly ResolvedTask[]): Split {
  const columns = tasks.map(({ column }) => requireColumn(table, column));
  const labelled = (row: number): boolean => columns.some((column) => !isMissing(column, row));
  const keep = (rows: Int32Array): Int32Array => rows.filter(labelled);
  return { train: keep(split.train), validation: keep(split.validation), test: keep(split.test) };
}

/** Tells whether rows are divided in the same way: a hash of the side of each row. */
export function splitFingerprint({ train, validation, test }: Split): string {
  const rows = [train, validation, test].reduce((most, side) => Math.max(most, (side.at(-1) ?? -1) + 1), 0);
  const values = new Float64Array(rows).fill(Number.NaN);
  for (const [side, own] of [train, validation, test].entries()) for (const row of own) values[row] = side;
  return fingerprint(makeTable([{ name: 'side', type: 'number', integer: true, values }]));
}
