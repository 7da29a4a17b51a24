import { PolytaskError, suggest } from '../common/error.ts';
import type { Table } from '../common/table.ts';
import { requireColumn } from '../data/index.ts';
import { type Companions, inferKind, kindOf, type Task, task } from '../problem/index.ts';
import type { RunConfig } from './run-config.ts';

/** A task of the config, with its column and kind settled. */
export interface ResolvedTask {
  readonly name: string;
  readonly column: string;
  readonly task: Task;
  /** What its numbers are measured in. */
  readonly unit?: string;
}

/** Each task with its column and kind, inferred where not said. */
export function resolveTasks(config: RunConfig, table: Table): ResolvedTask[] {
  const entries = Object.entries(config.tasks);
  if (entries.length === 0)
    throw new PolytaskError('config-invalid', {
      path: 'tasks',
      expected: 'at least one task',
      found: 'none',
      help: suggest('', [...table.columns.keys()]),
    });
  if (config.by !== undefined && entries.length > 1)
    throw new PolytaskError('config-invalid', {
      path: 'tasks',
      expected: 'one label column where `by` names the tasks',
      found: entries.map(([name]) => name).join(', '),
      help: 'Keep one, or leave `by` out for a column a task.',
    });
  return entries.map(([name, definition]) => {
    const {
      column = name,
      kind,
      options,
      descriptor: _,
      unit,
      ...loose
    } = definition as Record<string, unknown>;
    const found = requireColumn(table, column as string, `tasks.${name}`);
    const chosen = (kind as string | undefined) ?? inferKind(found).kind;
    return {
      name,
      column: column as string,
      task: task(chosen, { ...(options as object), ...loose }, `tasks.${name}`),
      ...(unit !== undefined && { unit: checkUnit(unit, name) }),
    };
  });
}

function checkUnit(unit: unknown, name: string): string {
  if (typeof unit === 'string' && unit.trim() !== '') return unit.trim();
  throw new PolytaskError('config-invalid', {
    path: `tasks.${name}.unit`,
    expected: 'text, such as "minutes"',
    found: JSON.stringify(unit),
    help: 'Leave it out where numbers have no unit.',
  });
}

/** The columns that a kind reads beside the labels. */
export function companionsOf(table: Table, kind: string, options: object): Companions {
  const name = exposureOf(kind, options);
  return name === undefined ? {} : { exposure: requireColumn(table, name, 'exposure') };
}

/** The name of the exposure column of a count task. */
export function exposureOf(kind: string, options: object): string | undefined {
  return kindOf(kind).companions?.(options).exposure;
}
