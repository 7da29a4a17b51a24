import { number } from '../../common/options.ts';
import { add, scope, type Tensor } from '../../engine/index.ts';
import type { Encoder, FeatureReader } from '../encoder.ts';
import { ACTIVATIONS, dense, dropped, type MlpOptions, type Mode, mlpLayer, normed } from '../layers.ts';
import type { LayerView } from '../view.ts';
import { anyOptions, type EncoderFamily } from './family.ts';

interface ResnetOptions {
  readonly factor: number;
  readonly dropout: number;
}

/**
 * Blocks that add to what they see: h ← x + drop(W₂ drop(a(W₁ norm(x) + b₁)) + b₂), where x is h, or h W where the width
 * changes; after the last one a(norm(h)). Layer norm takes the place of the paper's batch norm, so that no row feels
 * another.
 *
 * Y. Gorishniy, I. Rubachev, V. Khrulkov, A. Babenko: Revisiting deep learning models for tabular data. NeurIPS 2021.
 */
export const resnet: EncoderFamily = anyOptions<ResnetOptions>({
  name: 'resnet',
  title: 'Residual network',
  about: 'A block for each hidden size, which adds to what it sees.',
  options: {
    factor: number({
      default: 2,
      min: 0.1,
      about: 'Units inside a block, as a multiple of its hidden size; `dropout` of the model acts on them.',
    }),
    dropout: number({ default: 0, max: 0.99, about: 'Dropout of what a block adds.' }),
  },
  encoder: resnetEncoder,
});

function resnetEncoder(features: FeatureReader, shape: MlpOptions, options: ResnetOptions): Encoder {
  const { hidden } = shape;
  const linear = (index: number): boolean => index === 0 || hidden[index] !== hidden[index - 1];
  return {
    ...features,
    name: 'resnet',
    hidden,
    widths: hidden,
    unitwise: false,
    linear,
    layer: (index, view, h, mode, name = 'resnet') => {
      const [at, units] = [`${name}/${index}`, hidden[index]!];
      const x = linear(index) ? dense(view, h, { name: at, units }) : h;
      const sum = block(view, x, at, shape, options, mode);
      return index === hidden.length - 1
        ? scope(at, () => ACTIVATIONS[shape.activation].apply(normed(view, sum, `${at}/end`)))
        : sum;
    },
    resized: (sizes) => resnetEncoder(features, { ...shape, hidden: sizes }, options),
  };
}

function block(
  view: LayerView,
  x: Tensor,
  at: string,
  shape: MlpOptions,
  { factor, dropout }: ResnetOptions,
  mode: Mode,
): Tensor {
  const units = x.shape.at(-1) as number;
  const inner = Math.max(1, Math.round(factor * units));
  const begin = scope(at, () => normed(view, x, at));
  const hidden = mlpLayer(view, begin, `${at}/inner`, inner, { ...shape, norm: 'none' }, mode);
  const outer = dense(view, hidden, { name: `${at}/outer`, units });
  return scope(at, () => add(x, dropped(outer, dropout, mode, `${at}/outer`)));
}
