import { integer } from '../../common/options.ts';
import { sumOf } from '../solvers/index.ts';
import type { Aggregation } from './aggregation.ts';
import { stateless } from './define.ts';

interface KrumOptions {
  readonly outliers: number;
  readonly selected: number;
}

/**
 * Krum: the mean of the gradients that are nearest to their neighbours. A gradient's score is the sum of its T − b − 2
 * least squared distances to others, ‖gᵢ − gⱼ‖² = Gᵢᵢ + Gⱼⱼ − 2Gᵢⱼ; those of the least scores are taken.
 */
export const krum: Aggregation<KrumOptions, null> = stateless({
  name: 'krum',
  title: 'Krum',
  about: 'The mean of the gradients that lie closest together: outliers have no say.',
  paper:
    'P. Blanchard, E. El Mhamdi, R. Guerraoui, J. Stainer: Machine learning with adversaries: Byzantine tolerant gradient descent. NeurIPS 2017.',
  needs: 'gramian',
  options: {
    outliers: integer({ default: 1, about: 'How many gradients may be wrong (b).' }),
    selected: integer({ min: 1, default: 1, about: 'How many gradients the mean is taken of.' }),
  },
  weigh: ({ gramian, size }, { outliers, selected }) => {
    const neighbours = Math.max(1, size - outliers - 2);
    const distances = new Float64Array(size);
    const scores = Float64Array.from({ length: size }, (_, i) => {
      for (let j = 0; j < size; j++)
        distances[j] = Math.max(
          0,
          gramian[i * size + i]! + gramian[j * size + j]! - 2 * gramian[i * size + j]!,
        );
      // The least is that to itself.
      return sumOf(distances.sort().subarray(1, 1 + neighbours));
    });
    const count = Math.min(selected, size);
    const weights = new Float64Array(size);
    const ranked = Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
    for (const i of ranked.slice(0, count)) weights[i] = 1 / count;
    return weights;
  },
});
