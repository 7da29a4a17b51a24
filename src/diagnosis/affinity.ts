import { PolytaskError } from '../common/error.ts';

/**
 * What each task gains where another is learned beside it. A matrix of it may be written with a row for each task that
 * gives or for each that gains, and read the wrong way round it picks other groups: an affinity is asked by role, and its
 * JSON says what its rows are.
 */
export interface Affinity {
  readonly tasks: readonly string[];
  /**
   * What task `to` gains from task `from`, as positions in `tasks`; higher is better, the unit is that of the measure.
   * Null where it was not measured. That of a task and itself is kept and counts nowhere.
   */
  benefit(to: number, from: number): number | null;
  toJSON(): AffinityJSON;
}

export interface AffinityJSON {
  readonly tasks: readonly string[];
  /** What a row is: the task that gives (source), its columns those that gain, or the one that gains (target). */
  readonly rows: 'source' | 'target';
  /** [row][column], square; null where it was not measured. */
  readonly values: readonly (readonly (number | null)[])[];
}

/**
 * An affinity from a matrix that says what its rows are; reads what `toJSON` writes.
 *
 * @throws affinity-invalid for rows that are neither, a matrix that is not square, a task named twice, and values that are
 * not finite
 * @example affinityFrom({ tasks: ['a', 'b'], rows: 'source', values: [[1, 2], [3, 4]] }).benefit(1, 0); // 2: what b gains from a
 */
export function affinityFrom({ tasks, rows, values }: AffinityJSON): Affinity {
  if (rows !== 'source' && rows !== 'target')
    throw new PolytaskError('affinity-invalid', {
      path: 'affinity.rows',
      expected: 'source | target',
      found: JSON.stringify(rows) ?? 'nothing',
      help: 'Say whether a row is the task that gives (source) or the one that gains (target).',
    });
  checkSquare(tasks, values);
  const kept = values.map((row) => [...row]);
  const names = [...tasks];
  return {
    tasks: names,
    benefit: (to, from) => (rows === 'target' ? kept[to]?.[from] : kept[from]?.[to]) ?? null,
    toJSON: () => ({ tasks: names, rows, values: kept }),
  };
}

function checkSquare(tasks: readonly string[], values: AffinityJSON['values']): void {
  const twice = tasks.find((name, i) => tasks.indexOf(name) < i);
  if (twice !== undefined)
    throw new PolytaskError('affinity-invalid', {
      path: 'affinity.tasks',
      expected: 'every task once',
      found: `"${twice}" twice`,
      help: 'Give each task one row and one column.',
    });
  const size = tasks.length;
  if (values.length !== size || values.some((row) => row.length !== size))
    throw new PolytaskError('affinity-invalid', {
      path: 'affinity.values',
      expected: `${size} rows of ${size} values`,
      found: `${values.length} rows of ${[...new Set(values.map((row) => row.length))].join(' and ')}`,
      help: 'Give one row and one column a task, in the order of the tasks.',
    });
  values.forEach((row, i) => {
    const j = row.findIndex((value) => value !== null && !Number.isFinite(value));
    if (j >= 0)
      throw new PolytaskError('affinity-invalid', {
        path: `affinity.values[${i}][${j}]`,
        expected: 'a finite number, or null where it was not measured',
        found: String(row[j]),
        help: `The values are of "${tasks[i]}" (row) and "${tasks[j]}" (column).`,
      });
  });
}
