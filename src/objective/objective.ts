import { PolytaskError, suggest } from '../common/error.ts';
import type { SpecInput } from '../common/options.ts';
import { AGGREGATIONS, type ChosenAggregation, chooseAggregation } from './aggregation/index.ts';
import { chooseLossWeighting, LOSS_WEIGHTINGS } from './loss-weightings.ts';
import type { ChosenWeighting } from './weigh.ts';

/** Whose gradients an aggregation compares: of all shared parameters, the last shared layer, or the representation. */
export const OVER = ['shared', 'last', 'representation'] as const;
/** One of these words, or the names of layers. */
export type Over = (typeof OVER)[number] | readonly string[];
/** What is compared and directed as one: all at once, each layer, or each parameter by itself. */
export const BY = ['whole', 'layer', 'tensor'] as const;
export type Granularity = (typeof BY)[number];

/** A weighting of losses, and an aggregation of their gradients, in words: what a config holds. */
export interface ObjectiveParts {
  readonly weighting?: SpecInput | undefined;
  readonly aggregation?: SpecInput | undefined;
  readonly over?: Over | undefined;
  readonly by?: Granularity | undefined;
}

/** "uncertainty+cagrad:c=0.5,over=last", one method { name, …options }, or both by their parts. */
export type ObjectiveInput = SpecInput | ObjectiveParts;

/** An objective with all of its options. */
export interface ChosenObjective {
  /** As reports name it: "uncertainty+cagrad". */
  readonly name: string;
  readonly weighting: ChosenWeighting;
  readonly aggregation?: ChosenAggregation;
  readonly over: Over;
  readonly by: Granularity;
}

const PATH = 'objective';

/**
 * Reads an objective and fills in the defaults.
 *
 * @throws `objective-unknown`, `objective-invalid`
 */
export function chooseObjective(input: ObjectiveInput): ChosenObjective {
  const { weighting = 'equal', aggregation, ...given } = partsOf(input);
  const weighed = chooseLossWeighting(weighting);
  if (aggregation === undefined) {
    const stray = Object.entries(given).find(([, value]) => value !== undefined);
    if (stray !== undefined)
      throw invalid('an aggregation of gradients, such as cagrad', `${stray[0]} alone`);
    return { name: weighed.weighting.name, weighting: weighed, over: 'shared', by: 'whole' };
  }
  const { place, spec } = takePlace(aggregation);
  const chosen = chooseAggregation(spec);
  const plain = weighed.weighting.name === 'equal';
  const { name } = chosen.aggregation;
  return {
    name: plain ? name : `${weighed.weighting.name}+${name}`,
    weighting: weighed,
    aggregation: chosen,
    ...placeOf(chosen, given.over ?? place.over, given.by ?? place.by),
  };
}

/** Whether training wants the loss that each task's own independent model reaches. */
export const needsBaselines = ({ weighting }: ChosenObjective): boolean =>
  weighting.weighting.needs === 'baseline';

/** Whether training looks at losses on validation rows. */
export const needsValidation = ({ weighting }: ChosenObjective): boolean =>
  weighting.weighting.needs === 'validation';

/** The same as plain data, every option filled in. */
export function objectiveSpec({ weighting, aggregation, over, by }: ChosenObjective): ObjectiveParts {
  return {
    weighting: { name: weighting.weighting.name, ...weighting.options },
    ...(aggregation && {
      aggregation: { name: aggregation.aggregation.name, ...aggregation.options },
      over,
      by,
    }),
  };
}

function partsOf(input: ObjectiveInput): ObjectiveParts {
  if (typeof input === 'string') return partsOfText(input);
  if (!('name' in input)) return input;
  return onePart(input as SpecInput, String(input.name));
}

/** @throws `objective-unknown` */
function onePart(input: SpecInput, name: string): ObjectiveParts {
  if (isAggregation(name)) return { aggregation: input };
  if (Object.hasOwn(LOSS_WEIGHTINGS, name)) return { weighting: input };
  const names = [...Object.keys(LOSS_WEIGHTINGS), ...Object.keys(AGGREGATIONS)];
  throw new PolytaskError('objective-unknown', {
    path: PATH,
    expected: names.join(' | '),
    found: name,
    help: suggest(name, names),
  });
}

/** Methods are joined by "+", and so are lists within their options: a part begins with the name of a method. */
function partsOfText(text: string): ObjectiveParts {
  const parts: string[] = [];
  for (const piece of text.split('+')) {
    const known = isAggregation(headOf(piece)) || Object.hasOwn(LOSS_WEIGHTINGS, headOf(piece));
    if (known || parts.length === 0) parts.push(piece);
    else parts[parts.length - 1] += `+${piece}`;
  }
  const [first, second, third] = parts as [string, string?, string?];
  if (second === undefined) return onePart(first, headOf(first));
  if (third !== undefined || isAggregation(headOf(first)) || !isAggregation(headOf(second)))
    throw invalid('a weighting of losses + an aggregation of gradients: uncertainty+pcgrad', text);
  return { weighting: first, aggregation: second };
}

const headOf = (piece: string): string => piece.split(':')[0]!.trim();
const isAggregation = (name: string): boolean => Object.hasOwn(AGGREGATIONS, name);

interface Place {
  readonly over?: unknown;
  readonly by?: unknown;
}

/** "cagrad:c=0.5,over=last" says over what, and by what, beside the options of the method. */
function takePlace(input: SpecInput): { readonly place: Place; readonly spec: SpecInput } {
  if (typeof input !== 'string') {
    const { over, by, ...spec } = input as { name: string } & Place;
    return { place: { over, by }, spec };
  }
  const [name, ...rest] = input.split(':');
  const pairs = rest.join(':').split(',');
  const taken = (word: string): string | undefined =>
    pairs.findLast((pair) => pair.trim().startsWith(`${word}=`))?.split('=')[1];
  const kept = pairs.filter((pair) => !/^ *(over|by)=/.test(pair));
  const options = kept.join(',');
  return {
    place: { over: taken('over'), by: taken('by') },
    spec: options === '' ? name! : `${name}:${options}`,
  };
}

/** What is compared, and what is directed as one; a method that looks at coordinates looks at all that it directs. */
function placeOf(
  { aggregation }: ChosenAggregation,
  over: unknown,
  by: unknown,
): Pick<ChosenObjective, 'over' | 'by'> {
  const { name, needs } = aggregation;
  const where = needs === 'representation' ? needs : checkOver(over ?? 'shared');
  const grain = BY.find((one) => one === (by ?? 'whole'));
  if (grain === undefined) throw invalid(BY.join(' | '), String(by), '.by');
  if (needs === 'jacobian' && (where !== 'shared' || grain !== 'whole'))
    throw invalid('over=shared and by=whole: the method looks at every coordinate', name, '.over');
  if (grain !== 'whole' && where !== 'shared')
    throw invalid('by=whole where not all shared parameters are compared', `by=${grain}`, '.by');
  return { over: where, by: grain };
}

function checkOver(over: unknown): Over {
  const known = OVER.find((one) => one === over);
  if (known !== undefined) return known;
  const layers = typeof over === 'string' ? over.split('+') : over;
  // A layer is a path; one word that is none of ours is a mistake.
  const named =
    Array.isArray(layers) && layers.length > 0 && layers.every((layer) => /^[^/]+\/./.test(layer));
  if (named) return layers as string[];
  throw invalid(`${OVER.join(' | ')}, or layers such as trunk/mlp/0`, String(over), '.over');
}

function invalid(expected: string, found: string, place = ''): PolytaskError {
  return new PolytaskError('objective-invalid', {
    path: `${PATH}${place}`,
    expected,
    found,
    help: 'Write --objective uncertainty, --objective cagrad:c=0.4, or --objective uncertainty+cagrad.',
  });
}
