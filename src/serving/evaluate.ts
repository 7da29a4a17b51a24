import { PolytaskError } from '../common/error.ts';
import type { Column, Table } from '../common/table.ts';
import { codesOf, requireColumn, textAt } from '../data/index.ts';
import { companionsOf } from '../experiment/tasks.ts';
import { evaluateBaseline, evaluateTask, type FittedTask, kindOf, metricWeights } from '../problem/index.ts';
import type { Model, PredictOptions } from './model.ts';

/** How good a model is at one task on some labelled rows. */
export interface TaskEvaluation {
  readonly kind: string;
  readonly labelled: number;
  readonly metric: string;
  readonly higherIsBetter: boolean;
  readonly value: number | null;
  /** What the best constant of the training labels reaches; null for a task that training did not see. */
  readonly constant: number | null;
  readonly metrics: Readonly<Record<string, number | null>>;
}

export interface ModelEvaluation {
  readonly rows: number;
  readonly tasks: Readonly<Record<string, TaskEvaluation>>;
  /** Long models: all rows together. */
  readonly pooled?: TaskEvaluation;
  /** Tasks whose column the table lacks. */
  readonly skipped: readonly string[];
}

/**
 * Every metric of every task whose labels the table has, beside what the best constant of the training labels reaches.
 *
 * @throws `task-unlabelled` where no row has a label, `column-unknown` without any column of labels
 * @example
 * const { tasks } = await evaluateModel(model, await openSource('labelled.csv'));
 * tasks.income?.metrics.auc;
 */
export async function evaluateModel(
  model: Model,
  table: Table,
  options: PredictOptions = {},
): Promise<ModelEvaluation> {
  const { by, tasks } = model.signature;
  const fitted = tasks.map((task) => task.fitted);
  const there = fitted.filter(({ column }) => table.columns.has(column));
  if (there.length === 0) requireColumn(table, fitted[0]!.column, `tasks.${fitted[0]!.name}`);
  const outputs = await model.predictTable(table, options);
  const taskColumn = by === undefined ? undefined : table.columns.get(by);
  const judge = (
    task: FittedTask,
    own: (row: number) => boolean,
    isKnown: boolean = true,
  ): TaskEvaluation => {
    const kind = kindOf(task.kind);
    const labels = kind.encode(
      requireColumn(table, task.column),
      task,
      companionsOf(table, task.kind, task.options),
    );
    const weights = metricWeights(labels.weights).map((weight, row) => (own(row) ? weight : 0));
    const { data } = outputs.get(by === undefined ? task.name : task.column)!;
    const truth = { targets: labels.targets, weights };
    const { primary, values } = evaluateTask(task, { ...truth, outputs: data });
    // AUC needs both classes: where the first metric is undefined, the first that is not speaks for the task.
    const metric =
      values[primary] === null
        ? (Object.keys(values).find((name) => values[name] !== null) ?? primary)
        : primary;
    return {
      kind: task.kind,
      labelled: weights.reduce((sum, weight) => sum + Number(weight > 0), 0),
      metric,
      higherIsBetter: kind.metrics(task).find(({ name }) => name === metric)!.higherIsBetter,
      value: values[metric] ?? null,
      constant: isKnown ? (evaluateBaseline(task, truth).values[metric] ?? null) : null,
      metrics: values,
    };
  };
  const isOf =
    (name: string) =>
    (row: number): boolean =>
      taskColumn === undefined || textAt(taskColumn, row) === name;
  const known = options.task === undefined ? there : [];
  const evaluated = Object.fromEntries([
    ...known.map((task) => [task.name, judge(task, isOf(task.name))] as const),
    ...newTasks(model, taskColumn, options).map(
      (name) =>
        [name, judge({ ...fitted[0]!, name }, options.task ? () => true : isOf(name), false)] as const,
    ),
  ]);
  refuseUnlabelled(evaluated);
  return {
    rows: table.rows,
    tasks: evaluated,
    ...(by !== undefined && { pooled: judge(fitted[0]!, () => true) }),
    skipped: fitted.filter((task) => !there.includes(task)).map(({ name }) => name),
  };
}

/** Tasks of a long table that the model was not trained on. */
function newTasks(
  { tasks, signature }: Model,
  column: Column | undefined,
  { task }: PredictOptions,
): string[] {
  if (signature.by === undefined) return [];
  if (task !== undefined) return [task.name ?? 'described task'];
  if (column === undefined) return [];
  const { codes, values } = codesOf(column);
  return [...new Set(codes)].flatMap((code) =>
    code < 0 || tasks.includes(values[code]!) ? [] : [values[code]!],
  );
}

function refuseUnlabelled(tasks: Readonly<Record<string, TaskEvaluation>>): void {
  if (Object.values(tasks).some(({ labelled }) => labelled > 0)) return;
  throw new PolytaskError('task-unlabelled', {
    path: Object.keys(tasks).join(', '),
    expected: 'rows with labels',
    found: 'none',
    help: 'Give rows whose labels are known; "polytask predict" needs none.',
  });
}
