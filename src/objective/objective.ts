import { PolytaskError, suggest } from '../common/error.ts';
import type { SpecInput } from '../common/options.ts';
import { AGGREGATIONS, type ChosenAggregation, chooseAggregation } from './aggregation/index.ts';
import { chooseLossWeighting, LOSS_WEIGHTINGS } from './loss-weightings.ts';
import type { ChosenWeighting } from './weigh.ts';

/** Whose gradients an aggregation compares: of all shared parameters, the last shared layer, or the representation. */
export const OVER = ['shared', 'last', 'representation'] as const;
export type Over = (typeof OVER)[number];

/** A weighting of losses, and an aggregation of their gradients, in words: what a config holds. */
export interface ObjectiveParts {
  readonly weighting?: SpecInput | undefined;
  readonly aggregation?: SpecInput | undefined;
  readonly over?: Over | undefined;
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
}

const PATH = 'objective';

/**
 * Reads an objective and fills in the defaults.
 *
 * @throws `objective-unknown`, `objective-invalid`
 */
export function chooseObjective(input: ObjectiveInput): ChosenObjective {
  const { weighting = 'equal', aggregation, over } = partsOf(input);
  const weighed = chooseLossWeighting(weighting);
  if (aggregation === undefined) {
    if (over !== undefined) throw invalid('an aggregation of gradients, such as cagrad', 'over alone');
    return { name: weighed.weighting.name, weighting: weighed, over: 'shared' };
  }
  const { place, spec } = takeOver(aggregation);
  const chosen = chooseAggregation(spec);
  const { name, needs, batches } = chosen.aggregation;
  if (batches !== undefined)
    throw invalid('a method that works on one batch a step', `${name}, which draws ${batches}`);
  const plain = weighed.weighting.name === 'equal';
  return {
    name: plain ? name : `${weighed.weighting.name}+${name}`,
    weighting: weighed,
    aggregation: chosen,
    over: needs === 'representation' ? needs : checkOver(over ?? place ?? 'shared'),
  };
}

/** Whether training wants the loss that each task's own independent model reaches. */
export const needsBaselines = ({ weighting }: ChosenObjective): boolean =>
  weighting.weighting.needs === 'baseline';

/** The same as plain data, every option filled in. */
export function objectiveSpec({ weighting, aggregation, over }: ChosenObjective): ObjectiveParts {
  return {
    weighting: { name: weighting.weighting.name, ...weighting.options },
    ...(aggregation && {
      aggregation: { name: aggregation.aggregation.name, ...aggregation.options },
      over,
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

/** "cagrad:c=0.5,over=last" says over what beside the options of the method. */
function takeOver(input: SpecInput): { readonly place?: string; readonly spec: SpecInput } {
  if (typeof input !== 'string') {
    const { over, ...spec } = input as { name: string; over?: string };
    return over === undefined ? { spec } : { place: over, spec };
  }
  const found = /[:,]over=([^,]*)/.exec(input);
  if (found === null) return { spec: input };
  const rest = input.replace(found[0], found[0].startsWith(':') ? ':' : '').replace(':,', ':');
  return { place: found[1]!, spec: rest };
}

function checkOver(over: string): Over {
  const known = OVER.find((one) => one === over);
  if (known !== undefined) return known;
  throw invalid(OVER.join(' | '), over, '.over');
}

function invalid(expected: string, found: string, place = ''): PolytaskError {
  return new PolytaskError('objective-invalid', {
    path: `${PATH}${place}`,
    expected,
    found,
    help: 'Write --objective uncertainty, --objective cagrad:c=0.4, or --objective uncertainty+cagrad.',
  });
}
