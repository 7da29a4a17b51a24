import { PolytaskError } from '../common/error.ts';
import type { Table } from '../common/table.ts';
import { codesOf, requireColumn, type Split } from '../data/index.ts';
import { type HeadSpec, orderByFamily } from '../model/index.ts';
import type { Dataset } from '../optimization/index.ts';
import { type EncodedLabels, type FittedTask, kindOf } from '../problem/index.ts';
import { companionsOf, type ResolvedTask } from './tasks.ts';

/** Fitted tasks with their labels, in the order of the model's heads. */
export interface Labelled {
  readonly data: Pick<Dataset, 'tasks' | 'labels' | 'taskOfRow'>;
  readonly heads: readonly HeadSpec[];
  /** Long problems: tasks of which no row trains, after all others. */
  readonly unseen: readonly string[];
}

/** A column a task. */
export function fitWide(table: Table, tasks: readonly ResolvedTask[], split: Split): Labelled {
  const fitted = tasks.map(({ name, column, task: { kind, options } }) =>
    kindOf(kind).fit(
      name,
      requireColumn(table, column),
      split.train,
      options,
      companionsOf(table, kind, options),
    ),
  );
  const { heads } = orderByFamily(fitted.map(headSpec));
  const ordered = heads.map(({ name }) => fitted.find((own) => own.name === name)!);
  return {
    data: { tasks: ordered, labels: ordered.map((own) => encodeLabels(table, own)) },
    heads,
    unseen: [],
  };
}

/**
 * One label column for all tasks: a fit on all rows, on which each task's own leans. A task that is on other sides than
 * training alone has what all have in common.
 */
export function fitLong(table: Table, tasks: readonly ResolvedTask[], split: Split, by: string): Labelled {
  const { column, task: definition } = tasks[0]!;
  const kind = kindOf(definition.kind);
  const labels = requireColumn(table, column);
  const context = companionsOf(table, definition.kind, definition.options);
  const pooled = kind.fit(column, labels, split.train, definition.options, context);
  const names = codesOf(requireColumn(table, by, 'by'));
  const rowsOf = names.values.map((_, code) => split.train.filter((row) => names.codes[row] === code));
  const used = new Set(Array.from([...split.validation, ...split.test], (row) => names.codes[row]!));
  const all = names.values.map((name, code) => ({ name, code }));
  const known = all.filter(({ code }) => rowsOf[code]!.length > 0);
  const unseen = all.filter(({ code }) => rowsOf[code]!.length === 0 && used.has(code));
  const tasksOf = [...known, ...unseen];
  const fitted = tasksOf.map(({ name, code }) =>
    kind.fit(name, labels, rowsOf[code]!, definition.options, { ...context, pooled }),
  );
  const position = new Map(tasksOf.map(({ code }, t) => [code, t]));
  const taskOfRow = Int32Array.from(names.codes, (code) => position.get(code) ?? -1);
  checkTasks(taskOfRow, split, by);
  return {
    data: {
      tasks: fitted,
      labels: [encodeLabels(table, pooled)],
      taskOfRow: taskOfRow.map((t) => Math.max(t, 0)),
    },
    heads: fitted.map(headSpec),
    unseen: unseen.map(({ name }) => name),
  };
}

/** Every row that is trained on or judged must belong to a task. */
function checkTasks(taskOfRow: Int32Array, split: Split, by: string): void {
  for (const [side, rows] of Object.entries(split)) {
    const stray = (rows as Int32Array).findIndex((row) => taskOfRow[row] === -1);
    if (stray >= 0)
      throw new PolytaskError('task-unknown', {
        path: by,
        expected: 'a task in every row',
        found: `a row of the ${side} side without one`,
        help: 'Leave rows without a task out.',
      });
  }
}

/** What a model has to know of a task. */
export function headSpec(fitted: FittedTask): HeadSpec {
  const kind = kindOf(fitted.kind);
  return {
    name: fitted.name,
    kind: fitted.kind,
    family: kind.family(fitted),
    width: kind.width(fitted),
    initialBias: kind.initialBias(fitted),
  };
}

function encodeLabels(table: Table, fitted: FittedTask): EncodedLabels {
  const own = companionsOf(table, fitted.kind, fitted.options);
  return kindOf(fitted.kind).encode(requireColumn(table, fitted.column), fitted, own);
}
