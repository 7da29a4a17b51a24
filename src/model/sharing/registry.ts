import { chooseMethod, type MethodPlace, type SpecInput } from '../../common/options.ts';
import { EXPERTS_SHARINGS } from './experts/index.ts';
import { independent } from './independent.ts';
import { RANKING_SHARINGS } from './ranking/index.ts';
import { ROUTING_SHARINGS } from './routing/index.ts';
import { sharedBottom } from './shared-bottom.ts';
import { anyOptions, type Sharing } from './sharing.ts';
import { SOFT_SHARINGS } from './soft/index.ts';
import { STITCHING_SHARINGS } from './stitching/index.ts';

/** Every way of sharing, by its name on the command line; each in the order in which documentation lists it. */
export const SHARINGS: Readonly<Record<string, Sharing>> = Object.fromEntries(
  [
    independent,
    anyOptions(sharedBottom),
    ...SOFT_SHARINGS,
    ...STITCHING_SHARINGS,
    ...EXPERTS_SHARINGS,
    ...ROUTING_SHARINGS,
    ...RANKING_SHARINGS,
  ].map((sharing) => [sharing.name, sharing]),
);

/** A sharing with all of its options, ready to build; as plain data it is { name, …options }. */
export interface ChosenSharing {
  readonly sharing: Sharing;
  readonly options: object;
}

/**
 * Reads "mmoe:experts=8" or { name: 'mmoe', experts: 8 } and fills in the defaults.
 *
 * @throws `sharing-unknown`, `sharing-invalid`
 */
export function chooseSharing(input: SpecInput): ChosenSharing {
  const { method, options } = chooseMethod(SHARINGS, input, PLACE);
  return { sharing: method, options };
}

const PLACE: MethodPlace = {
  path: 'model.sharing',
  unknown: 'sharing-unknown',
  invalid: 'sharing-invalid',
};
