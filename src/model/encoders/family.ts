import type { Options } from '../../common/options.ts';
import type { Encoder, FeatureReader } from '../encoder.ts';
import type { MlpOptions } from '../layers.ts';

/**
 * A kind of network that the trunk may be.
 *
 * @typeParam O its options, with defaults; plain JSON
 */
export interface EncoderFamily<O extends object = object> {
  /** On the command line and in configs: `resnet`. */
  readonly name: string;
  /** As a heading: "Residual network". */
  readonly title: string;
  /** One sentence for lists. */
  readonly about: string;
  readonly options: Options<O>;
  /**
   * Refuses options that do not go together.
   *
   * @throws `encoder-invalid`
   */
  check?(options: O): void;
  /** How many members predict side by side, each with a loss of its own; their mean is the model's prediction. */
  members?(options: O): number;
  /**
   * @param features how they enter
   * @param shape a hidden size for each layer, and what all layers have in common
   * @param replicas axes in front of that of the members
   */
  encoder(features: FeatureReader, shape: MlpOptions, options: O, replicas: number): Encoder;
}

/** Forgets which options a family takes; whoever calls it has parsed them. */
export function anyOptions<O extends object>(family: EncoderFamily<O>): EncoderFamily {
  return family as unknown as EncoderFamily;
}
