import { PolytaskError } from '../../../common/error.ts';
import { choice, integer, list, number, type Options, wordOr } from '../../../common/options.ts';
import { type GateOptions, SPARSE_GATES } from './gate.ts';

/** What all mixtures of experts can be told. */
export interface ExpertOptions extends GateOptions {
  readonly hidden: 'auto' | readonly number[];
  readonly bottom: number;
}

export const EXPERT_OPTIONS: Options<ExpertOptions> = {
  hidden: wordOr(['auto'], list(integer({ min: 1, default: 1, about: '' }), { default: [], about: '' }), {
    default: 'auto',
    about:
      'Widths of each expert’s layers; auto: the trunk’s widths divided by the square root of the number of experts that a row passes, at least 8.',
  }),
  bottom: integer({
    default: 0,
    about: 'How many of the trunk’s layers all tasks share below the experts.',
  }),
  temperature: number({
    min: 1e-3,
    default: 1,
    about: 'τ of the gates, softmax(z/τ); larger mixes more evenly.',
  }),
  gate: choice(['softmax', 'top-k', 'dselect-k'], {
    default: 'softmax',
    about: 'How gates weigh experts: all of them, the k largest, or k that smooth binary codes select.',
  }),
  top: integer({ min: 1, default: 2, about: 'k of the gates top-k and dselect-k.' }),
  gamma: number({
    min: 1e-3,
    default: 1,
    about: 'Width of the smooth step of dselect-k; codes beyond ±γ/2 are binary.',
  }),
  entropy: number({
    default: 0,
    about: 'Strength of the penalty that makes the selectors of dselect-k choose one expert each.',
  }),
  balance: number({
    default: 0,
    about: 'Strength of the penalty on experts of unequal importance: the squared coefficient of variation.',
  }),
};

const NARROWEST = 8;

/** Widths of one expert, where a row passes `count` of them: so that they cost together about what the trunk does. */
export function expertWidths(
  { hidden, bottom }: Pick<ExpertOptions, 'hidden' | 'bottom'>,
  trunk: readonly number[],
  count: number,
): readonly number[] {
  if (hidden !== 'auto') return hidden;
  return trunk
    .slice(bottom)
    .map((width) => Math.min(width, Math.max(NARROWEST, Math.round(width / Math.sqrt(count)))));
}

/**
 * Refuses what does not fit the trunk.
 *
 * @param candidates how many experts each gate has to choose from
 * @throws `sharing-invalid`
 */
export function checkExperts(
  { hidden, bottom, gate, top }: ExpertOptions,
  trunk: readonly number[],
  candidates: number,
): void {
  if (bottom > trunk.length)
    throw invalid(
      'bottom',
      `at most the ${trunk.length} layers of the trunk`,
      String(bottom),
      'The layers of the experts come on top of these: hidden=64+32.',
    );
  if (hidden === 'auto' ? bottom === trunk.length : hidden.length === 0)
    throw invalid(
      'hidden',
      'at least one layer for each expert',
      'no layers',
      hidden === 'auto'
        ? 'Give the trunk more layers than bottom shares, or widths to the experts: hidden=64+32.'
        : 'Leave the option out, or give widths: hidden=64+32.',
    );
  if (SPARSE_GATES.has(gate) && top > candidates)
    throw invalid(
      'top',
      `at most the ${candidates} experts of a gate`,
      String(top),
      'Choose fewer, or use gate=softmax.',
    );
}

function invalid(option: string, expected: string, found: string, help: string): PolytaskError {
  return new PolytaskError('sharing-invalid', { path: `model.sharing.${option}`, expected, found, help });
}
