import { integer } from '../../common/options.ts';
import { cast, concat, greaterOrEqual, sub, type Tensor } from '../../engine/index.ts';
import { edgeTable } from './edge-table.ts';
import { type NumericEmbedding, WIDTH, type WidthOptions } from './embedding.ts';
import { piecewiseLinear } from './piecewise-linear.ts';

interface BinsOptions extends WidthOptions {
  readonly bins: number;
}

/**
 * Which bin of the training quantiles b₀ … b_T a number is in, beside how far it has come through each: φ(x) =
 * [piecewise-linear(x) ; 1{b₀ ≤ x < b₁}, …, 1{b_T ≤ x}], where the first bin also takes what is below it. Whole numbers of
 * few values have a bin for each, so that they may name things as well as count them.
 *
 * Y. Gorishniy, I. Rubachev, A. Babenko: On embeddings for numerical features in tabular deep learning. NeurIPS 2022.
 */
export const bins: NumericEmbedding<BinsOptions> = {
  name: 'bins',
  title: 'Bins with vectors of their own',
  about:
    'Which bin of its training quantiles a number is in, beside the piecewise linear encoding; few values have a bin each.',
  options: {
    bins: integer({ default: 64, min: 2, max: 256, about: 'Bins of a column; fewer where values are few.' }),
    ...WIDTH,
  },
  bins: ({ bins }) => bins,
  expand: (view, x, edges, options) =>
    concat([piecewiseLinear.expand(view, x, edges, options), membership(x, edges)], -1),
};

/** 1 in the slot of the bin that x is in, 0 in the others. */
function membership(x: Tensor, edges: readonly (readonly number[])[]): Tensor {
  const slots = Math.max(...edges.map((own) => own.length));
  const from = edgeTable(edges, slots, (own, t) => (t === 0 ? -HUGE : (own[t] ?? HUGE)));
  const until = edgeTable(edges, slots, (own, t) => own[t + 1] ?? HUGE);
  return sub(cast(greaterOrEqual(x, from), 'float32'), cast(greaterOrEqual(x, until), 'float32'));
}

/** Beyond every standardised number. */
const HUGE = 1e30;
