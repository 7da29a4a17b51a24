import { PolytaskError } from '../../common/error.ts';
import { preferenceCount, preferenceLattice } from '../../diagnosis/index.ts';
import { areSeparate } from '../../model/index.ts';
import { type ChosenObjective, needsBaselines, withPreference } from '../../objective/index.ts';
import { checkMethods } from '../check-methods.ts';
import type { Prepared } from '../prepare.ts';
import type { RunConfig } from '../run-config.ts';

/** Models of the most that one front trains. */
const MOST = 50;

/**
 * The preferences for which models are trained, [preference][task].
 *
 * @param count how many, at least: two tasks take as many, more tasks the next lattice
 * @throws `config-invalid`, `problem-invalid`, `sharing-invalid`, `split-invalid`, and what `withPreference` throws
 */
export function choosePreferences(
  config: RunConfig,
  { unseen, dataset, signature }: Prepared,
  chosen: ChosenObjective,
  count: number,
): number[][] {
  const names = dataset.tasks.map(({ name }) => name);
  const { model } = config;
  const invalid = (expected: string, found: string, help: string): PolytaskError =>
    new PolytaskError('config-invalid', { path: 'preferences', expected, found, help });
  if (!Number.isInteger(count) || count < 2 || count > MOST)
    throw invalid(
      `a whole number from 2 to ${MOST}`,
      String(count),
      'Each preference trains one model; the default is 5.',
    );
  if (names.length < 2)
    throw new PolytaskError('problem-invalid', {
      path: 'tasks',
      expected: 'two tasks or more, between which there is something to choose',
      found: `${names.length}`,
      help: 'Name another task.',
    });
  if (unseen.length > 0)
    throw new PolytaskError('split-invalid', {
      path: 'split',
      expected: 'every task among the training rows',
      found: `${unseen.length} tasks that training does not have, such as "${unseen[0]}"`,
      help: 'Split within tasks: what training does not see cannot be preferred.',
    });
  if (areSeparate(model))
    throw new PolytaskError('sharing-invalid', {
      path: 'model.sharing',
      expected: 'a sharing in which tasks have parameters in common',
      found: 'a network of its own for every task',
      help: 'Separate networks have nothing to trade: use --sharing shared-bottom, for example.',
    });
  const models = preferenceCount(names.length, count);
  if (models > MOST)
    throw invalid(
      `at most ${MOST} models`,
      `${models} preferences among ${names.length} tasks`,
      count > names.length
        ? `Ask for ${names.length} preferences or fewer.`
        : 'Name fewer tasks: each is preferred once at least.',
    );
  if (needsBaselines(chosen))
    throw new PolytaskError('objective-invalid', {
      path: 'objective',
      expected: 'a weighting that knows all it needs without models of the tasks alone',
      found: chosen.name,
      help: 'Use another weighting beside the aggregation.',
    });
  const preferences = preferenceLattice(names.length, count);
  // The preference names tasks, and an option of the method may not take it.
  checkMethods({ ...config, objective: withPreference(chosen, byName(names, preferences[0]!)) }, signature);
  return preferences;
}

/** Numbers in the order of tasks, by their names. */
export function byName(
  names: readonly string[],
  values: readonly number[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(names.map((name, t) => [name, values[t]!]));
}
