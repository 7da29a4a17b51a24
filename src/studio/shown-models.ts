import { join } from 'node:path';
import { spreadOf } from '../experiment/front/conclude.ts';
import { preferenceLabel } from '../experiment/front/label.ts';
import type { FrontResult, Spread } from '../experiment/front/result.ts';
import type { RunResult, TrialResult } from '../experiment/result.ts';

/** A way of learning as the trade-off between tasks shows it; [task] axes in the order of the comparison's tasks. */
export interface ShownModel {
  /** Id of its run. */
  readonly run: string;
  readonly label: string;
  readonly sharing: string;
  /** The folder of the model, where the run kept this one. */
  readonly model?: string;
  /** The metric of each task over seeds; null where it is undefined. */
  readonly validation: readonly (Spread | null)[];
  /** The same on the test rows, which decide nothing. */
  readonly test: readonly (Spread | null)[];
}

/** Both ways of a run of `fit`, of which it kept one. */
export function modelsOfRun(
  id: string,
  name: string,
  path: string,
  { multi, independent, best }: RunResult,
): ShownModel[] {
  const shown = (trial: TrialResult, label: string): ShownModel => ({
    run: id,
    label,
    sharing: trial.sharing,
    ...(best.sharing === trial.sharing && { model: join(path, 'model') }),
    ...spreads(trial),
  });
  return [shown(multi, name), ...(independent ? [shown(independent, `${name}, each alone`)] : [])];
}

/** The models of a front, one a preference. */
export function modelsOfFront(
  id: string,
  name: string,
  path: string,
  { points, tasks, sharing }: FrontResult,
): ShownModel[] {
  return points.map(({ preference, validation, test }, i) => ({
    run: id,
    label: `${name} ${preferenceLabel(preference)}`,
    sharing,
    model: join(path, 'models', `${i + 1}`),
    validation: tasks.map((task) => validation[task.name] ?? null),
    test: tasks.map((task) => test[task.name] ?? null),
  }));
}

function spreads({ validation, test }: TrialResult): Pick<ShownModel, 'validation' | 'test'> {
  const over = (seeds: TrialResult['test']): (Spread | null)[] =>
    (seeds[0] ?? []).map((_, t) => spreadOf(seeds.map((seed) => seed[t] ?? null)));
  return { validation: over(validation), test: over(test) };
}
