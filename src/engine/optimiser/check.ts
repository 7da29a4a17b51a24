import { PolytaskError, suggest } from '../../common/error.ts';
import type { ErrorCode } from '../../common/error-codes.ts';

/** What an option must be, in words and as a test. */
export interface Rule {
  readonly expected: string;
  holds(value: unknown): boolean;
}

const number = (expected: string, holds: (value: number) => boolean): Rule => ({
  expected,
  holds: (value) => typeof value === 'number' && Number.isFinite(value) && holds(value),
});

export const positive: Rule = number('a number above 0', (value) => value > 0);
export const nonNegative: Rule = number('a number of at least 0', (value) => value >= 0);
/** The range of a decay rate. */
export const fraction: Rule = number('a number in [0, 1)', (value) => value >= 0 && value < 1);
export const share: Rule = number('a number in (0, 1]', (value) => value > 0 && value <= 1);
export const unit: Rule = number('a number in [0, 1]', (value) => value >= 0 && value <= 1);
export const count: Rule = number('an integer above 0', (value) => Number.isInteger(value) && value > 0);
export const wholeNumber: Rule = number(
  'an integer of at least 0',
  (value) => Number.isInteger(value) && value >= 0,
);
export const flag: Rule = { expected: 'true or false', holds: (value) => typeof value === 'boolean' };
export const oneOf = (names: readonly string[]): Rule => ({
  expected: `one of ${names.join(', ')}`,
  holds: (value) => names.includes(value as string),
});

/** Throws where an option is unknown or out of its range; an option left undefined counts as absent. */
export function checkOptions(
  code: ErrorCode,
  path: string,
  options: object,
  rules: Readonly<Record<string, Rule>>,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined)
      throw new PolytaskError(code, {
        path: `${path}.${name}`,
        expected: `an option of ${path}`,
        found: name,
        help: suggest(name, Object.keys(rules)),
      });
    if (!rule.holds(value))
      throw new PolytaskError(code, {
        path: `${path}.${name}`,
        expected: rule.expected,
        found: typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value),
        help: `Set ${name} to ${rule.expected}.`,
      });
  }
}

/** Throws where an option without a default is missing. */
export function requireOption(code: ErrorCode, path: string, options: object, name: string): void {
  if ((options as Record<string, unknown>)[name] !== undefined) return;
  throw new PolytaskError(code, {
    path: `${path}.${name}`,
    expected: `the option ${name}`,
    found: 'nothing',
    help: `Give ${name}; it has no default.`,
  });
}
