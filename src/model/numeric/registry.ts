import { chooseMethod, type SpecInput } from '../../common/options.ts';
import { bins } from './bins.ts';
import type { NumericEmbedding, WidthOptions } from './embedding.ts';
import { periodic } from './periodic.ts';
import { piecewiseLinear } from './piecewise-linear.ts';

/** Numbers as they are, standardised. */
const plain: NumericEmbedding = {
  name: 'plain',
  title: 'Plain numbers',
  about: 'Numbers as they are encoded, standardised.',
  options: {} as NumericEmbedding['options'],
  bins: () => 0,
  expand: (_, x) => x,
};

/** Every way in which numbers may become vectors, by its name on the command line. */
export const NUMERIC_EMBEDDINGS: Readonly<Record<string, NumericEmbedding>> = Object.fromEntries(
  [plain, ...([piecewiseLinear, bins, periodic] as unknown as NumericEmbedding[])].map((embedding) => [
    embedding.name,
    embedding,
  ]),
);

/** An embedding with all of its options; as plain data it is { name, …options }. */
export interface ChosenNumeric {
  readonly embedding: NumericEmbedding;
  readonly options: WidthOptions;
}

/**
 * Reads "piecewise-linear:bins=32" or { name: 'piecewise-linear', bins: 32 } and fills in the defaults.
 *
 * @throws `encoder-invalid`
 */
export function chooseNumeric(input: SpecInput = plain.name): ChosenNumeric {
  const { method, options } = chooseMethod<NumericEmbedding, WidthOptions>(NUMERIC_EMBEDDINGS, input, {
    path: 'model.numeric',
    unknown: 'encoder-invalid',
    invalid: 'encoder-invalid',
  });
  return { embedding: method, options };
}

/** Into how many bins the training rows of each numeric column are cut; 0 where nobody asks for them. */
export function binsOf(input: SpecInput | undefined): number {
  const { embedding, options } = chooseNumeric(input);
  return embedding.bins(options);
}
