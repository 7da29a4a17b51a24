import type { RunResult } from '../result.ts';
import type { RunConfig } from '../run-config.ts';

/** Where data and results lie, how a search went, and what is compared by itself. */
const APART = [
  'data',
  'out',
  'baseline',
  'objective',
  'choose',
  'timeLimit',
  'stepLimit',
  'objectiveOfChoice',
];

type Settings = Readonly<Record<string, unknown>>;

/** A config as paths and plain values: `training.batchSize`; a method's name stands at the method itself. */
export function settingsOf(config: object): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  const add = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) flat[path] = value;
    else
      for (const [key, inner] of Object.entries(value))
        if (inner !== undefined)
          add(inner, key === 'name' || key === 'kind' ? path : path === '' ? key : `${path}.${key}`);
  };
  add(config, '');
  return flat;
}

/**
 * What a run was asked to do, and which ways it took.
 *
 * @param config with what a search has found
 */
export function settingsOfRun(
  config: RunConfig,
  { multi, search }: Pick<RunResult, 'multi' | 'search'>,
): Record<string, unknown> {
  const own = Object.entries(config).filter(([key]) => !APART.includes(key));
  return {
    ...settingsOf(Object.fromEntries(own)),
    ...(search && { search: `${search.limit.total} ${search.limit.unit}` }),
    ...(search === undefined && config.timeLimit !== undefined && { timeLimit: config.timeLimit }),
    'model.sharing': multi.sharing,
    objective: multi.objective,
    ...Object.fromEntries(
      Object.entries(settingsOf({ objective: config.objective })).filter(([path]) => path !== 'objective'),
    ),
  };
}

/**
 * The paths at which settings differ. Options of a method that only one of them uses tell nothing beside the method's name.
 */
export function differences(all: readonly Settings[]): string[] {
  const paths = [...new Set(all.flatMap((settings) => Object.keys(settings)))];
  return paths.filter((path) => {
    const there = all.filter((settings) => path in settings);
    const values = new Set(there.map((settings) => JSON.stringify(settings[path])));
    return values.size > 1 || (there.length < all.length && !isOption(path, all));
  });
}

/** Whether a path belongs to a method, such as `model.sharing.experts`, whose name stands one level above. */
function isOption(path: string, all: readonly Settings[]): boolean {
  const above = path.slice(0, Math.max(0, path.lastIndexOf('.')));
  return above !== '' && all.some((settings) => above in settings);
}
