import { PolytaskError } from '../../common/error.ts';

/** What is known of a task: a sentence, or numbers and categories by key, possibly nested. */
export type Description = string | Readonly<Record<string, unknown>>;

/** The values of an object by keys such as `size.mean`. */
export function flattenKeys(
  object: Readonly<Record<string, unknown>>,
  prefix: string = '',
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]): [string, unknown][] => {
      const name = `${prefix}${key}`;
      return isRecord(value) ? Object.entries(flattenKeys(value, `${name}.`)) : [[name, value]];
    }),
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

export function invalidDescription(
  path: string,
  expected: string,
  found: unknown,
  help: string,
): PolytaskError {
  return new PolytaskError('descriptor-invalid', {
    path,
    expected,
    found: found === undefined ? 'nothing' : (JSON.stringify(found) ?? String(found)),
    help,
  });
}
