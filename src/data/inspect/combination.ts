import type { Column, NumericColumn } from '../../common/table.ts';
import { moments, standardise } from '../encoders/moments.ts';
import type { Warning } from '../warning.ts';
import { type Labels, labelledRows } from './labels.ts';

const LEAST_ROWS = 400;
const MOST_ROWS = 3000;
const MOST_COLUMNS = 80;
const EXPLAINED = 0.98;
/** A column without which the explained share falls by this is part of the leak. */
const DROP = 0.03;
const RIDGE = 1e-4;

/**
 * Warns where numeric inputs together give a numeric target by arithmetic, as instalment, amount and term give the
 * interest rate: a linear fit of values and logarithms that explains over 98 % of the variance of rows it did not see.
 */
export function inspectCombination(
  inputs: readonly Column[],
  known: readonly Warning[],
  labels: Labels,
  train: Int32Array,
): Warning[] {
  if (labels.classes || labels.column.type !== 'number') return [];
  const flagged = new Set(known.map(({ column }) => column));
  const columns = inputs.filter(
    (column): column is NumericColumn => column.type === 'number' && !flagged.has(column.name),
  );
  const rows = labelledRows(labels, train, MOST_ROWS);
  if (rows.length < LEAST_ROWS || columns.length < 2 || columns.length > MOST_COLUMNS) return [];
  const features = columns.flatMap((column) => {
    const values = Float64Array.from(rows, (row) => column.values[row]!);
    return [scaled(values), scaled(values.map((v) => Math.sign(v) * Math.log1p(Math.abs(v))))];
  });
  const target = labels.column.values;
  const y = scaled(Float64Array.from(rows, (row) => target[row]!));
  const fit = new HalfFit(features, y);
  const all = fit.explained(() => true);
  if (all <= EXPLAINED) return [];
  const parts = columns.filter((_, c) => fit.explained((f) => f >> 1 !== c) < all - DROP);
  const names = parts.map(({ name }) => `"${name}"`);
  const [first] = parts;
  return [
    {
      code: 'leak-combination',
      ...(first !== undefined && { column: first.name }),
      task: labels.task,
      message: `Numeric inputs together give "${labels.task}" by plain arithmetic: a linear fit explains ${(100 * all).toFixed(1)} % of its variance${names.length > 0 ? `, and not without ${names.join(', ')}` : ''}.`,
      help: `If ${names.length > 0 ? 'these are' : 'some of the inputs are'} computed from "${labels.task}" or known only after it, exclude them.`,
    },
  ];
}

function scaled(values: Float64Array): Float64Array {
  const scaling = moments(values);
  return values.map((value) => standardise(value, scaling, 10));
}

/** Ridge regressions on even rows, judged on odd ones, over subsets of features that share their products. */
class HalfFit {
  readonly #features: readonly Float64Array[];
  readonly #y: Float64Array;
  readonly #gram: Float64Array[];
  readonly #moment: Float64Array;

  constructor(features: readonly Float64Array[], y: Float64Array) {
    this.#features = features;
    this.#y = y;
    const even = (a: Float64Array, b: Float64Array): number => {
      let sum = 0;
      for (let i = 0; i < a.length; i += 2) sum += a[i]! * b[i]!;
      return sum;
    };
    this.#gram = features.map((a, i) => Float64Array.from(features, (b, j) => (j <= i ? even(a, b) : 0)));
    this.#moment = Float64Array.from(features, (a) => even(a, y));
  }

  explained(use: (feature: number) => boolean): number {
    const kept = [...this.#features.keys()].filter(use);
    const weights = solve(
      kept.map((i) => Float64Array.from(kept, (j) => this.#gram[Math.max(i, j)]![Math.min(i, j)]!)),
      Float64Array.from(kept, (i) => this.#moment[i]!),
      RIDGE * this.#y.length,
    );
    let left = 0;
    let total = 0;
    for (let row = 1; row < this.#y.length; row += 2) {
      let error = this.#y[row]!;
      total += error * error;
      kept.forEach((feature, k) => {
        error -= weights[k]! * this.#features[feature]![row]!;
      });
      left += error * error;
    }
    return total > 0 ? 1 - left / total : 0;
  }
}

/** (A + ridge·I) x = b by Cholesky's decomposition. */
function solve(a: Float64Array[], b: Float64Array, ridge: number): Float64Array {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i]![j]! + (i === j ? ridge : 0);
      for (let k = 0; k < j; k++) sum -= a[i]![k]! * a[j]![k]!;
      a[i]![j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / a[j]![j]!;
    }
  }
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= a[i]![k]! * x[k]!;
    x[i]! /= a[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= a[k]![i]! * x[k]!;
    x[i]! /= a[i]![i]!;
  }
  return x;
}
