import { integer } from '../../common/options.ts';
import { clip, mul, sub, type Tensor } from '../../engine/index.ts';
import { edgeTable } from './edge-table.ts';
import { type NumericEmbedding, WIDTH, type WidthOptions } from './embedding.ts';

interface PiecewiseLinearOptions extends WidthOptions {
  readonly bins: number;
}

/**
 * How far a number has come through each of the bins that training quantiles b₀ … b_T make: φ(x)ₜ = (x − bₜ₋₁) /
 * (bₜ − bₜ₋₁), clipped to [0, 1]. A linear map of it is a piecewise linear function of x.
 *
 * Y. Gorishniy, I. Rubachev, A. Babenko: On embeddings for numerical features in tabular deep learning. NeurIPS 2022.
 */
export const piecewiseLinear: NumericEmbedding<PiecewiseLinearOptions> = {
  name: 'piecewise-linear',
  title: 'Piecewise linear encoding',
  about: 'How far a number has come through each bin of its training quantiles.',
  options: {
    bins: integer({ default: 16, min: 2, max: 256, about: 'Bins of a column; fewer where values are few.' }),
    ...WIDTH,
  },
  bins: ({ bins }) => bins,
  expand: (_, x, edges) => {
    const bins = Math.max(...edges.map((own) => own.length - 1));
    const table = (of: (low: number, high: number) => number): Tensor =>
      edgeTable(edges, bins, (own, t) => (t + 1 < own.length ? of(own[t]!, own[t + 1]!) : 0));
    // A column of fewer bins has features that are always 0.
    const from = table((low) => low);
    const slope = table((low, high) => 1 / (high - low));
    return clip(mul(sub(x, from), slope), 0, 1);
  },
};
