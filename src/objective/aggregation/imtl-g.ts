import { lengthOf, minNorm, multiply, pseudoSolve, sumOf } from '../solvers/index.ts';
import type { Aggregation } from './aggregation.ts';
import { stateless } from './define.ts';
import { type Units, unitsOf } from './units.ts';

/**
 * Impartial learning of the shared parameters: the d = Σ wₜ gₜ with Σw = 1 whose projections on all unit gradients uₜ are
 * equal. With cosines C: C v = 1 and wₜ ∝ vₜ/‖gₜ‖.
 *
 * Two guards. Weights of both signs may cancel in their sum, which blows d up or turns it round: d descends always and
 * is no longer than the longest gradient. And at a Pareto-stationary point there is no such d: the shortest point of the
 * hull of the uₜ takes its place, which is 0 there, and has equal projections wherever it has weight.
 */
export const imtlG: Aggregation<object, null> = stateless({
  name: 'imtl-g',
  title: 'Impartial multi-task learning (gradients)',
  about: 'The direction with the same projection on every task’s unit gradient.',
  paper:
    'L. Liu, Y. Li, Z. Kuang, J.-H. Xue, Y. Chen, W. Yang, Q. Liao, W. Zhang: Towards impartial multi-task learning. ICLR 2021.',
  needs: 'gramian',
  options: {},
  weigh: (batch) => {
    const units = unitsOf(batch);
    if (units.size === 0) return new Float64Array(batch.size);
    const ofUnits = equalProjections(units) ?? minNorm(units.cosines, units.size);
    const weights = ofUnits.map((value, i) => value * units.scales[i]!);
    const total = sumOf(weights);
    const longest = units.scales.reduce((most, scale) => Math.max(most, 1 / scale), 0);
    const length = lengthOf(units.cosines, ofUnits);
    const scale = total > 0 && length <= longest * total ? 1 / total : longest / length;
    return units.spread(weights.map((value) => value * scale));
  },
});

/** v with C v = 1, where there is one. */
function equalProjections({ cosines, size }: Units): Float64Array | undefined {
  const v = pseudoSolve(cosines, new Float64Array(size).fill(1));
  const off = multiply(cosines, v).some((projection) => Math.abs(projection - 1) > 0.01);
  return off ? undefined : v;
}
