import { z } from 'zod';
import type { Option } from '../common/options.ts';

/** A method with its options, as text or as an object; its registry checks the rest. */
export const method: z.ZodType<string | { name: string; [option: string]: unknown }> = z.union([
  z.string(),
  z.looseObject({ name: z.string() }),
]);

interface Described {
  readonly about: string;
  readonly options: object;
}

/** What editors need to know of the methods of a registry: names, options, defaults. */
export function methodSchema(registry: Readonly<Record<string, Described>>): object {
  return {
    anyOf: [
      { type: 'string', description: 'A name, or name:option=value,…', examples: Object.keys(registry) },
      ...Object.entries(registry).map(([name, { about, options }]) => ({
        type: 'object',
        description: about,
        properties: {
          name: { const: name },
          ...Object.fromEntries(
            Object.entries(options as Record<string, Option<unknown>>).map(([key, option]) => [
              key,
              { ...option.schema, default: option.default, description: option.about },
            ]),
          ),
        },
        required: ['name'],
        additionalProperties: false,
      })),
    ],
  };
}
