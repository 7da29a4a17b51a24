import { PolytaskError } from '../common/error.ts';
import type { Column } from '../common/table.ts';

/** What a numeric label must satisfy beyond being finite. */
export interface NumberRule {
  readonly expected: string;
  readonly help: string;
  accepts(value: number): boolean;
}

/**
 * The numbers of a label column, NaN where missing; every present one is finite and satisfies the rule.
 *
 * @throws `column-type` for texts and dates, `value-not-finite` for ±Infinity, `label-invalid` against the rule
 */
export function readNumbers(column: Column, path: string, rule?: NumberRule): Float64Array {
  if (column.type === 'string' || column.type === 'date') throw notNumeric(column, path);
  const { values } = column;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    if (!Number.isFinite(value)) throw notFinite(column.name, row, value, path);
    if (rule !== undefined && !rule.accepts(value))
      throw new PolytaskError('label-invalid', {
        path,
        expected: rule.expected,
        found: `${value} in row ${row + 1} of column "${column.name}"`,
        help: rule.help,
      });
  }
  return values;
}

export function notFinite(column: string, row: number, value: number, path: string): PolytaskError {
  return new PolytaskError('value-not-finite', {
    path,
    expected: 'finite labels',
    found: `${value} in row ${row + 1} of column "${column}"`,
    help: 'Leave the cell empty if the value is not known.',
  });
}

function notNumeric(column: Column, path: string): PolytaskError {
  const example =
    column.type === 'string' ? column.dictionary.find((value) => Number.isNaN(Number(value))) : '';
  return new PolytaskError('column-type', {
    path,
    expected: 'a numeric column',
    found: `column "${column.name}" of type ${column.type}${example ? `, with values such as "${example}"` : ''}`,
    help:
      column.type === 'string'
        ? 'Use a binary, multiclass or ordinal task, or make the column numeric.'
        : 'Turn dates into a number, such as days since a day of your choice.',
  });
}

/** The present values among some rows. */
export function present(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!).filter((value) => !Number.isNaN(value));
}

export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The square root of the mean squared distance from `centre`. */
export function deviation(values: Float64Array, centre: number): number {
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return Math.sqrt(sum / values.length);
}

/** The τ-quantile of sorted values, linear between neighbours (Hyndman and Fan's type 7). */
export function quantile(sorted: Float64Array, level: number): number {
  const place = level * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + (place - below) * ((sorted[below + 1] ?? low) - low);
}

/** @throws `task-unlabelled`, because nothing can be learned without a label */
export function unlabelled(column: string, path: string): PolytaskError {
  return new PolytaskError('task-unlabelled', {
    path,
    expected: 'at least one label among the training rows',
    found: `column "${column}" is empty there`,
    help: 'Check the column and the split, or drop the task.',
  });
}

export function constantLabels(column: string, value: string, path: string): PolytaskError {
  return new PolytaskError('task-constant', {
    path,
    expected: 'labels that differ',
    found: `column "${column}" is ${value} in every labelled training row`,
    help: 'There is nothing to learn: check the filter and the split, or drop the task.',
  });
}
