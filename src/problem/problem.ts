import { PolytaskError } from '../common/error.ts';
import { kindOf } from './registry.ts';
import type { PredictionOf, Task } from './task.ts';

export type Tasks = Readonly<Record<string, Task>>;

/**
 * What is to be learned. `wide`: a column a task, cells may be missing. `long`: the column `by` says which task a row
 * belongs to, and one entry of `tasks` describes them all.
 */
export interface Problem<T extends Tasks = Tasks> {
  readonly tasks: T;
  readonly layout: 'wide' | 'long';
  /** Of a long problem: the column whose values are the tasks. */
  readonly by?: string;
}

/** What `predict` returns for a row: under each task's name what its kind predicts. */
export type Predictions<P extends Problem | Tasks> =
  P extends Problem<infer T> ? ByTask<T> : P extends Tasks ? ByTask<P> : never;

type ByTask<T extends Tasks> = { readonly [Name in keyof T]: PredictionOf<T[Name]> };

/** A problem as the user writes it: naming `by` makes it long. */
export interface ProblemDefinition<T extends Tasks> {
  readonly tasks: T;
  readonly layout?: 'wide' | 'long';
  readonly by?: string;
}

/**
 * Checks a problem and keeps the types of its tasks.
 *
 * @throws `problem-invalid`, `kind-unknown`, `task-options`
 * @example
 * const problem = defineProblem({ tasks: { clicked: binary(), seconds: regression({ transform: 'log1p' }) } });
 * type Row = Predictions<typeof problem>; // { clicked: BinaryPrediction, seconds: RegressionPrediction }
 */
export function defineProblem<const T extends Tasks>(definition: ProblemDefinition<T>): Problem<T> {
  const { tasks, by } = definition;
  const layout = definition.layout ?? (by === undefined ? 'wide' : 'long');
  const names = Object.keys(tasks);
  if (names.length === 0) throw invalid('tasks', 'at least one task', 'none', 'Name a column to predict.');
  if (names.includes('')) throw invalid('tasks', 'tasks with names', 'an empty name', 'Name the task.');
  if (layout === 'long' && by === undefined)
    throw invalid(
      'by',
      'a column that says which task a row belongs to',
      'none',
      'Name it, or use layout "wide".',
    );
  if (layout === 'wide' && by !== undefined)
    throw invalid('by', 'no such column in a wide problem', by, 'Leave it out, or use layout "long".');
  if (layout === 'long' && names.length > 1)
    throw invalid(
      'tasks',
      'one label column in a long problem',
      names.join(', '),
      'Rows of all tasks share the label column; use a wide problem for several.',
    );
  for (const [name, { kind, options }] of Object.entries(tasks))
    kindOf(kind, `tasks.${name}.kind`).parseOptions(options, `tasks.${name}`);
  return { tasks, layout, ...(by !== undefined && { by }) };
}

function invalid(path: string, expected: string, found: string, help: string): PolytaskError {
  return new PolytaskError('problem-invalid', { path, expected, found, help });
}
