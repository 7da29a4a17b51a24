import type { Option } from '../../common/options.ts';
import type { Parents } from './order.ts';

/** A parent and its child. */
export type Step = readonly [string, string];

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Reads steps from text, by child, or as pairs, which is what a checked config holds. */
export const parentsOption: Option<readonly Step[]> = {
  default: [],
  expected: 'parents by task, { buy: ["click"] }, or as text parent>child+parent>child',
  about: 'Which tasks each task sees: click>buy lets the head of buy see click.',
  schema: {
    anyOf: [
      { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
      { type: 'array', items: { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 } },
      { type: 'string' },
    ],
  },
  parse: (value) => {
    const steps = readSteps(value);
    return steps?.every((step) => Array.isArray(step) && step.length === 2 && step.every(isText))
      ? (steps as Step[])
      : undefined;
  },
};

function readSteps(value: unknown): readonly unknown[] | undefined {
  if (typeof value === 'string') return value === '' ? [] : value.split('+').map((step) => step.split('>'));
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).flatMap(([child, own]) =>
    (Array.isArray(own) ? own : [own]).map((parent: unknown) => [parent, child]),
  );
}

/** The parents of each child, each once. */
export function parentsOf(steps: readonly Step[]): Parents {
  const parents: Record<string, string[]> = {};
  for (const [parent, child] of steps) {
    const own = (parents[child] ??= []);
    if (!own.includes(parent)) own.push(parent);
  }
  return parents;
}
