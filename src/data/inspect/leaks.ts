import type { Column } from '../../common/table.ts';
import { codesOf, isMissing, textAt } from '../columns.ts';
import { lowerBound } from '../encoders/transforms.ts';
import type { Warning } from '../warning.ts';
import { type Labels, labelledRows } from './labels.ts';
import { auc, pearson, spearman } from './statistics.ts';

/** Fewer labelled rows say nothing about a leak. */
const LEAST_ROWS = 50;
const MOST_ROWS = 20_000;
const CORRELATION = 0.98;
const AREA = 0.99;
const EXPLAINED = 0.98;
/** A rule that makes fewer errors than this share of those of always guessing the commonest class. */
const ERRORS_LEFT = 0.05;
const BINS = 200;
/** Values that most rows share with another; ids do not. */
const COVERED = 0.8;

/** Warns where one input, alone, nearly tells a target; looked for on training rows only. */
export function inspectLeak(input: Column, labels: Labels, train: Int32Array): Warning[] {
  const rows = labelledRows(labels, train, MOST_ROWS);
  if (rows.length < LEAST_ROWS) return [];
  const found =
    copyOf(input, labels, rows) ?? (labels.classes ? tellsClass : tellsNumber)(input, labels, rows);
  return found === undefined ? [] : [found];
}

function warning(code: Warning['code'], input: Column, labels: Labels, how: string): Warning {
  return {
    code,
    column: input.name,
    task: labels.task,
    message: `"${input.name}" tells "${labels.task}" ${how}.`,
    help: `If it is only known after "${labels.task}" is, exclude it: \`exclude: ["${input.name}"]\`.`,
  };
}

function copyOf(input: Column, labels: Labels, rows: Int32Array): Warning | undefined {
  const present = rows.filter((row) => !isMissing(input, row));
  if (present.length < LEAST_ROWS || present.length < rows.length / 2) return undefined;
  const different = present.findIndex((row) => textAt(input, row) !== textAt(labels.column, row));
  const varied = present.some((row) => textAt(input, row) !== textAt(input, present[0]!));
  if (different >= 0 || !varied) return undefined;
  return warning('leak-copy', input, labels, `because it is a copy of "${labels.column.name}"`);
}

function tellsNumber(input: Column, labels: Labels, rows: Int32Array): Warning | undefined {
  const target = labels.column as NumberLike;
  if (input.type !== 'string') {
    const both = rows.filter((row) => Number.isFinite(input.values[row]!));
    if (both.length >= LEAST_ROWS && both.length > rows.length / 10) {
      const x = Float64Array.from(both, (row) => input.values[row]!);
      const y = Float64Array.from(both, (row) => target.values[row]!);
      const straight = pearson(x, y);
      const r = Math.abs(straight) > CORRELATION ? straight : spearman(x, y);
      if (Math.abs(r) > CORRELATION) {
        const kind = r === straight ? 'correlation' : 'rank correlation';
        return warning('leak-numeric', input, labels, `almost exactly (${kind} ${r.toFixed(3)})`);
      }
    }
  }
  const guess =
    distinctNumbers(input) > BINS ? neighbourGuess(input, target, rows) : groupGuess(input, target, rows);
  const held = rows.filter((row, i) => i % 2 === 1 && guess(row) !== undefined);
  if (held.length < COVERED * (rows.length / 2)) return undefined;
  const mean = held.reduce((sum, row) => sum + target.values[row]!, 0) / held.length;
  let left = 0;
  let total = 0;
  for (const row of held) {
    const y = target.values[row]!;
    left += (y - guess(row)!) ** 2;
    total += (y - mean) ** 2;
  }
  const explained = total > 0 ? 1 - left / total : 0;
  if (explained <= EXPLAINED) return undefined;
  const how = `almost exactly (its values explain ${percent(explained)} of the variance)`;
  return warning('leak-numeric', input, labels, how);
}

type NumberLike = Exclude<Column, { type: 'string' }>;

function distinctNumbers(input: Column): number {
  return input.type === 'string' ? 0 : codesOf(input).count;
}

/** The mean target of the even rows with the same value. */
function groupGuess(
  input: Column,
  target: NumberLike,
  rows: Int32Array,
): (row: number) => number | undefined {
  const { codes } = codesOf(input);
  const sums = new Map<number, [sum: number, count: number]>();
  for (let i = 0; i < rows.length; i += 2) {
    const [sum, count] = sums.get(codes[rows[i]!]!) ?? [0, 0];
    sums.set(codes[rows[i]!]!, [sum + target.values[rows[i]!]!, count + 1]);
  }
  return (row) => {
    const entry = sums.get(codes[row]!);
    return entry === undefined ? undefined : entry[0] / entry[1];
  };
}

/** The target between the two even rows whose values enclose this row's. */
function neighbourGuess(
  input: Column,
  target: NumberLike,
  rows: Int32Array,
): (row: number) => number | undefined {
  const x = (input as NumberLike).values;
  const even = rows.filter((row, i) => i % 2 === 0 && Number.isFinite(x[row]!)).sort((a, b) => x[a]! - x[b]!);
  const sorted = Float64Array.from(even, (row) => x[row]!);
  return (row) => {
    if (!Number.isFinite(x[row]!) || even.length === 0) return undefined;
    const right = Math.min(lowerBound(sorted, x[row]!), even.length - 1);
    const left = Math.max(0, right - 1);
    const gap = sorted[right]! - sorted[left]!;
    const share = gap > 0 ? Math.min(1, Math.max(0, (x[row]! - sorted[left]!) / gap)) : 1;
    return (1 - share) * target.values[even[left]!]! + share * target.values[even[right]!]!;
  };
}

function tellsClass(input: Column, labels: Labels, rows: Int32Array): Warning | undefined {
  const { codes, values } = codesOf(labels.column);
  const bins = binsOf(input, rows);
  const counts = new Map<number, Uint32Array>();
  const overall = new Uint32Array(values.length);
  rows.forEach((row, i) => {
    if (i % 2 !== 0) return;
    let entry = counts.get(bins[i]!);
    if (entry === undefined) counts.set(bins[i]!, (entry = new Uint32Array(values.length)));
    entry[codes[row]!]!++;
    overall[codes[row]!]!++;
  });
  const likeliest = (entry: Uint32Array): number => entry.indexOf(Math.max(...entry));
  const commonest = likeliest(overall);
  const rule = new Map([...counts].map(([bin, entry]) => [bin, likeliest(entry)]));
  let errors = 0;
  let guessErrors = 0;
  let tested = 0;
  rows.forEach((row, i) => {
    if (i % 2 !== 1) return;
    tested++;
    if ((rule.get(bins[i]!) ?? commonest) !== codes[row]) errors++;
    if (commonest !== codes[row]) guessErrors++;
  });
  // A handful of rows outside the commonest class is no evidence.
  if (guessErrors >= 10 && errors < ERRORS_LEFT * guessErrors) {
    return warning(
      'leak-class',
      input,
      labels,
      `alone, right in ${percent(1 - errors / tested)} of held-out training rows`,
    );
  }
  return rankTellsClass(input, labels, rows, codes);
}

function rankTellsClass(
  input: Column,
  labels: Labels,
  rows: Int32Array,
  codes: Int32Array,
): Warning | undefined {
  const present = input.type === 'string' ? [] : rows.filter((row) => Number.isFinite(input.values[row]!));
  const classes = new Set(Array.from(present, (row) => codes[row]!));
  if (input.type === 'string' || classes.size !== 2 || present.length < rows.length / 2) return undefined;
  const [first] = classes;
  const positive = Array.from(present, (row) => codes[row] === first);
  const smaller = Math.min(positive.filter(Boolean).length, positive.filter((one) => !one).length);
  const area = auc(
    Float64Array.from(present, (row) => input.values[row]!),
    positive,
  );
  if (smaller < 10 || Math.max(area, 1 - area) <= AREA) return undefined;
  return warning('leak-class', input, labels, `alone (AUC ${Math.max(area, 1 - area).toFixed(4)})`);
}

/** A category a bin, −1 where missing; numbers with many values in bins of equal size. */
function binsOf(input: Column, rows: Int32Array): Int32Array {
  const { codes, values } = codesOf(input);
  if (input.type === 'string' || values.length <= BINS) return Int32Array.from(rows, (row) => codes[row]!);
  const sorted = Float64Array.from(rows, (row) => input.values[row]!)
    .filter(Number.isFinite)
    .sort();
  return Int32Array.from(rows, (row) =>
    codes[row]! < 0 ? -1 : Math.floor((BINS * lowerBound(sorted, input.values[row]!)) / sorted.length),
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
