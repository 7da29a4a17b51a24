import { PolytaskError } from '../common/error.ts';
import type { Column } from '../common/table.ts';
import type { Suitability } from './kind.ts';
import { LISTED_VALUES, profile } from './profile.ts';
import { KINDS } from './registry.ts';

/** A kind and why it was chosen. */
export interface Inferred {
  readonly kind: string;
  readonly reason: string;
}

/**
 * The kind that suits a column best: every kind looks at the column's profile and says how well it fits.
 *
 * @param rows the training rows; all rows without
 * @throws `kind-unclear` where no kind fits, such as for dates and free text
 * @example inferKind(column); // { kind: 'ordinal', reason: 'in order: low < medium < high' }
 */
export function inferKind(column: Column, rows?: Int32Array): Inferred {
  const summary = profile(column, rows);
  let best: (Suitability & Inferred) | undefined;
  for (const kind of Object.values(KINDS)) {
    const suitability = kind.suits(summary);
    if (suitability.score > (best?.score ?? 0)) best = { ...suitability, kind: kind.name };
  }
  if (best !== undefined) return { kind: best.kind, reason: best.reason };
  const distinct =
    summary.values.length === LISTED_VALUES ? `over ${LISTED_VALUES - 1}` : summary.values.length;
  throw new PolytaskError('kind-unclear', {
    path: column.name,
    expected: 'labels of a known kind',
    found: `a column of type ${column.type} with ${distinct} distinct values`,
    help: `Name the kind yourself, such as "${column.name}:multiclass", if the column is what you want to predict.`,
  });
}
