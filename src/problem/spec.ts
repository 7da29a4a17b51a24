import { nearestName, PolytaskError, suggest } from '../common/error.ts';
import { KINDS, kindOf } from './registry.ts';

/** A task in short: a column, and its kind where that is said. */
export interface TaskSpec {
  readonly column: string;
  readonly kind?: string;
}

/**
 * Reads `column` or `column:kind`. A column may hold colons itself: what follows the last one is a kind if it is, or
 * nearly is, the name of one.
 *
 * @param columns the columns there are, where known; a name among them is taken whole
 * @throws `kind-unknown` for a misspelt kind, `column-unknown` for a name that is not among the columns
 * @example parseTaskSpec('Speed IAS:regression'); // { column: 'Speed IAS', kind: 'regression' }
 */
export function parseTaskSpec(spec: string, columns?: readonly string[]): TaskSpec {
  if (columns?.includes(spec)) return { column: spec };
  const colon = spec.lastIndexOf(':');
  const column = spec.slice(0, Math.max(0, colon)).trim();
  const kind = spec.slice(colon + 1).trim();
  if (spec.trim() === '' || (colon >= 0 && column === ''))
    throw new PolytaskError('column-unknown', {
      path: spec,
      expected: 'column or column:kind',
      found: spec === '' ? 'nothing' : spec,
      help: 'Name the column to predict.',
    });
  const known = Object.hasOwn(KINDS, kind);
  const meant = known || nearestName(kind, Object.keys(KINDS)) !== undefined || columns?.includes(column);
  if (colon < 0 || !meant) return { column: existing(spec.trim(), columns) };
  return { column: existing(column, columns), kind: kindOf(kind, spec).name };
}

function existing(column: string, columns?: readonly string[]): string {
  if (columns === undefined || columns.includes(column)) return column;
  throw new PolytaskError('column-unknown', {
    path: column,
    expected: 'a column of the table',
    found: column,
    help: suggest(column, columns),
  });
}
