import { PolytaskError } from '../../common/error.ts';
import { chooseMethod, type MethodPlace, type SpecInput } from '../../common/options.ts';
import type { Aggregation } from './aggregation.ts';
import { aligned } from './aligned.ts';
import { cagrad } from './cagrad.ts';
import { type ChosenAggregation, composed } from './compose.ts';
import { conflictFree } from './conflict-free.ts';
import { crMogm } from './cr-mogm.ts';
import { dbMtl } from './db-mtl.ts';
import { excessMtl } from './excess-mtl.ts';
import { fairgrad } from './fairgrad.ts';
import { graddrop } from './graddrop.ts';
import { gradnorm } from './gradnorm.ts';
import { gradvac } from './gradvac.ts';
import { imtlG } from './imtl-g.ts';
import { krum } from './krum.ts';
import { mean } from './mean.ts';
import { mgda, mgdaUb } from './mgda.ts';
import { moco } from './moco.ts';
import { modo } from './modo.ts';
import { nash } from './nash.ts';
import { pcgrad } from './pcgrad.ts';
import { peLtr } from './pe-ltr.ts';
import { sdmgrad } from './sdmgrad.ts';
import { sum } from './sum.ts';
import { trimmedMean } from './trimmed-mean.ts';
import { dualproj, upgrad } from './upgrad.ts';

/** Every aggregation of gradients, by its name on the command line; in the order in which documentation lists it. */
export const AGGREGATIONS: Readonly<Record<string, Aggregation>> = Object.fromEntries(
  [
    composed(sum),
    composed(mean),
    composed(mgda),
    composed(mgdaUb),
    composed(peLtr),
    composed(pcgrad),
    composed(gradvac),
    composed(graddrop),
    composed(imtlG),
    composed(cagrad),
    composed(nash),
    composed(fairgrad),
    composed(aligned),
    composed(upgrad),
    composed(dualproj),
    composed(conflictFree),
    composed(gradnorm),
    composed(dbMtl),
    composed(excessMtl),
    composed(moco),
    composed(sdmgrad),
    composed(modo),
    composed(krum),
    composed(trimmedMean),
    composed(crMogm(chooseInner)),
  ].map((aggregation) => [aggregation.name, aggregation]),
);

/**
 * Reads "cagrad:c=0.4" or { name: 'cagrad', c: 0.4 } and fills in the defaults.
 *
 * @param path where it stands
 * @throws `objective-unknown`, `objective-invalid`
 */
export function chooseAggregation(input: SpecInput, path: string = PATH): ChosenAggregation {
  const place: MethodPlace = { path, unknown: 'objective-unknown', invalid: 'objective-invalid' };
  const { method, options } = chooseMethod(AGGREGATIONS, input, place);
  return { aggregation: method, options };
}

/** What may stand within another method: weights from the Gramian of one batch. */
function chooseInner(input: SpecInput): ChosenAggregation {
  const path = `${PATH}.of`;
  const chosen = chooseAggregation(input, path);
  const { name, needs, batches } = chosen.aggregation;
  if (needs === 'gramian' && batches === undefined && name !== 'cr-mogm') return chosen;
  throw new PolytaskError('objective-invalid', {
    path,
    expected: 'a method that works on the Gramian of one batch',
    found: name,
    help: 'Take a method such as mgda, cagrad or pcgrad.',
  });
}

const PATH = 'objective';
