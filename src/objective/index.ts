import { PolytaskError, suggest } from '../common/error.ts';
import { equal } from './weighting/equal.ts';
import { fixed } from './weighting/fixed.ts';
import type { Weighting } from './weighting.ts';

export type { Weighting, WeightingInput } from './weighting.ts';
export { equal, fixed };

/** An objective as plain data. */
export interface ObjectiveSpec {
  readonly name: string;
  readonly weights?: Readonly<Record<string, number>>;
}

/** Every objective, by its name on the command line. */
export const OBJECTIVES: Readonly<Record<string, (spec: ObjectiveSpec) => Weighting>> = {
  equal: () => equal() as Weighting,
  fixed: ({ weights = {} }) => fixed(weights) as Weighting,
};

export function createObjective(spec: ObjectiveSpec): Weighting {
  if (Object.hasOwn(OBJECTIVES, spec.name)) return OBJECTIVES[spec.name]!(spec);
  throw new PolytaskError('objective-unknown', {
    path: 'objective.name',
    expected: Object.keys(OBJECTIVES).join(' | '),
    found: spec.name,
    help: suggest(spec.name, Object.keys(OBJECTIVES)),
  });
}
