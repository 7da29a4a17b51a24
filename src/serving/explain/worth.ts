import type { Table } from '../../common/table.ts';
import { companionsOf } from '../../experiment/tasks.ts';
import { evaluateTask, type FittedTask, kindOf, metricWeights } from '../../problem/index.ts';
import type { RawOutputs } from '../graph.ts';
import type { Model } from '../model.ts';

/** How it is measured that predictions of a task got worse. */
export interface TaskJudge {
  readonly task: string;
  readonly measure: string;
  /** The metric of the predictions as they were. */
  readonly value: number | null;
  /** What others lose against them; above 0 is worse. */
  worse(outputs: RawOutputs): number;
}

/**
 * A judge for each task: by its metric where the table has labels of it, else by how much predictions change. Of a long model
 * one for all tasks together.
 *
 * @param before the predictions of the table as it is
 */
export function judgeOf({ signature }: Model, table: Table, before: RawOutputs): TaskJudge[] {
  const { tasks, by } = signature;
  const fitted = (by === undefined ? tasks : tasks.slice(0, 1)).map((task) => task.fitted);
  return fitted.map((task) => {
    const name = by === undefined ? task.name : task.column;
    return byMetric(task, name, table, before) ?? byChange(name, before);
  });
}

function byMetric(task: FittedTask, name: string, table: Table, before: RawOutputs): TaskJudge | undefined {
  const column = table.columns.get(task.column);
  if (column === undefined) return undefined;
  const kind = kindOf(task.kind);
  const { targets, weights } = kind.encode(column, task, companionsOf(table, task.kind, task.options));
  const truth = { targets, weights: metricWeights(weights) };
  if (!truth.weights.some((weight) => weight > 0)) return undefined;
  const judge = (outputs: RawOutputs): Readonly<Record<string, number | null>> =>
    evaluateTask(task, { ...truth, outputs: outputs.get(name)!.data }).values;
  const values = judge(before);
  // AUC needs both classes: where the first metric is undefined, the first that is not speaks for the task.
  const measure = [kind.primary(task), ...Object.keys(values)].find((metric) => values[metric] !== null);
  if (measure === undefined) return undefined;
  const sign = kind.metrics(task).find((metric) => metric.name === measure)!.higherIsBetter ? 1 : -1;
  const value = values[measure]!;
  return {
    task: name,
    measure,
    value,
    worse: (outputs) => sign * (value - (judge(outputs)[measure] ?? value)),
  };
}

function byChange(name: string, before: RawOutputs): TaskJudge {
  const { data } = before.get(name)!;
  return {
    task: name,
    measure: 'change',
    value: null,
    worse: (outputs) => {
      const other = outputs.get(name)!.data;
      return data.reduce((sum, value, i) => sum + Math.abs(other[i]! - value), 0) / Math.max(1, data.length);
    },
  };
}
