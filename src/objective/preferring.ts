import { PolytaskError } from '../common/error.ts';
import type { SpecInput } from '../common/options.ts';
import { AGGREGATIONS } from './aggregation/index.ts';
import type { ByTask } from './by-task.ts';
import type { LossWeighting } from './loss-weighting.ts';
import { LOSS_WEIGHTINGS } from './loss-weightings.ts';
import { type ChosenObjective, type ObjectiveParts, objectiveSpec } from './objective.ts';

/**
 * The objective with a preference among tasks: that of the aggregation, where it takes one, else of the weighting. One
 * that takes a proportion of losses is given the inverse, 1/p of sum 1.
 *
 * @param preference p, how much each task should matter, above 0
 * @throws `objective-invalid` where neither takes one, or it has one already
 */
export function withPreference(chosen: ChosenObjective, preference: ByTask): ObjectiveParts {
  const { part, option, as } = placeOf(chosen);
  const parts = objectiveSpec(chosen);
  const spec = parts[part] as Exclude<SpecInput, string>;
  if (spec[option] !== 'equal')
    throw new PolytaskError('objective-invalid', {
      path: `objective.${option}`,
      expected: 'no preference of its own, where preferences are tried one after the other',
      found: JSON.stringify(spec[option]),
      help: `Leave ${option} out.`,
    });
  return { ...parts, [part]: { ...spec, [option]: as === 'importance' ? preference : inverse(preference) } };
}

function inverse(preference: ByTask): ByTask {
  const total = Object.values(preference).reduce((sum, value) => sum + 1 / value, 0);
  return Object.fromEntries(Object.entries(preference).map(([name, value]) => [name, 1 / value / total]));
}

type Place = NonNullable<LossWeighting['prefers']> & { readonly part: 'weighting' | 'aggregation' };

function placeOf({ name, weighting: { weighting }, aggregation }: ChosenObjective): Place {
  if (aggregation?.aggregation.prefers)
    return { part: 'aggregation', option: 'preference', as: 'importance' };
  if (weighting.prefers !== undefined) return { part: 'weighting', ...weighting.prefers };
  throw new PolytaskError('objective-invalid', {
    path: 'objective',
    expected: `a method that takes preferences: ${namesOf().join(' | ')}`,
    found: name,
    help: 'Name one of them with --objective; a weighting and an aggregation go together: uncertainty+cagrad.',
  });
}

function namesOf(): string[] {
  return Object.values({ ...LOSS_WEIGHTINGS, ...AGGREGATIONS })
    .filter(({ prefers }) => prefers !== undefined)
    .map(({ name }) => name);
}
