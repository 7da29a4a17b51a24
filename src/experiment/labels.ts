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
  };
}

/** One label column for all tasks: a fit on all rows, on which each task's own leans. */
export function fitLong(table: Table, tasks: readonly ResolvedTask[], split: Split, by: string): Labelled {
  const { column, task: definition } = tasks[0]!;
  const kind = kindOf(definition.kind);
  const labels = requireColumn(table, column);
  const context = companionsOf(table, definition.kind, definition.options);
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
