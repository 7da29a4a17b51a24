import { ANSWER_KEYS } from '../../problem/index.ts';

/** A column of predictions, ready to be written. */
export interface OutputColumn {
  readonly name: string;
  readonly values: readonly (string | number | boolean | null)[];
}

type Scalar = string | number | boolean | null;

/**
 * One prediction as named cells: the answer under the name of the task, the rest under `task.key`.
 *
 * @example flatten('size', { label: 'Small', probabilities: { Small: 0.8, Large: 0.2 } });
 * // { size: 'Small', 'size.probabilities.Small': 0.8, 'size.probabilities.Large': 0.2 }
 */
export function flatten(task: string, prediction: unknown): Map<string, Scalar> {
  const cells = new Map<string, Scalar>();
  const record = prediction as Readonly<Record<string, unknown>>;
  const answer = ANSWER_KEYS.find((key) => Object.hasOwn(record, key));
  if (answer !== undefined) cells.set(task, asScalar(record[answer]));
  for (const [key, value] of Object.entries(record)) {
    if (key === answer) continue;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [inner, scalar] of Object.entries(value))
        cells.set(`${task}.${key}.${inner}`, asScalar(scalar));
    else cells.set(`${task}.${key}`, asScalar(value));
  }
  return cells;
}

/** Columns from the cells of every row; a column that a row lacks is null there. */
export function asColumns(rows: readonly ReadonlyMap<string, Scalar>[]): OutputColumn[] {
  const names = new Set(rows.flatMap((row) => [...row.keys()]));
  return [...names].map((name) => ({ name, values: rows.map((row) => row.get(name) ?? null) }));
}

function asScalar(value: unknown): Scalar {
  if (Array.isArray(value)) return value.join('|');
  return value as Scalar;
}
