import type { SourceSpec } from './data/index.ts';
import { type FitHooks, type RunConfigInput, type RunResult, resumeFit, runFit } from './experiment/index.ts';
import type { Tasks } from './problem/index.ts';
import { load, type Model } from './serving/index.ts';

/** A problem, its data, and whatever settings should differ from the defaults. */
export interface FitInput<T extends Tasks> extends Omit<RunConfigInput, 'data' | 'tasks'> {
  readonly data: SourceSpec;
  readonly tasks: T;
}

/** A finished run: what was found, and the better model, loaded. */
export interface Fitted<T extends Tasks> {
  readonly result: RunResult;
  readonly model: Model<T>;
}

/**
 * From rows to a verdict and a model: learns the tasks together and each alone over the same split, seeds and budget. With
 * `timeLimit` or `stepLimit` it searches the best way of both, within that limit; see `result.search`.
 *
 * @param input data (a path, `{ sql }`, rows, columns …), tasks, settings
 * @throws PolytaskError for whatever is wrong with data, settings or machine
 * @example
 * const { result, model } = await fit({
 *   data: 'people.csv',
 *   tasks: { income: binary(), hours: regression() },
 * });
 * console.log(result.diagnosis?.words.join(' '));
 * const prediction = await model.predict({ age: 41, education: 'Bachelors' });
 * console.log(prediction.income.probability, prediction.hours.value);
 */
export async function fit<const T extends Tasks>(
  input: FitInput<T>,
  hooks: FitHooks = {},
): Promise<Fitted<T>> {
  return loaded(await runFit(input as unknown as RunConfigInput, hooks));
}

/**
 * Goes on with a run that was stopped or killed.
 *
 * @param data the rows again, where they came from memory
 * @example const { model } = await resume('runs/2026-01-31_12-00-00-000');
 */
export async function resume<const T extends Tasks = Tasks>(
  folder: string,
  hooks: FitHooks & { readonly data?: SourceSpec } = {},
): Promise<Fitted<T>> {
  const { data, ...rest } = hooks;
  return loaded(await resumeFit(folder, rest, data));
}

async function loaded<T extends Tasks>(result: RunResult): Promise<Fitted<T>> {
  return { result, model: await load<T>(result.model) };
}
