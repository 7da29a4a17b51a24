import { PolytaskError } from '../common/error.ts';
import { chooseMethod, type MethodPlace, type Options, type SpecInput } from '../common/options.ts';
import { anyWeighting, type LossWeighting } from './loss-weighting.ts';
import { BOUNDS, type Bounds, type ChosenWeighting } from './weigh.ts';
import { autoLambdaWeighting } from './weighting/auto-lambda.ts';
import { cosmosWeighting } from './weighting/cosmos.ts';
import { cvarWeighting } from './weighting/cvar.ts';
import { dwaWeighting } from './weighting/dwa.ts';
import { equalWeighting } from './weighting/equal.ts';
import { excessWeighting } from './weighting/excess.ts';
import { famoWeighting } from './weighting/famo.ts';
import { fixedWeighting } from './weighting/fixed.ts';
import { glsWeighting } from './weighting/gls.ts';
import { groupDroWeighting } from './weighting/group-dro.ts';
import { hedgeWeighting } from './weighting/hedge.ts';
import { imtlLWeighting } from './weighting/imtl-l.ts';
import { logWeighting } from './weighting/log.ts';
import { minMaxWeighting } from './weighting/min-max.ts';
import { pbiWeighting } from './weighting/pbi.ts';
import { rlwWeighting } from './weighting/rlw.ts';
import { stchWeighting } from './weighting/stch.ts';
import { uncertaintyWeighting } from './weighting/uncertainty.ts';

/** Every weighting of losses, by its name on the command line; in the order in which documentation lists them. */
export const LOSS_WEIGHTINGS: Readonly<Record<string, LossWeighting>> = Object.fromEntries(
  [
    equalWeighting,
    anyWeighting(fixedWeighting),
    logWeighting,
    glsWeighting,
    rlwWeighting,
    anyWeighting(uncertaintyWeighting),
    anyWeighting(dwaWeighting),
    imtlLWeighting,
    anyWeighting(stchWeighting),
    anyWeighting(famoWeighting),
    anyWeighting(autoLambdaWeighting),
    minMaxWeighting,
    anyWeighting(cvarWeighting),
    anyWeighting(hedgeWeighting),
    anyWeighting(groupDroWeighting),
    anyWeighting(excessWeighting),
    anyWeighting(pbiWeighting),
    anyWeighting(cosmosWeighting),
  ].map((weighting) => [weighting.name, weighting]),
);

/**
 * Reads "dwa:temperature=1,max=3" or { name: 'dwa', temperature: 1 } and fills in the defaults.
 *
 * @throws `objective-unknown`, `objective-invalid`
 */
export function chooseLossWeighting(input: SpecInput): ChosenWeighting {
  const place: MethodPlace = { path: PATH, unknown: 'objective-unknown', invalid: 'objective-invalid' };
  const { method: weighting, options } = chooseMethod(LOSS_WEIGHTINGS, input, place, optionsOf);
  if (options.max !== 'none' && options.max < options.min)
    throw new PolytaskError('objective-invalid', {
      path: `${PATH}.max`,
      expected: `at least min, which is ${options.min}`,
      found: String(options.max),
      help: 'Swap the bounds.',
    });
  return { weighting, options };
}

/** The options of a weighting with those that all have. */
export function optionsOf(weighting: LossWeighting): Options<Bounds> {
  return { ...weighting.options, ...BOUNDS };
}

const PATH = 'objective';
