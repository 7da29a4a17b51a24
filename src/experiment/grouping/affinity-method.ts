import { chooseMethod, integer, number, type SpecInput, wordOr } from '../../common/options.ts';
import type { AffinityKind } from '../../diagnosis/index.ts';

/** How what tasks gain from each other is measured while they are learned together. */
export interface AffinityMethod {
  readonly name: AffinityKind | 'none';
  readonly about: string;
  readonly options: object;
}

export interface AffinityOptions {
  /** Steps between two looks; auto: 10 ahead on rows of all tasks, else as many as `share` asks for. */
  readonly every?: number | 'auto';
  /** Tasks whose gradients a look takes. */
  readonly sources?: number | 'auto';
  /** Rows of each task in a look, where rows belong to one task each. */
  readonly rows?: number | 'auto';
  /** What looks may take, in shares of the training's time. */
  readonly share?: number;
  /** η of the step ahead. */
  readonly rate?: number | 'training';
}

const count = integer({ default: 1, min: 1, about: '' });
const share = (byDefault: number) =>
  number({
    default: byDefault,
    max: 10,
    about: 'What looks may take, in shares of the training’s time, where the rest is left to that.',
  });
const OF_A_LOOK = {
  every: wordOr(['auto'], count, { default: 'auto', about: 'Steps between two looks.' }),
  sources: wordOr(['auto'], count, {
    default: 'auto',
    about: 'How many tasks a look takes; all come up in turn.',
  }),
  rows: wordOr(['auto'], count, {
    default: 'auto',
    about: 'Rows of each task in a look, where rows belong to one task each.',
  }),
};

/** Ways to measure affinity, by name. */
export const AFFINITIES: Readonly<Record<AffinityMethod['name'], AffinityMethod>> = {
  'first-order': {
    name: 'first-order',
    about: 'Products of the tasks’ gradients, relative to their losses.',
    options: { ...OF_A_LOOK, share: share(0.04) },
  },
  'look-ahead': {
    name: 'look-ahead',
    about: 'The losses of all tasks after a step of one (TAG).',
    options: {
      ...OF_A_LOOK,
      share: share(0.45),
      rate: wordOr(['training'], number({ default: 1, min: 1e-12, about: '' }), {
        default: 'training',
        about: 'The length of that step; training: the learning rate before its schedule.',
      }),
    },
  },
  none: { name: 'none', about: 'Nothing is looked at.', options: {} },
};

/**
 * Reads "look-ahead:every=10" as a method with its options.
 *
 * @throws `affinity-invalid`
 */
export function chooseAffinity(input: SpecInput): {
  readonly method: AffinityMethod;
  readonly options: AffinityOptions;
} {
  return chooseMethod<AffinityMethod, AffinityOptions>(AFFINITIES, input, {
    path: 'affinity',
    unknown: 'affinity-invalid',
    invalid: 'affinity-invalid',
  });
}
