import { choice, type Options } from '../../common/options.ts';
import { minNorm, rescaled, sumOf, unitScales } from '../solvers/index.ts';
import type { Aggregation } from './aggregation.ts';
import { type Batch, stateless } from './define.ts';

interface MgdaOptions {
  readonly normalise: 'none' | 'l2' | 'loss' | 'loss+';
}

const OPTIONS: Options<MgdaOptions> = {
  normalise: choice(['none', 'l2', 'loss', 'loss+'], {
    default: 'none',
    about: 'What each gradient is divided by first: its length (l2), its loss, or both (loss+).',
  }),
};

const PAPER =
  'J.-A. Désidéri: Multiple-gradient descent algorithm. Comptes Rendus Mathématique 350, 2012. O. Sener, V. Koltun: Multi-task learning as multi-objective optimization. NeurIPS 2018.';

/**
 * Multiple-gradient descent: the shortest vector in the convex hull of the gradients, min_{α ∈ Δ} ‖Σ αₜ gₜ‖², found
 * exactly. With divisors sₜ it is the shortest in the hull of gₜ/sₜ, and the weights αₜ/sₜ are scaled to a sum of 1.
 */
export const mgda: Aggregation<MgdaOptions, null> = stateless({
  name: 'mgda',
  title: 'Multiple-gradient descent',
  about:
    'The shortest vector in the convex hull of the gradients: 0 exactly where no direction helps all tasks.',
  paper: PAPER,
  needs: 'gramian',
  options: OPTIONS,
  weigh: shortest,
});

/**
 * The upper bound of multiple-gradient descent: the same on gradients with respect to the shared representation, which
 * cost no backward pass through the trunk.
 */
export const mgdaUb: Aggregation<MgdaOptions, null> = stateless({
  name: 'mgda-ub',
  title: 'Multiple-gradient descent, upper bound',
  about:
    'Multiple-gradient descent on the gradients of the shared representation: one backward pass through the trunk.',
  paper: PAPER,
  needs: 'representation',
  options: OPTIONS,
  weigh: shortest,
});

function shortest(batch: Batch, { normalise }: MgdaOptions): Float64Array {
  const { gramian, size } = batch;
  if (normalise === 'none') return minNorm(gramian, size);
  const scales = new Float64Array(size).fill(1);
  if (normalise !== 'loss')
    unitScales(gramian, size).forEach((value, i) => {
      scales[i] = value || 1;
    });
  if (normalise !== 'l2')
    batch.losses.forEach((loss, i) => {
      if (loss > 0) scales[i] = scales[i]! / loss;
    });
  const weights = minNorm(rescaled(gramian, scales), size).map((value, i) => value * scales[i]!);
  const total = sumOf(weights);
  return weights.map((value) => value / total);
}
