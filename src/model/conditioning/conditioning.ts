import type { Option, Options } from '../../common/options.ts';
import { integer, list, wordOr } from '../../common/options.ts';
import type { Tensor } from '../../engine/index.ts';

/** A place between layers: the joined inputs, or what a hidden layer gives, counted from 0. */
export type Place = 'input' | number;

export interface PlacedOptions {
  /** Where z enters. */
  readonly at: 'hidden' | readonly Place[];
}

/** Something that z becomes, as wide as the value that it meets: z W, or z W + b. */
export interface Part {
  readonly name: string;
  /** `zeros` where z shall change nothing at first, `uniform` as the weights of a layer. */
  readonly start: 'zeros' | 'uniform';
  readonly bias?: boolean;
}

/**
 * A way in which z, a description of the task, enters f_θ(y | x, z).
 *
 * @typeParam O its options, with defaults; plain JSON
 */
export interface Conditioning<O extends PlacedOptions = PlacedOptions> {
  /** On the command line and in configs: `film`. */
  readonly name: string;
  readonly title: string;
  /** One sentence for lists. */
  readonly about: string;
  readonly options: Options<O>;
  parts(options: O): readonly Part[];
  /**
   * What goes on in the place of h.
   *
   * @param h [..., width], in the form that z stretches to
   * @param parts each of that width
   */
  join(h: Tensor, parts: readonly Tensor[], options: O): Tensor;
  /** True where the one part is added to the bias of the layer that follows, if one does, instead of to h. */
  readonly below?: boolean;
}

/** `at` with the default of a method. */
export function places(standard: PlacedOptions['at']): Option<PlacedOptions['at']> {
  const about =
    'input (the joined features), numbers of hidden layers (0 is the first), or hidden for all of them.';
  const place = wordOr(['input'], integer({ default: 0, about }), { default: 'input', about });
  return wordOr(['hidden'], list<Place>(place, { default: [], about }), { default: standard, about });
}

/** Forgets which options a conditioning takes; whoever calls it has parsed them. */
export function anyOptions<O extends PlacedOptions>(conditioning: Conditioning<O>): Conditioning {
  return conditioning as unknown as Conditioning;
}
