import { basename, resolve } from 'node:path';
import { PolytaskError } from '../../common/error.ts';
import { openFinished } from '../finished-run.ts';
import { settledConfig } from '../search/settings.ts';
import { checkComparable } from './check-comparable.ts';
import { groundOf } from './common-ground.ts';
import { compareResults } from './compare-results.ts';
import type { Comparison } from './comparison.ts';
import { differences, settingsOfRun } from './settings.ts';

/**
 * Sets finished runs of the same data, split and tasks side by side.
 *
 * @param paths of run folders
 * @param options.baseline the run that the others are compared with; default: the first
 * @throws `runs-differ`, `run-folder`
 * @example (await compareRuns(['runs/mmoe', 'runs/ple'])).runs.map(({ name, delta }) => [name, delta])
 */
export async function compareRuns(
  paths: readonly string[],
  { baseline }: { readonly baseline?: string | undefined } = {},
): Promise<Comparison> {
  const given = [...new Set(paths.map((path) => resolve(path)))];
  const against = baseline === undefined ? given[0] : resolve(baseline);
  const all = against === undefined || given.includes(against) ? given : [against, ...given];
  if (all.length < 2)
    throw new PolytaskError('runs-differ', {
      path: all[0] ?? 'runs',
      expected: 'at least two runs',
      found: `${all.length}`,
      help: 'Name another run folder.',
    });
  const runs = await Promise.all(all.map(openFinished));
  const at = all.indexOf(against!);
  const grounded = runs.map(({ result }) => ({ run: result.run, ground: groundOf(result) }));
  checkComparable(grounded, grounded[at]!);
  const names = namesOf(all);
  const settings = runs.map(({ record, result }) =>
    settingsOfRun(settledConfig(record.config, result.search), result),
  );
  return compareResults(
    runs.map(({ result }, i) => ({ name: names[i]!, result, settings: settings[i]! })),
    differences(settings),
    at,
  );
}

/** The last part of each path; as much more of it as tells them apart. */
export function namesOf(paths: readonly string[]): string[] {
  const names = paths.map((path) => basename(path));
  return names.map((name, i) => (names.indexOf(name) === names.lastIndexOf(name) ? name : paths[i]!));
}
