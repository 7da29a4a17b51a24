import { integer, type Options } from '../../common/options.ts';
import type { Tensor } from '../../engine/index.ts';
import type { LayerView } from '../view.ts';

export interface WidthOptions {
  /** Width of a number's vector. */
  readonly width: number;
}

/**
 * A way in which numbers become vectors: features φ(xⱼ) beside the number itself, a linear layer of each column over both,
 * and the model's activation.
 *
 * @typeParam O its options, with defaults; plain JSON
 */
export interface NumericEmbedding<O extends WidthOptions = WidthOptions> {
  /** On the command line and in configs: `piecewise-linear`. */
  readonly name: string;
  readonly title: string;
  /** One sentence for lists. */
  readonly about: string;
  readonly options: Options<O>;
  /** Into how many bins the training rows of a column are cut; only columns with bins are embedded. */
  bins(options: O): number;
  /**
   * φ of every column.
   *
   * @param x [..., columns, batch, 1]
   * @param edges of the bins of each column, rising
   * @returns [..., columns, batch, features]
   */
  expand(view: LayerView, x: Tensor, edges: readonly (readonly number[])[], options: O): Tensor;
}

/** The width of a column's vector. */
export const WIDTH: Options<WidthOptions> = {
  width: integer({ default: 16, min: 1, about: 'Width of the vector that a number becomes.' }),
};
