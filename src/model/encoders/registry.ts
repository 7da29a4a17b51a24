import { PolytaskError } from '../../common/error.ts';
import { chooseMethod, type SpecInput } from '../../common/options.ts';
import type { Encoder, FeatureReader } from '../encoder.ts';
import type { MlpOptions } from '../layers.ts';
import { ensemble } from './ensemble.ts';
import type { EncoderFamily } from './family.ts';
import { mlp } from './mlp.ts';
import { resnet } from './resnet.ts';
import { transformer } from './transformer.ts';

/** Every kind of network that the trunk may be, by its name on the command line. */
export const ENCODERS: Readonly<Record<string, EncoderFamily>> = Object.fromEntries(
  [mlp, resnet, ensemble, transformer].map((family) => [family.name, family]),
);

/** The trunk as plain data: a hidden size for each layer, and what kind of network they make. */
export interface EncoderSpec extends MlpOptions {
  /** "resnet:factor=2" or { name: 'resnet', factor: 2 }; default `mlp`. */
  readonly family?: SpecInput;
  /** "piecewise-linear:bins=32", or as an object; default `plain`. */
  readonly numeric?: SpecInput;
}

/** A family with all of its options; as plain data it is { name, …options }. */
export interface ChosenEncoder {
  readonly family: EncoderFamily;
  readonly options: object;
}

/**
 * Reads "resnet:factor=2" or { name: 'resnet', factor: 2 } and fills in the defaults.
 *
 * @throws `encoder-invalid`
 */
export function chooseEncoder(input: SpecInput = mlp.name): ChosenEncoder {
  const { method, options } = chooseMethod(ENCODERS, input, {
    path: 'model.encoder',
    unknown: 'encoder-invalid',
    invalid: 'encoder-invalid',
  });
  method.check?.(options);
  return { family: method, options };
}

/** Whether the trunk is nothing but dense layers. */
export function isPlain(input: SpecInput | undefined): boolean {
  return chooseEncoder(input).family === mlp;
}

/** How many members the trunk has, which predict side by side; 0 where it is one network. */
export function membersOf(input: SpecInput | undefined): number {
  const { family, options } = chooseEncoder(input);
  return family.members?.(options) ?? 0;
}

/** The encoder that a model asks for, and what refuses one whose layers nobody ran. */
export function encoderOf(
  features: FeatureReader,
  { family: spec, ...shape }: EncoderSpec,
  replicas: number,
): { readonly encoder: Encoder; readonly refuse: (sharing: string) => void } {
  const { family, options } = chooseEncoder(spec);
  let ran = false;
  const watched = (encoder: Encoder): Encoder => ({
    ...encoder,
    layer: (...given) => {
      ran = true;
      return encoder.layer(...given);
    },
    resized: (hidden) => watched(encoder.resized(hidden)),
  });
  return {
    encoder: watched(family.encoder(features, shape, options, replicas)),
    refuse: (sharing) => {
      if (ran || family === mlp) return;
      throw new PolytaskError('encoder-invalid', {
        path: 'model.encoder',
        expected: `${mlp.name}, or layers that the sharing runs`,
        found: shape.hidden.length === 0 ? 'no layers' : `${sharing}, which runs none`,
        help: 'Give the trunk hidden sizes, or use another sharing, such as shared-bottom.',
      });
    },
  };
}
