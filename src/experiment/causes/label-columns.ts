import { type LabelStatistics, labelStatistics } from '../../diagnosis/index.ts';
import { kindOf } from '../../problem/index.ts';
import type { Prepared } from '../prepare.ts';
import { someRows } from '../training-scores.ts';

/** Tasks of the most of whom every two are compared. */
const MOST_TASKS = 100;
/** Rows times pairs: about a second of sorting. */
const MOST_WORK = 2_000_000;

/**
 * How the labels of tasks meet on training rows, or on some of them; undefined where a row belongs to one task alone, and
 * for very many tasks.
 */
export function labelsOfTraining({ dataset, split }: Prepared): LabelStatistics | undefined {
  const { tasks, labels, taskOfRow } = dataset;
  if (taskOfRow !== undefined || tasks.length < 2 || tasks.length > MOST_TASKS) return undefined;
  const most = Math.floor(MOST_WORK / (tasks.length * (tasks.length - 1)));
  const rows = someRows(split.train, most);
  return labelStatistics(
    tasks.map((task, t) => {
      const { targets, weights } = labels[t]!;
      return {
        present: Uint8Array.from(rows, (row) => Number(weights[row]! > 0)),
        ...(kindOf(task.kind).labelWidth(task) === 1 && {
          values: Float64Array.from(rows, (row) => targets[row]!),
        }),
        nominal: task.kind === 'multiclass',
      };
    }),
  );
}
