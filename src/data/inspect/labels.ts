import type { Column, Table } from '../../common/table.ts';
import { codesOf, isMissing, requireColumn } from '../columns.ts';
import { SIDES, type Split } from '../split/spec.ts';
import type { Warning } from '../warning.ts';

/** A task as far as inspection needs it: its target columns, and whether they hold classes (inferred if not said). */
export interface InspectTask {
  readonly name: string;
  readonly columns: readonly string[];
  readonly classes?: boolean;
}

/** One target column on the rows of one task. */
export interface Labels {
  readonly task: string;
  readonly column: Column;
  readonly classes: boolean;
  /** Whether a row belongs to the task and has a label. */
  has(row: number): boolean;
}

const MANY_CLASSES = 20;
const FEW_TRAIN = 30;
const FEW_HELD_OUT = 10;

/** Every task's target columns; in a long table, every value of `by` is a task of its own. */
export function labelsOf(table: Table, tasks: readonly InspectTask[], by: string | undefined): Labels[] {
  const wide = tasks.flatMap((task) =>
    task.columns.map((name): Labels => {
      const column = requireColumn(table, name, `tasks.${task.name}`);
      const label = task.columns.length > 1 ? `${task.name}.${name}` : task.name;
      return {
        task: label,
        column,
        classes: task.classes ?? looksLikeClasses(column),
        has: (row) => !isMissing(column, row),
      };
    }),
  );
  if (by === undefined) return wide;
  const { codes, values } = codesOf(requireColumn(table, by, 'by'));
  const used = [...new Set(codes)].filter((code) => code >= 0);
  return wide.flatMap((labels) =>
    used.map((code) => ({
      ...labels,
      task: wide.length > 1 ? `${values[code]}.${labels.task}` : values[code]!,
      has: (row: number) => codes[row] === code && labels.has(row),
    })),
  );
}

/** Tasks without labels, with one class, or with too few rows. */
export function inspectLabels(labels: Labels, split: Split): Warning[] {
  const { task, column, has } = labels;
  const warn = (code: Warning['code'], message: string, help: string): Warning[] => [
    { code, column: column.name, task, message, help },
  ];
  const rows = SIDES.map((side) => split[side].filter(has));
  const [train, validation, test] = rows.map((side) => side.length) as [number, number, number];
  const empty = SIDES.filter((_, side) => rows[side]!.length === 0);
  if (empty.length === SIDES.length) {
    return warn(
      'task-unlabelled',
      `"${task}" has no label at all.`,
      'Remove the task, or bring labels for it.',
    );
  }
  if (empty.length > 0) {
    return warn(
      'task-unlabelled',
      `"${task}" has no labelled row for ${empty.join(' and ')}.`,
      'Split by ratio with `by` or `stratify`, or choose another seed.',
    );
  }
  const { codes } = codesOf(column);
  const counts = new Map<number, number>();
  for (const row of rows[0]!) counts.set(codes[row]!, (counts.get(codes[row]!) ?? 0) + 1);
  if (counts.size === 1) {
    return warn(
      'task-one-class',
      `"${task}" has a single value among its ${train} training rows: there is nothing to learn.`,
      'Split with `stratify` so that every class trains, or remove the task.',
    );
  }
  const rarest = Math.min(...counts.values());
  if (train < FEW_TRAIN || Math.min(validation, test) < FEW_HELD_OUT) {
    return warn(
      'task-few-labels',
      `"${task}" has ${train} labelled rows to train, ${validation} to validate and ${test} to test.`,
      'Its figures will be noise; bring more labels, or judge it over several seeds.',
    );
  }
  if (labels.classes && counts.size <= MANY_CLASSES && rarest < FEW_HELD_OUT) {
    return warn(
      'task-few-labels',
      `"${task}" has a class with ${rarest} training ${rarest === 1 ? 'row' : 'rows'}.`,
      'Bring more rows of that class, or merge it with another.',
    );
  }
  return [];
}

function looksLikeClasses(column: Column): boolean {
  if (column.type === 'string' || column.type === 'boolean') return true;
  return column.type === 'number' && column.integer && codesOf(column).values.length <= 10;
}

/** Rows with a label, evenly thinned to at most `most`: more of them say nothing new. */
export function labelledRows({ has }: Labels, train: Int32Array, most: number): Int32Array {
  const labelled = train.filter(has);
  const stride = Math.max(1, Math.ceil(labelled.length / most));
  return labelled.filter((_, i) => i % stride === 0);
}
