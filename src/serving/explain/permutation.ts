import { PolytaskError } from '../../common/error.ts';
import { RandomStream } from '../../common/random.ts';
import type { Table } from '../../common/table.ts';
import { makeTable, takeColumn } from '../../data/index.ts';
import type { Model } from '../model.ts';
import { someRows } from './some-rows.ts';
import { judgeOf } from './worth.ts';

/** What a column is worth to a task. */
export interface ColumnImportance {
  readonly column: string;
  /** Mean over repeats. */
  readonly importance: number;
  /** Standard deviation over repeats. */
  readonly deviation: number;
}

/** What columns are worth to a task, the most important first. */
export interface TaskImportance {
  readonly task: string;
  /** What importance is measured in: a metric, or `change` where rows have no labels of the task. */
  readonly measure: string;
  /** The metric on the rows as they are; null where rows have no labels. */
  readonly value: number | null;
  readonly columns: readonly ColumnImportance[];
}

export interface ImportanceOptions {
  /** How often each column is shuffled: 5 unless given. */
  readonly repeats?: number;
  /** Of the shuffling: 0 unless given. */
  readonly seed?: number;
  /** Rows that are looked at, drawn by chance: 2,000 unless given. */
  readonly rows?: number;
}

/**
 * How much worse each task gets when a column is shuffled, so that it tells nothing any more.
 *
 * With labels I(c) = m − (1/R) Σᵣ m(πᵣ c), m the metric of the task, turned so that what is lost is positive (L. Breiman:
 * Random Forests. Machine Learning 45, 2001; A. Fisher, C. Rudin, F. Dominici: All Models are Wrong, but Many are Useful.
 * JMLR 20, 2019). Without labels the mean change |ŷ(πc) − ŷ| of the predictions, a probability or a number in its unit. Columns
 * that say the same stand in for each other: shuffled one at a time, each of them seems to be worth little.
 *
 * @param table rows as for `predictTable`, with labels of the tasks that are to be judged by them
 * @throws `column-unknown` for a table without any column that the model reads
 * @example
 * const [income] = await permutationImportance(model, await openSource('labelled.csv'));
 * income.columns[0]; // { column: 'education', importance: 0.061, deviation: 0.004 }
 */
export async function permutationImportance(
  model: Model,
  table: Table,
  { repeats = 5, seed = 0, rows = 2000 }: ImportanceOptions = {},
): Promise<TaskImportance[]> {
  refuseLess('repeats', repeats, 1);
  refuseLess('rows', rows, 2);
  const sample = someRows(table, rows, seed);
  const columns = model.signature.inputs.filter(({ name, read }) => read && sample.columns.has(name));
  if (columns.length === 0)
    throw new PolytaskError('column-unknown', {
      expected: `a column that the model reads: ${model.encoders.columns.slice(0, 8).join(', ')}`,
      found: [...table.columns.keys()].slice(0, 8).join(', '),
      help: 'Give rows such as the model was trained on.',
    });
  const judges = judgeOf(model, sample, await model.predictTable(sample));
  const losses = columns.map(() => judges.map((): number[] => []));
  for (const [c, { name }] of columns.entries())
    for (let repeat = 0; repeat < repeats; repeat++) {
      const order = new RandomStream(seed, `permute/${name}`).permutation(sample.rows, repeat);
      const outputs = await model.predictTable(withColumn(sample, name, order));
      for (const [t, { worse }] of judges.entries()) losses[c]![t]!.push(worse(outputs));
    }
  return judges.map(({ task, measure, value }, t) => ({
    task,
    measure,
    value,
    columns: columns
      .map(({ name }, c) => ({ column: name, ...spreadOf(losses[c]![t]!) }))
      .sort((a, b) => b.importance - a.importance),
  }));
}

function refuseLess(path: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new PolytaskError('usage-invalid', {
    path,
    expected: `a whole number from ${least}`,
    found: String(value),
    help: `Leave ${path} out for the default.`,
  });
}

/** The table with one column in another order. */
function withColumn(table: Table, name: string, order: Int32Array): Table {
  return makeTable(
    [...table.columns.values()].map((column) => (column.name === name ? takeColumn(column, order) : column)),
    table.rows,
  );
}

function spreadOf(values: readonly number[]): Pick<ColumnImportance, 'importance' | 'deviation'> {
  const importance = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - importance) ** 2, 0);
  return { importance, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}
