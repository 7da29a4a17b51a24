import { join, relative } from 'node:path';
import { spreadOf } from '../experiment/front/conclude.ts';
import { preferenceLabel } from '../experiment/front/label.ts';
import type { FrontResult, Spread } from '../experiment/front/result.ts';
import type { RunResult, TrialResult } from '../experiment/result.ts';

/** What a run learned, as the trade-off between tasks shows it; [task] axes in the order of the comparison's tasks. */
export interface ShownModel {
  /** Id of its run, and its name. */
  readonly run: string;
  readonly name: string;
  /** Which of the run's models it is, where it has several. */
  readonly which?: string;
  /** Its folder, where the run kept it. */
  readonly model?: string;
  /** The metric of each task over seeds; null where it is undefined. */
  readonly validation: readonly (Spread | null)[];
  /** The same on the test rows, which decide nothing. */
  readonly test: readonly (Spread | null)[];
}

/** Both ways of a run of `fit`, of which it kept the better one. */
export function modelsOfRun(
  id: string,
  name: string,
  path: string,
  { multi, independent, best }: RunResult,
): ShownModel[] {
  const shown = (trial: TrialResult, which?: string): ShownModel => ({
    run: id,
    name,
    ...(which !== undefined && { which }),
    ...(best.sharing === trial.sharing && { model: placeOf(join(path, 'model')) }),
    ...spreads(trial),
  });
  return [shown(multi), ...(independent ? [shown(independent, 'each alone')] : [])];
}

/** The models of a front, one a preference. */
export function modelsOfFront(
  id: string,
  name: string,
  path: string,
  { points, tasks }: FrontResult,
): ShownModel[] {
  return points.map(({ preference, validation, test }, i) => ({
    run: id,
    name,
    which: preferenceLabel(preference),
    model: placeOf(join(path, 'models', `${i + 1}`)),
    validation: tasks.map((task) => validation[task.name] ?? null),
    test: tasks.map((task) => test[task.name] ?? null),
  }));
}

/** As somebody would write it where the studio was started. */
function placeOf(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

function spreads({ validation, test }: TrialResult): Pick<ShownModel, 'validation' | 'test'> {
  const over = (seeds: TrialResult['test']): (Spread | null)[] =>
    (seeds[0] ?? []).map((_, t) => spreadOf(seeds.map((seed) => seed[t] ?? null)));
  return { validation: over(validation), test: over(test) };
}
