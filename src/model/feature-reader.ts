import { scope } from '../engine/index.ts';
import type { FeatureReader } from './encoder.ts';
import { type FeatureSignature, type InputOptions, joinInputs } from './inputs.ts';
import { featureTokens } from './tokens.ts';

/** Reads the features of a table as its columns are: numbers, categories, texts. */
export function featureReader(signature: FeatureSignature, options: InputOptions): FeatureReader {
  return {
    inputs: (view, batch) => scope('inputs', () => joinInputs(view, batch, signature, options)),
    tokens: (view, batch, width) => scope('tokens', () => featureTokens(view, batch, signature, width)),
  };
}
