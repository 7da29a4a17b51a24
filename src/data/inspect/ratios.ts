import type { Column, NumericColumn } from '../../common/table.ts';
import { codesOf, isMissing } from '../columns.ts';
import type { Warning } from '../warning.ts';
import { type Labels, labelledRows } from './labels.ts';
import { spearman } from './statistics.ts';

const LEAST_ROWS = 400;
const MOST_ROWS = 1000;
const SCREEN_ROWS = 120;
/** Amounts have many values and are above zero. */
const MANY_VALUES = 20;
const FEW_VALUES = 6;
const LEAST_GROUP = 15;
const SCREEN = 0.93;
const CORRELATION = 0.98;

/**
 * Warns where the ratio or the product of two amounts follows a numeric target, on its own or within the groups of a
 * third column, input or target: an instalment over the amount lent gives the interest rate once the term is known.
 */
export function inspectRatios(
  inputs: readonly Column[],
  targets: readonly Column[],
  known: readonly Warning[],
  labels: Labels,
  train: Int32Array,
): Warning[] {
  if (labels.classes || labels.column.type !== 'number') return [];
  const flagged = new Set(known.map(({ column }) => column));
  const rows = labelledRows(labels, train, MOST_ROWS);
  if (rows.length < LEAST_ROWS) return [];
  const amounts = inputs.filter(
    (column): column is NumericColumn => !flagged.has(column.name) && isAmount(column, rows),
  );
  const groupings = [
    undefined,
    ...[...inputs, ...targets].filter((column) => column !== labels.column && isGrouping(column, rows)),
  ];
  const target = labels.column.values;
  const y = Float64Array.from(rows, (row) => target[row]!);
  const logs = amounts.map(({ values }) => Float64Array.from(rows, (row) => Math.log(values[row]!)));
  const told = new Set<Column>();
  const warnings: Warning[] = [];
  for (const grouping of groupings) {
    const codes = grouping === undefined ? undefined : codesOf(grouping).codes;
    const groups = Int32Array.from(rows, (row) => codes?.[row] ?? 0);
    for (let a = 0; a < amounts.length; a++) {
      for (let b = 0; b < a; b++) {
        for (const sign of [-1, 1]) {
          const x = logs[a]!.map((log, i) => log + sign * logs[b]![i]!);
          if (within(x, y, groups, SCREEN_ROWS) < SCREEN) continue;
          const r = within(x, y, groups, rows.length);
          if (r < CORRELATION) continue;
          const pair = [amounts[a]!, amounts[b]!];
          // The same pair shows again within the groups of other columns.
          if (pair.every((column) => told.has(column))) continue;
          for (const column of pair) told.add(column);
          warnings.push(warn(pair[0]!, pair[1]!, sign, grouping, labels, r));
        }
      }
    }
  }
  return warnings;
}

function warn(
  a: Column,
  b: Column,
  sign: number,
  grouping: Column | undefined,
  labels: Labels,
  r: number,
): Warning {
  const given = grouping === undefined ? '' : `, given "${grouping.name}",`;
  return {
    code: 'leak-combination',
    column: a.name,
    task: labels.task,
    message: `The ${sign < 0 ? 'ratio' : 'product'} of "${a.name}" and "${b.name}"${given} tells "${labels.task}" almost exactly (rank correlation ${r.toFixed(3)}).`,
    help: `If "${a.name}" or "${b.name}" is computed from "${labels.task}" or known only after it, exclude it.`,
  };
}

/** The mean absolute rank correlation within groups, weighted by their rows; small groups do not count. */
function within(x: Float64Array, y: Float64Array, groups: Int32Array, limit: number): number {
  const members = new Map<number, number[]>();
  for (let i = 0; i < limit && i < x.length; i++) {
    if (!Number.isFinite(x[i]!)) continue;
    const list = members.get(groups[i]!);
    if (list === undefined) members.set(groups[i]!, [i]);
    else list.push(i);
  }
  let sum = 0;
  let count = 0;
  for (const list of members.values()) {
    if (list.length < LEAST_GROUP) continue;
    const pick = (values: Float64Array): Float64Array => Float64Array.from(list, (i) => values[i]!);
    sum += list.length * Math.abs(spearman(pick(x), pick(y)));
    count += list.length;
  }
  return count < Math.min(limit, x.length) / 2 ? 0 : sum / count;
}

function isAmount(column: Column, rows: Int32Array): boolean {
  if (column.type !== 'number') return false;
  const positive = rows.filter((row) => column.values[row]! > 0);
  return (
    positive.length > 0.9 * rows.length &&
    new Set(positive.map((row) => column.values[row]!)).size > MANY_VALUES
  );
}

function isGrouping(column: Column, rows: Int32Array): boolean {
  const { codes } = codesOf(column);
  const used = new Set(rows.filter((row) => !isMissing(column, row)).map((row) => codes[row]!));
  return used.size >= 2 && used.size <= FEW_VALUES;
}
