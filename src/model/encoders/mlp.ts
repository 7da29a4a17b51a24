import type { Encoder, FeatureReader } from '../encoder.ts';
import { type MlpOptions, mlpLayer } from '../layers.ts';
import type { EncoderFamily } from './family.ts';

/** Layers of dense → norm → activation → dropout. */
export const mlp: EncoderFamily = {
  name: 'mlp',
  title: 'Multi-layer perceptron',
  about: 'Dense layers, one after the other.',
  options: {},
  encoder: mlpEncoder,
};

export function mlpEncoder(features: FeatureReader, shape: MlpOptions): Encoder {
  return {
    ...features,
    name: mlp.name,
    hidden: shape.hidden,
    widths: shape.hidden,
    unitwise: shape.norm === 'none',
    linear: () => true,
    layer: (index, view, h, mode, name = mlp.name) =>
      mlpLayer(view, h, `${name}/${index}`, shape.hidden[index]!, shape, mode),
    resized: (hidden) => mlpEncoder(features, { ...shape, hidden }),
  };
}
