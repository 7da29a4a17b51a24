import { PolytaskError, suggest } from '../common/error.ts';
import type { Option } from '../common/options.ts';

/** Numbers by the names of tasks. */
export type ByTask = Readonly<Record<string, number>>;

/** A word that stands for values the method finds, or numbers ≥ 0 by task; as text a=2+b=0.5. */
export function byTask<const W extends string>(
  word: W,
  rest: { readonly default: NoInfer<W>; readonly about: string },
): Option<W | ByTask> {
  return {
    ...rest,
    expected: `${word}, or numbers ≥ 0 by task: { a: 2, b: 0.5 } or a=2+b=0.5`,
    schema: {
      anyOf: [{ enum: [word] }, { type: 'object', additionalProperties: { type: 'number', minimum: 0 } }],
    },
    parse: (value) => (value === word ? word : parse(value)),
  };
}

function parse(value: unknown): ByTask | undefined {
  const entries = typeof value === 'string' ? value.split('+').map(readPair) : entriesOf(value);
  const fits = entries?.every((pair) => Number.isFinite(pair[1]) && (pair[1] as number) >= 0);
  return fits && entries!.length > 0 ? (Object.fromEntries(entries!) as ByTask) : undefined;
}

function entriesOf(value: unknown): [string, unknown][] | undefined {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? Object.entries(value) : undefined;
}

function readPair(text: string): [string, number] {
  const equals = text.lastIndexOf('=');
  const digits = text.slice(equals + 1).trim();
  return [text.slice(0, Math.max(equals, 0)).trim(), digits === '' ? Number.NaN : Number(digits)];
}

/**
 * The values in the order of the tasks, `otherwise` where a task is not named.
 *
 * @param path where they stand, such as `objective.weights`
 * @throws `task-unknown` for a name that is no task's, `weight-invalid` where all values are 0
 */
export function inOrder(given: ByTask, tasks: readonly string[], otherwise: number, path: string): number[] {
  const stray = Object.keys(given).find((name) => !tasks.includes(name));
  if (stray !== undefined)
    throw new PolytaskError('task-unknown', {
      path: `${path}.${stray}`,
      expected: 'the name of a task',
      found: stray,
      help: suggest(stray, tasks),
    });
  const values = tasks.map((name) => (Object.hasOwn(given, name) ? given[name]! : otherwise));
  if (values.every((value) => value === 0))
    throw new PolytaskError('weight-invalid', {
      path,
      expected: 'at least one value above 0',
      found: 'zeros alone',
      help: 'Give a task that should be learned a value above 0.',
    });
  return values;
}
