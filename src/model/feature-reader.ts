import type { SpecInput } from '../common/options.ts';
import { concat, scope } from '../engine/index.ts';
import type { FeatureReader } from './encoder.ts';
import {
  type BatchInputs,
  type FeatureSignature,
  type InputOptions,
  joinColumns,
  joinInputs,
} from './inputs.ts';
import type { Activation } from './layers.ts';
import { type EmbeddedNumbers, embedNumbers, sideBySide } from './numeric/embed.ts';
import { chooseNumeric } from './numeric/registry.ts';
import { featureTokens } from './tokens.ts';
import type { ParameterView } from './view.ts';

export interface ReaderOptions extends InputOptions {
  /** How numbers become vectors. */
  readonly numeric?: SpecInput | undefined;
  /** Of those vectors. */
  readonly activation: Activation;
}

/** Reads the features of a table as its columns are: numbers, which may become vectors, categories, texts. */
export function featureReader(signature: FeatureSignature, options: ReaderOptions): FeatureReader {
  const chosen = chooseNumeric(options.numeric);
  const embed = (view: ParameterView, { numeric }: BatchInputs, width: number): EmbeddedNumbers =>
    numeric === undefined ? {} : embedNumbers(view, numeric, signature, chosen, width, options.activation);
  const others = ({ numeric: _, ...rest }: BatchInputs, { plain }: EmbeddedNumbers): BatchInputs =>
    plain === undefined ? rest : { ...rest, numeric: plain };
  return {
    columns: signature.numeric + signature.categorical.length + signature.text.length,
    inputs: (view, batch) =>
      scope('inputs', () => {
        const numbers = embed(view, batch, chosen.options.width);
        const rest = others(batch, numbers);
        if (numbers.vectors === undefined) return joinInputs(view, rest, signature, options);
        const joined = sideBySide(numbers.vectors);
        return isEmpty(rest) ? joined : joinColumns([joined, joinInputs(view, rest, signature, options)]);
      }),
    tokens: (view, batch, width) =>
      scope('tokens', () => {
        const numbers = embed(view, batch, width);
        const rest = others(batch, numbers);
        if (numbers.vectors === undefined) return featureTokens(view, rest, signature, width);
        return isEmpty(rest)
          ? numbers.vectors
          : concat([numbers.vectors, featureTokens(view, rest, signature, width)], -2);
      }),
  };
}

const isEmpty = ({ numeric, categorical, text }: BatchInputs): boolean =>
  numeric === undefined && categorical === undefined && text.length === 0;
