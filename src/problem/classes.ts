import { PolytaskError, suggest } from '../common/error.ts';
import type { Column } from '../common/table.ts';
import type { EncodedLabels } from './kind.ts';
import type { ClassWeights } from './options.ts';
import { constantLabels, notFinite, unlabelled } from './values.ts';

/** Beyond so many classes a softmax head over a table is most likely a mistake. */
export const MOST_CLASSES = 1000;

/** What is known of a task's classes from its training rows. */
export interface FittedClasses {
  readonly classes: readonly string[];
  /** Share of every class in the training rows, none of them 0. */
  readonly rates: readonly number[];
  readonly classWeights: readonly number[];
}

export interface ClassOptions {
  /** The classes in order; by default those of the training rows. */
  readonly classes?: readonly string[];
  readonly classWeights?: ClassWeights;
}

/** How often each value stands in some rows, by its text. */
export function countValues(column: Column, rows: Int32Array, path: string): Map<string, number> {
  const counts = new Map<string, number>();
  if (column.type === 'string') {
    const byCode = new Int32Array(column.dictionary.length);
    for (const row of rows) if (column.codes[row]! >= 0) byCode[column.codes[row]!]!++;
    byCode.forEach((count, code) => {
      if (count > 0) counts.set(column.dictionary[code]!, count);
    });
  } else if (column.type === 'boolean') {
    const truths = [0, 0];
    for (const row of rows) if (!Number.isNaN(column.values[row]!)) truths[column.values[row]!]!++;
    for (const value of [0, 1]) if (truths[value]! > 0) counts.set(String(value === 1), truths[value]!);
  } else if (column.type === 'number') {
    const byValue = new Map<number, number>();
    for (const row of rows) {
      const value = column.values[row]!;
      if (Number.isNaN(value)) continue;
      if (!Number.isFinite(value)) throw notFinite(column.name, row, value, path);
      byValue.set(value, (byValue.get(value) ?? 0) + 1);
      if (byValue.size > MOST_CLASSES) break;
    }
    for (const [value, count] of byValue) counts.set(String(value), count);
  } else
    throw new PolytaskError('column-type', {
      path,
      expected: 'a column of texts, numbers or booleans',
      found: `column "${column.name}" of dates`,
      help: 'Turn the dates into classes, such as the month, before training.',
    });
  if (counts.size > MOST_CLASSES)
    throw new PolytaskError('classes-too-many', {
      path,
      expected: `at most ${MOST_CLASSES} classes`,
      found: `${counts.size === MOST_CLASSES + 1 ? `more than ${MOST_CLASSES}` : counts.size} distinct values in column "${column.name}"`,
      help: 'Use a regression task for a quantity, group rare values, or check that this is not an id or free text.',
    });
  return counts;
}

/** Numbers by size, texts by code point. */
export function sortValues(values: Iterable<string>): string[] {
  const list = [...values];
  if (list.every((value) => value.trim() !== '' && Number.isFinite(Number(value))))
    return list.sort((a, b) => Number(a) - Number(b));
  return list.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/**
 * Classes, their shares and their weights from the training rows.
 *
 * @param order puts the found classes in order, where the options do not list them
 * @param pooled the classes of all tasks of a long problem
 */
export function fitClasses(
  column: Column,
  rows: Int32Array,
  options: ClassOptions,
  path: string,
  order: (values: readonly string[]) => readonly string[] = sortValues,
  pooled?: FittedClasses,
): FittedClasses & { labelled: number } {
  const found = countValues(column, rows, path);
  const countOf = (name: string): number => found.get(name) ?? 0;
  if (pooled !== undefined) {
    const counts = pooled.classes.map(countOf);
    const labelled = counts.reduce((a, b) => a + b, 0);
    const rates = counts.map((count, k) => (count + pooled.rates[k]!) / (labelled + 1));
    return { classes: pooled.classes, rates, classWeights: pooled.classWeights, labelled };
  }
  if (found.size === 0) throw unlabelled(column.name, path);
  if (found.size === 1) throw constantLabels(column.name, `"${[...found.keys()][0]}"`, path);
  const classes = options.classes ?? order([...found.keys()]);
  checkListed(classes, found, column.name, path);
  const counts = classes.map(countOf);
  const labelled = counts.reduce((a, b) => a + b, 0);
  // A listed class without a row counts as half a row, so that its logit is finite.
  const floored = counts.map((count) => Math.max(count, 0.5));
  const total = floored.reduce((a, b) => a + b, 0);
  return {
    classes,
    rates: floored.map((count) => count / total),
    classWeights: weigh(options.classWeights, classes, floored, path),
    labelled,
  };
}

/** A listed class that no row has, beside a value that no class names, is a slip of the pen. */
function checkListed(
  classes: readonly string[],
  found: ReadonlyMap<string, number>,
  column: string,
  path: string,
): void {
  const listed = new Set(classes);
  const absent = classes.find((name) => !found.has(name));
  const unnamed = [...found.keys()].filter((name) => !listed.has(name));
  if (absent !== undefined && unnamed.length > 0) throw unknownClass(absent, unnamed, column, path);
}

export function unknownClass(
  name: string,
  known: readonly string[],
  column: string,
  path: string,
): PolytaskError {
  return new PolytaskError('class-unknown', {
    path,
    expected: `a value of column "${column}"`,
    found: name,
    help: suggest(name, known),
  });
}

/** `balanced` gives class k the weight N / (K Nₖ), under which all classes weigh the same in total. */
function weigh(
  option: ClassWeights | undefined,
  classes: readonly string[],
  counts: readonly number[],
  path: string,
): number[] {
  if (option === undefined) return classes.map(() => 1);
  if (option === 'balanced') {
    const total = counts.reduce((a, b) => a + b, 0);
    return counts.map((count) => total / (classes.length * count));
  }
  for (const name of Object.keys(option))
    if (!classes.includes(name))
      throw new PolytaskError('class-unknown', {
        path: `${path}.classWeights`,
        expected: 'a class of the task',
        found: name,
        help: suggest(name, classes),
      });
  return classes.map((name) => option[name] ?? 1);
}

/** The class of every row as an index; rows without a label, or with one that is not among the classes, have weight 0. */
export function encodeClasses(
  column: Column,
  { classes, classWeights }: Pick<FittedClasses, 'classes' | 'classWeights'>,
): EncodedLabels {
  const index = new Map(classes.map((name, k) => [name, k]));
  const ofDictionary = column.type === 'string' ? column.dictionary.map((name) => index.get(name)) : [];
  const ofNumber = new Map(classes.map((name, k) => [Number(name), k]));
  const rows = column.type === 'string' ? column.codes.length : column.values.length;
  const labels = new Float32Array(rows);
  const targets = new Float64Array(rows);
  const weights = new Float32Array(rows);
  let unseen = 0;
  for (let row = 0; row < rows; row++) {
    let k: number | undefined;
    if (column.type === 'string') {
      if (column.codes[row]! < 0) continue;
      k = ofDictionary[column.codes[row]!];
    } else {
      const value = column.values[row]!;
      if (Number.isNaN(value)) continue;
      k = column.type === 'boolean' ? index.get(String(value === 1)) : ofNumber.get(value);
    }
    if (k === undefined) {
      unseen++;
      continue;
    }
    labels[row] = k;
    targets[row] = k;
    weights[row] = classWeights[k]!;
  }
  return { labels, targets, weights, unseen };
}
