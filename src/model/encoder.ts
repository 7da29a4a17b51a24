import { scope, type Tensor } from '../engine/index.ts';
import { type BatchInputs, type FeatureSignature, type InputOptions, joinInputs } from './inputs.ts';
import { type MlpOptions, type Mode, mlpLayer } from './layers.ts';
import { featureTokens } from './tokens.ts';
import type { LayerView, ParameterView } from './view.ts';

/**
 * What maps features to a representation, layer by layer, so that a sharing can stand between any two layers. An
 * encoder holds no parameters: the view that it is given decides whose they are.
 */
export interface Encoder {
  /** Width of the representation after each layer. */
  readonly widths: readonly number[];
  /** Whether a layer is a linear map and then acts on each unit alone, so that layers may stand side by side as one. */
  readonly unitwise: boolean;
  /** Joins features to x [..., batch, D], with embeddings from the view. */
  inputs(view: ParameterView, batch: BatchInputs): Tensor;
  /** Every feature as a vector of its own, [..., batch, features, width], for attention. */
  tokens(view: ParameterView, batch: BatchInputs, width: number): Tensor;
  /**
   * One layer.
   *
   * @param h [..., batch, width of the layer before]
   * @param name sets parameters and dropout masks of the same layer apart, where it stands in several places
   */
  layer(index: number, view: LayerView, h: Tensor, mode: Mode, name?: string): Tensor;
  /** The same kind of encoder with layers of other widths. */
  resized(widths: readonly number[]): Encoder;
}

export function mlpEncoder(signature: FeatureSignature, options: MlpOptions & InputOptions): Encoder {
  return {
    widths: options.hidden,
    unitwise: options.norm === 'none',
    inputs: (view, batch) => scope('inputs', () => joinInputs(view, batch, signature, options)),
    tokens: (view, batch, width) => scope('tokens', () => featureTokens(view, batch, signature, width)),
    layer: (index, view, h, mode, name = 'mlp') =>
      mlpLayer(view, h, `${name}/${index}`, options.hidden[index]!, options, mode),
    resized: (hidden) => mlpEncoder(signature, { ...options, hidden }),
  };
}

export interface LayersOptions {
  readonly from?: number;
  readonly to?: number;
  readonly name?: string;
}

/** Layers [from, to) of an encoder, by default all. */
export function runLayers(
  encoder: Encoder,
  view: LayerView,
  h: Tensor,
  mode: Mode,
  { from = 0, to = encoder.widths.length, name }: LayersOptions = {},
): Tensor {
  let value = h;
  for (let index = from; index < to; index++) value = encoder.layer(index, view, value, mode, name);
  return value;
}
