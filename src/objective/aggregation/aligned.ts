import { choice } from '../../common/options.ts';
import { significant, spectral } from '../solvers/index.ts';
import type { Aggregation } from './aggregation.ts';
import { stateless } from './define.ts';

interface AlignedOptions {
  readonly scale: 'min' | 'median' | 'rmse';
}

/**
 * Aligned gradients: the nearest J to the tasks' that has equal singular values σ, so that nothing dominates and
 * nothing conflicts. With G = VΛVᵀ: w = σ VΛ^{−½}Vᵀ p, σ² the least, the median or the mean eigenvalue.
 */
export const aligned: Aggregation<AlignedOptions, null> = stateless({
  name: 'aligned',
  title: 'Aligned-MTL',
  about:
    'Makes the gradients orthogonal and equally long, as near to themselves as that allows, and adds them.',
  paper:
    'D. Senushkin, N. Patakin, A. Kuznetsov, A. Konushin: Independent component alignment for multi-task learning. CVPR 2023.',
  needs: 'gramian',
  prefers: true,
  options: {
    scale: choice(['min', 'median', 'rmse'], {
      default: 'min',
      about: 'Which singular value of the gradients all get.',
    }),
  },
  weigh: ({ gramian, preference, size }, { scale }) => {
    const eigen = significant(gramian, size);
    const { values } = eigen;
    const rank = values.length;
    if (rank === 0 || !(values[0]! > 0)) return preference;
    const square = {
      min: values[rank - 1]!,
      median: values[Math.floor(rank / 2)]!,
      rmse: values.reduce((sum, value) => sum + value, 0) / rank,
    }[scale];
    return spectral(eigen, preference, (value) => Math.sqrt(square / value));
  },
});
