import { isDeepStrictEqual } from 'node:util';
import type { Advice, Causes, Verdict } from '../../diagnosis/index.ts';
import type { RunConfig } from '../run-config.ts';
import { withSettings } from './settings.ts';

/** Something to try next: the settings of one run, or of several where tasks go apart. */
export interface NextStep extends Advice {
  /** The cause that it answers. */
  readonly cause: Causes['found'][number]['code'];
  /** What to run, with all settings. */
  readonly configs: readonly RunConfig[];
}

/** More would not be tried. */
const MOST_STEPS = 4;

/**
 * What to try next, first things first: all that is advised against the strongest cause, and of each other cause the first
 * advice that is not there yet.
 *
 * @param config of the run that the causes are of
 */
export function nextSteps({ found }: Causes, verdict: Verdict, config: RunConfig): NextStep[] {
  // A model that is worth sharing is not taken apart.
  const open = found.filter(({ bearing }) => verdict !== 'share' || bearing !== 'hurts');
  const steps: NextStep[] = [];
  const isNew = (own: Advice): boolean =>
    !steps.some(({ settings, apart }) => isDeepStrictEqual([settings, apart], [own.settings, own.apart]));
  for (const [rank, { code, advice }] of open.entries())
    for (const own of advice.filter(isNew).slice(0, rank === 0 ? advice.length : 1))
      steps.push({ cause: code, ...own, configs: configsOf(own, config) });
  return steps.slice(0, MOST_STEPS);
}

function configsOf({ settings, apart }: Advice, config: RunConfig): RunConfig[] {
  if (apart === undefined) return settings.length === 0 ? [] : [withSettings(config, settings)];
  const names = Object.keys(config.tasks);
  const rest = names.filter((name) => !apart.includes(name));
  // Tasks of a long table are its values, and no columns that could be left out.
  if (config.by !== undefined || rest.length === names.length) return [];
  return [rest, ...apart.map((name) => [name])]
    .filter(({ length }) => length > 0)
    .map((own) => ofTasks(config, own));
}

/** Some of the tasks; the labels of the others do not become inputs. */
function ofTasks(config: RunConfig, names: readonly string[]): RunConfig {
  const columnOf = (name: string): string => config.tasks[name]!.column ?? name;
  const kept = names.map(columnOf);
  const others = Object.keys(config.tasks)
    .map(columnOf)
    .filter((column) => !kept.includes(column) && !config.exclude.includes(column));
  return {
    ...config,
    tasks: Object.fromEntries(names.map((name) => [name, config.tasks[name]!])),
    exclude: [...config.exclude, ...others],
  };
}
