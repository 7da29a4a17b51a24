import type { Table } from '../../common/table.ts';
import { requireColumn } from '../columns.ts';
import type { ColumnPlan } from '../plan.ts';
import type { Split } from '../split/spec.ts';
import type { Warning } from '../warning.ts';
import { inspectCombination } from './combination.ts';
import { inspectDuplicates } from './duplicates.ts';
import { inspectInput } from './inputs.ts';
import { type InspectTask, inspectLabels, labelsOf } from './labels.ts';
import { inspectLeak } from './leaks.ts';
import { inspectRatios } from './ratios.ts';

export type { InspectTask } from './labels.ts';

/**
 * What the user should know before training: leaks, duplicates across the split, columns and tasks that hold little.
 *
 * @example
 * for (const { message, help } of inspectData(table, plans, split, [{ name: 'grade', columns: ['grade'] }])) {
 *   console.log(message, help);
 * }
 */
export function inspectData(
  table: Table,
  plans: readonly ColumnPlan[],
  split: Split,
  tasks: readonly InspectTask[],
): Warning[] {
  const by = plans.find(({ role }) => role === 'task')?.name;
  const inputs = plans.filter(({ role }) => role === 'input').map(({ name }) => requireColumn(table, name));
  const each = labelsOf(table, tasks, by);
  // A leak shows on all rows together, whatever task they belong to.
  const pooled = by === undefined ? each : labelsOf(table, tasks, undefined);
  const identity = by === undefined ? inputs : [...inputs, requireColumn(table, by)];
  const targets = pooled.map(({ column }) => column);
  const leaks = pooled.flatMap((labels) => {
    const single = inputs.flatMap((input) => inspectLeak(input, labels, split.train));
    return [
      ...single,
      ...inspectCombination(inputs, single, labels, split.train),
      ...inspectRatios(inputs, targets, single, labels, split.train),
    ];
  });
  return [
    ...leaks,
    ...each.flatMap((labels) => inspectLabels(labels, split)),
    ...inputs.flatMap((input) => inspectInput(input, split.train)),
    ...inspectDuplicates(identity, split),
  ];
}
