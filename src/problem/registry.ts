import { PolytaskError, suggest } from '../common/error.ts';
import type { Kind } from './kind.ts';
import { binary } from './kinds/binary.ts';
import { count } from './kinds/count.ts';
import { multiclass } from './kinds/multiclass.ts';
import { multilabel } from './kinds/multilabel.ts';
import { ordinal } from './kinds/ordinal.ts';
import { regression } from './kinds/regression.ts';

/** Every kind of task by name: the only place that lists them. */
export const KINDS: Readonly<Record<string, Kind>> = {
  binary,
  multiclass,
  multilabel,
  regression,
  count,
  ordinal,
};

/**
 * The kind of a name, such as that of a fitted task.
 *
 * @throws `kind-unknown` with the nearest name
 * @example kindOf(fitted.kind).decode(outputs, 0, fitted);
 */
export function kindOf(name: string, path: string = 'kind'): Kind {
  if (Object.hasOwn(KINDS, name)) return KINDS[name]!;
  throw new PolytaskError('kind-unknown', {
    path,
    expected: 'a kind of task',
    found: name,
    help: suggest(name, Object.keys(KINDS)),
  });
}
