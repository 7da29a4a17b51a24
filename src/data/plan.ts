import { PolytaskError, suggest } from '../common/error.ts';
import { own } from '../common/own.ts';
import type { Column, Table } from '../common/table.ts';
import { requireColumn } from './columns.ts';
import type { EncoderSpec } from './encoders/encoder.ts';
import { requireEncoder } from './encoders/registry.ts';
import { inferInput } from './plan/infer-input.ts';

export type Role =
  | 'input'
  | 'target'
  | 'task'
  | 'split'
  | 'group'
  | 'time'
  | 'weight'
  | 'exposure'
  | 'excluded';

/** What becomes of a column, and why. */
export interface ColumnPlan {
  readonly name: string;
  readonly type: Column['type'];
  readonly role: Role;
  readonly encoder?: EncoderSpec;
  readonly note?: string;
}

export interface PlanOptions {
  /** The tasks, by name with their target columns, or just by target column. */
  readonly tasks: readonly (string | { readonly name: string; readonly columns: readonly string[] })[];
  /** The column that says which task a row belongs to (long tables). */
  readonly by?: string;
  /** The only columns to be inputs; default: all that are left. */
  readonly inputs?: readonly string[];
  readonly exclude?: readonly string[];
  readonly split?: string;
  readonly group?: string;
  readonly time?: string;
  readonly weight?: string;
  readonly exposure?: string;
  /** Encoders to use instead of the inferred ones, by column: a kind or a kind with options. */
  readonly encoders?: Readonly<Record<string, string | EncoderSpec>>;
}

const NUMERIC_ROLES: readonly Role[] = ['weight', 'exposure'];

/**
 * A role and an encoder for every column, inferred where not said, with the reason as a note.
 *
 * @throws PolytaskError `column-unknown`, `column-role` (two roles, no inputs), `column-type`, `value-not-finite` (an
 *   infinite target), `encoder-invalid`
 * @example
 * planColumns(table, { tasks: ['income'], exclude: ['name'], encoders: { zip: 'categorical' } })
 */
export function planColumns(table: Table, options: PlanOptions): ColumnPlan[] {
  const roles = assignRoles(table, options);
  const asked = options.encoders ?? {};
  for (const name of Object.keys(asked)) requireColumn(table, name, `encoders.${name}`);
  const plans = [...table.columns.values()].map((column): ColumnPlan => {
    const { name, type } = column;
    const role = roles.get(name);
    if (role !== undefined) {
      checkRole(column, role);
      return { name, type, role, ...(role === 'excluded' && { note: 'excluded, as asked' }) };
    }
    const encoder = own(asked, name);
    if (encoder !== undefined) {
      const spec = typeof encoder === 'string' ? { kind: encoder } : encoder;
      requireEncoder(spec, column);
      return { name, type, role: 'input', encoder: spec, note: `${spec.kind}, as asked` };
    }
    if (options.inputs !== undefined && !options.inputs.includes(name)) {
      return { name, type, role: 'excluded', note: 'not among the inputs that were asked for' };
    }
    return { name, type, ...inferInput(column) };
  });
  if (plans.some(({ role }) => role === 'input')) return plans;
  throw new PolytaskError('column-role', {
    path: 'inputs',
    expected: 'at least one input column',
    found: plans.map(({ name, role, note }) => `${name}: ${note ?? role}`).join('; '),
    help: 'Name an encoder for a column to keep it, such as `encoders: { code: "categorical" }`.',
  });
}

function assignRoles(table: Table, options: PlanOptions): Map<string, Role> {
  const roles = new Map<string, Role>();
  const assign = (name: string | undefined, role: Role, path: string): void => {
    if (name === undefined) return;
    requireColumn(table, name, path);
    const other = roles.get(name) ?? role;
    if (other !== role) {
      throw new PolytaskError('column-role', {
        path,
        expected: 'one role a column',
        found: `"${name}" is both ${other} and ${role}`,
        help: `Take "${name}" out of one of them.`,
      });
    }
    roles.set(name, role);
  };
  for (const task of options.tasks) {
    const columns = typeof task === 'string' ? [task] : task.columns;
    for (const name of columns)
      assign(name, 'target', `tasks.${typeof task === 'string' ? task : task.name}`);
  }
  assign(options.by, 'task', 'by');
  assign(options.split, 'split', 'split');
  assign(options.group, 'group', 'group');
  assign(options.time, 'time', 'time');
  assign(options.weight, 'weight', 'weight');
  assign(options.exposure, 'exposure', 'exposure');
  for (const name of options.exclude ?? []) assign(name, 'excluded', 'exclude');
  for (const name of options.inputs ?? []) {
    requireColumn(table, name, 'inputs');
    if (roles.has(name)) assign(name, 'input', 'inputs');
  }
  if (options.tasks.length > 0) return roles;
  throw new PolytaskError('column-role', {
    path: 'tasks',
    expected: 'at least one task',
    found: 'none',
    help: suggest('', [...table.columns.keys()]),
  });
}

function checkRole(column: Column, role: Role): void {
  if (role === 'target' && column.type !== 'string') {
    const row = column.values.findIndex((value) => value === Infinity || value === -Infinity);
    if (row >= 0) {
      throw new PolytaskError('value-not-finite', {
        path: column.name,
        expected: 'finite target values, or missing ones',
        found: `${column.values[row]} in row ${row + 1}`,
        help: 'Correct the value, or leave the cell empty: rows without a label are left out of that task.',
      });
    }
  }
  if (!NUMERIC_ROLES.includes(role)) return;
  const wrong =
    column.type === 'number' ? column.values.find((value) => !(value >= 0 && value < Infinity)) : column.type;
  if (wrong === undefined) return;
  throw new PolytaskError('column-type', {
    path: `${role}: ${column.name}`,
    expected: 'a number from 0 in every row',
    found: Number.isNaN(wrong) ? 'a missing value' : String(wrong),
    help: `Name a column of positive numbers as ${role}, or fill in the missing ones.`,
  });
}

/** The plan as lines for people: column, role, encoder, reason. */
export function describePlan(plans: readonly ColumnPlan[]): string {
  const width = Math.max(...plans.map(({ name }) => name.length));
  return plans
    .map(({ name, role, encoder, note }) =>
      [name.padEnd(width), role.padEnd(8), (encoder?.kind ?? '').padEnd(11), note ?? ''].join('  ').trimEnd(),
    )
    .join('\n');
}
