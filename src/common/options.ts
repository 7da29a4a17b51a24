import { PolytaskError, suggest } from './error.ts';
import type { ErrorCode } from './error-codes.ts';

/** One setting of a method: its default, what it takes in words, and a reader for values and for text. */
export interface Option<T> {
  readonly default: T;
  /** Finishes the sentence "expected: …". */
  readonly expected: string;
  /** One line that says what it does. */
  readonly about: string;
  /** JSON Schema, for editors. */
  readonly schema: object;
  /** Undefined for what does not fit; numbers, truths and lists may come as text, as on the command line. */
  parse(value: unknown): T | undefined;
}

/** The settings of a method by name. */
export type Options<T extends object> = { readonly [K in keyof T]-?: Option<T[K]> };

interface Described<T> {
  readonly default: T;
  readonly about: string;
}

interface Bounded extends Described<number> {
  readonly min?: number;
  readonly max?: number;
}

export function integer({ min = 0, max, ...rest }: Bounded): Option<number> {
  const bounds = max === undefined ? `of ${min} or more` : `from ${min} to ${max}`;
  return {
    ...rest,
    expected: `a whole number ${bounds}`,
    schema: { type: 'integer', minimum: min, ...(max !== undefined && { maximum: max }) },
    parse: (value) => {
      const read = readNumber(value);
      return Number.isInteger(read) && read! >= min && read! <= (max ?? Number.MAX_SAFE_INTEGER)
        ? read
        : undefined;
    },
  };
}

export function number({ min = 0, max, ...rest }: Bounded): Option<number> {
  const bounds = max === undefined ? `of ${min} or more` : `from ${min} to ${max}`;
  return {
    ...rest,
    expected: `a number ${bounds}`,
    schema: { type: 'number', minimum: min, ...(max !== undefined && { maximum: max }) },
    parse: (value) => {
      const read = readNumber(value);
      return read !== undefined && read >= min && read <= (max ?? Number.MAX_VALUE) ? read : undefined;
    },
  };
}

export function flag(rest: Described<boolean>): Option<boolean> {
  const read = new Map<unknown, boolean>([
    [true, true],
    ['true', true],
    [false, false],
    ['false', false],
  ]);
  return {
    ...rest,
    expected: 'true or false',
    schema: { type: 'boolean' },
    parse: (value) => read.get(value),
  };
}

export function choice<const T extends string>(choices: readonly T[], rest: Described<T>): Option<T> {
  return {
    ...rest,
    expected: choices.join(' | '),
    schema: { enum: choices },
    parse: (value) => choices.find((one) => one === value),
  };
}

/** A list; as text its parts are joined by "+": 64+32. */
export function list<T>(of: Option<T>, rest: Described<readonly T[]>): Option<readonly T[]> {
  return {
    ...rest,
    expected: `a list (a+b), each ${of.expected}`,
    schema: { type: 'array', items: of.schema },
    parse: (value) => {
      const parts = readParts(value)?.map((part) => of.parse(part));
      return parts?.every((part) => part !== undefined) ? (parts as T[]) : undefined;
    },
  };
}

export function text(rest: Described<string>): Option<string> {
  return {
    ...rest,
    expected: 'a text',
    schema: { type: 'string' },
    parse: (value) =>
      ['string', 'number', 'boolean'].includes(typeof value) && value !== '' ? String(value) : undefined,
  };
}

/** One of some words, or a value of another option: `all` or a number. */
export function wordOr<const W extends string, T>(
  words: readonly W[],
  other: Option<T>,
  rest: Described<W | T>,
): Option<W | T> {
  return {
    ...rest,
    expected: `${words.join(' | ')}, or ${other.expected}`,
    schema: { anyOf: [{ enum: words }, other.schema] },
    parse: (value) => words.find((word) => word === value) ?? other.parse(value),
  };
}

function readParts(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return value === 'none' || value === '' ? [] : value.split('+');
  return typeof value === 'number' ? [value] : undefined;
}

function readNumber(value: unknown): number | undefined {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
}

export function defaultsOf<T extends object>(options: Options<T>): T {
  return Object.fromEntries(
    Object.entries<Option<unknown>>(options as Readonly<Record<string, Option<unknown>>>).map(
      ([name, option]) => [name, option.default],
    ),
  ) as T;
}

/**
 * Options that are all known and fit, with the defaults of those that are not given.
 *
 * @param path where they stand, such as `model.sharing`
 * @throws `code` for an unknown name (with the nearest one) or a value that does not fit
 */
export function parseOptions<T extends object>(
  raw: Readonly<Record<string, unknown>>,
  options: Options<T>,
  path: string,
  code: ErrorCode,
): T {
  const known = options as Readonly<Record<string, Option<unknown>>>;
  const parsed: Record<string, unknown> = defaultsOf(options) as Record<string, unknown>;
  for (const [name, value] of Object.entries(raw)) {
    if (value === undefined) continue;
    const option = Object.hasOwn(known, name) ? known[name]! : undefined;
    if (option === undefined)
      throw new PolytaskError(code, {
        path: `${path}.${name}`,
        expected: Object.keys(known).join(' | ') || 'no options',
        found: name,
        help: suggest(name, Object.keys(known)),
      });
    const read = option.parse(value);
    if (read === undefined)
      throw new PolytaskError(code, {
        path: `${path}.${name}`,
        expected: option.expected,
        found: JSON.stringify(value) ?? String(value),
        help: `${option.about} Default: ${formatValue(option.default)}.`,
      });
    parsed[name] = read;
  }
  return parsed as T;
}

/** A method with options: "mmoe:experts=8,hidden=64+32", or { name, …options }. */
export type SpecInput = string | ({ readonly name: string } & Readonly<Record<string, unknown>>);

/**
 * Splits a method's name from its options, which stay as they are written.
 *
 * @throws `code` for text that is not name:key=value,…
 */
export function readSpec(
  input: SpecInput,
  path: string,
  code: ErrorCode,
): { readonly name: string; readonly options: Readonly<Record<string, unknown>> } {
  if (typeof input !== 'string') {
    const { name, ...options } = input;
    return { name, options };
  }
  const colon = input.indexOf(':');
  if (colon < 0) return { name: input, options: {} };
  const name = input.slice(0, colon);
  const pairs = input
    .slice(colon + 1)
    .split(',')
    .filter((part) => part !== '')
    .map((part): [string, string] => {
      const equals = part.indexOf('=');
      if (equals < 1)
        throw new PolytaskError(code, {
          path,
          expected: 'name:option=value,…',
          found: `"${part}"`,
          help: `Write ${name}:option=value.`,
        });
      return [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
    });
  const twice = pairs.find(([key], i) => pairs.findIndex(([other]) => other === key) < i);
  if (twice !== undefined)
    throw new PolytaskError(code, {
      path: `${path}.${twice[0]}`,
      expected: 'every option once',
      found: `${twice[0]} twice`,
      help: 'Lists are joined by "+": hidden=64+32.',
    });
  return { name, options: Object.fromEntries(pairs) };
}

/** Where the methods of a registry stand in a config, and what is thrown. */
export interface MethodPlace {
  readonly path: string;
  /** For a name that no method has. */
  readonly unknown: ErrorCode;
  /** For options that a method cannot work with. */
  readonly invalid: ErrorCode;
}

/**
 * Reads "mmoe:experts=8" or { name: 'mmoe', experts: 8 } as a method of a registry, with its defaults filled in.
 *
 * @param optionsOf the options of a method, where they are more than its own
 */
export function chooseMethod<M extends { readonly name: string; readonly options: object }, O extends object>(
  registry: Readonly<Record<string, M>>,
  input: SpecInput,
  { path, unknown, invalid }: MethodPlace,
  optionsOf: (method: M) => Options<O> = (method) => method.options as Options<O>,
): { readonly method: M; readonly options: O } {
  const { name, options } = readSpec(input, path, invalid);
  if (!Object.hasOwn(registry, name))
    throw new PolytaskError(unknown, {
      path,
      expected: Object.keys(registry).join(' | '),
      found: name,
      help: suggest(name, Object.keys(registry)),
    });
  const method = registry[name]!;
  return { method, options: parseOptions(options, optionsOf(method), path, invalid) };
}

export function formatValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(formatItem).join('+');
  return String(value);
}

/** Of a list: a pair is an edge, from>to. */
const formatItem = (item: unknown): string => (Array.isArray(item) ? item.join('>') : formatValue(item));
