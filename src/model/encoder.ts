import type { Tensor } from '../engine/index.ts';
import type { BatchInputs } from './inputs.ts';
import type { Mode } from './layers.ts';
import type { LayerView, ParameterView } from './view.ts';

/** How features enter a network. */
export interface FeatureReader {
  /** How many features there are. */
  readonly columns: number;
  /** Joins features to x [..., batch, D], with embeddings from the view. */
  inputs(view: ParameterView, batch: BatchInputs): Tensor;
  /** Every feature as a vector of its own, [..., batch, features, width], for attention. */
  tokens(view: ParameterView, batch: BatchInputs, width: number): Tensor;
}

/**
 * What maps features to a representation, layer by layer, so that a sharing can stand between any two layers. An
 * encoder holds no parameters: the view that it is given decides whose they are.
 */
export interface Encoder extends FeatureReader {
  /** What its layers are called after, unless they stand in several places. */
  readonly name: string;
  /** A size of each layer, by which `resized` sets them apart; their widths, unless it is one inside of them. */
  readonly hidden: readonly number[];
  /** Width of the representation after each layer. */
  readonly widths: readonly number[];
  /** Whether a layer is a linear map and then acts on each unit alone, so that layers may stand side by side as one. */
  readonly unitwise: boolean;
  /** Whether a layer begins with a linear map of all that it sees, whose bias `<name>/<index>/bias` others may add to. */
  linear(index: number): boolean;
  /**
   * One layer.
   *
   * @param h [..., batch, width of the layer before]
   * @param name sets parameters and dropout masks of the same layer apart, where it stands in several places
   */
  layer(index: number, view: LayerView, h: Tensor, mode: Mode, name?: string): Tensor;
  /** The same kind of encoder with layers of other sizes. */
  resized(hidden: readonly number[]): Encoder;
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
