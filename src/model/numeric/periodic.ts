import { integer, number } from '../../common/options.ts';
import { concat, cos, mul, rank, sin } from '../../engine/index.ts';
import { type NumericEmbedding, WIDTH, type WidthOptions } from './embedding.ts';

interface PeriodicOptions extends WidthOptions {
  readonly frequencies: number;
  readonly sigma: number;
}

/**
 * Waves of learned frequencies: φ(x) = [sin 2πcₖx ; cos 2πcₖx], where c starts as N(0, σ²).
 *
 * Y. Gorishniy, I. Rubachev, A. Babenko: On embeddings for numerical features in tabular deep learning. NeurIPS 2022.
 */
export const periodic: NumericEmbedding<PeriodicOptions> = {
  name: 'periodic',
  title: 'Periodic features',
  about: 'Sines and cosines of learned frequencies of each number.',
  options: {
    frequencies: integer({ default: 16, min: 1, about: 'Waves of a column, each as sine and cosine.' }),
    sigma: number({
      default: 0.1,
      min: 1e-3,
      about: 'σ of the frequencies at first, per standard deviation of a column; the option to tune.',
    }),
    ...WIDTH,
  },
  // Even one bin tells columns that vary from those of two values, of which waves say nothing new.
  bins: () => 1,
  expand: (view, x, edges, { frequencies, sigma }) => {
    const own = view.parameter('numeric/frequency', [edges.length, 1, frequencies], {
      initialiser: { kind: 'normal', deviation: sigma },
      decays: false,
      rank: rank(x),
    });
    const angle = mul(x, mul(own, 2 * Math.PI));
    return concat([sin(angle), cos(angle)], -1);
  },
};
