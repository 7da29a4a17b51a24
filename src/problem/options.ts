import { PolytaskError, suggest } from '../common/error.ts';

/** What one option takes, in words and as a reader that gives undefined for what does not fit. */
export interface Field<T> {
  readonly expected: string;
  parse(value: unknown): T | undefined;
}

/** A field from a check; the words finish the sentence "expected: …". */
export function field<T>(expected: string, check: (value: unknown) => boolean): Field<T> {
  return { expected, parse: (value) => (check(value) ? (value as T) : undefined) };
}

export const text: Field<string> = field('a text', (value) => typeof value === 'string' && value !== '');

/** A label of the data by its text: numbers and booleans may be written as such. */
export const label: Field<string> = {
  expected: 'a label: a text, a number, true or false',
  parse: (value) => (isLabel(value) ? String(value) : undefined),
};

function isLabel(value: unknown): boolean {
  return ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
}

const isPositive = (value: unknown): boolean =>
  typeof value === 'number' && value > 0 && Number.isFinite(value);

export const positive: Field<number> = field('a number above 0', isPositive);

/** A number with low ≤ value < high; with `open`, low < value < high. */
export function between(low: number, high: number, open: boolean = false): Field<number> {
  return field(
    open ? `a number between ${low} and ${high}, exclusive` : `a number from ${low} to below ${high}`,
    (value) => typeof value === 'number' && (open ? value > low : value >= low) && value < high,
  );
}

export function oneOf<const T extends string>(...choices: readonly T[]): Field<T> {
  return field(choices.map((choice) => `"${choice}"`).join(' or '), (value) =>
    (choices as readonly unknown[]).includes(value),
  );
}

/** A list of distinct labels, `least` of them or more. */
export function labels(least: number): Field<readonly string[]> {
  return {
    expected: `a list of ${least} or more distinct labels`,
    parse: (value) => {
      if (!Array.isArray(value) || value.length < least || !value.every(isLabel)) return undefined;
      const texts = value.map(String);
      return new Set(texts).size === texts.length ? texts : undefined;
    },
  };
}

export type ClassWeights = 'balanced' | Readonly<Record<string, number>>;

export const classWeights: Field<ClassWeights> = field(
  '"balanced", or a number above 0 for each class',
  (value) =>
    value === 'balanced' ||
    (typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every(isPositive)),
);

/**
 * Options that are all known and all of the right form; absent and undefined are the same.
 *
 * @param path where the options stand, such as `tasks.income`
 * @throws `task-options` for an unknown name (with the nearest one) or a value that does not fit
 */
export function parseFields<T extends object>(
  raw: unknown,
  path: string,
  fields: { readonly [K in keyof Required<T>]: Field<NonNullable<T[K]>> },
): T {
  if (raw === undefined || raw === null) return {} as T;
  if (typeof raw !== 'object' || Array.isArray(raw))
    throw new PolytaskError('task-options', {
      path,
      expected: 'options by name',
      found: Array.isArray(raw) ? 'a list' : JSON.stringify(raw),
      help: `Options: ${Object.keys(fields).join(', ')}.`,
    });
  const known = fields as Readonly<Record<string, Field<unknown>>>;
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (value === undefined) continue;
    const rule = Object.hasOwn(known, name) ? known[name] : undefined;
    if (rule === undefined)
      throw new PolytaskError('task-options', {
        path: `${path}.${name}`,
        expected: 'an option of this kind of task',
        found: name,
        help: suggest(name, Object.keys(fields)),
      });
    const parsed = rule.parse(value);
    if (parsed === undefined)
      throw new PolytaskError('task-options', {
        path: `${path}.${name}`,
        expected: rule.expected,
        found: JSON.stringify(value) ?? String(value),
        help: `Give ${name} as ${rule.expected}, or leave it out.`,
      });
    options[name] = parsed;
  }
  return options as T;
}
