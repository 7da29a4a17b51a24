import { lengthOf, minNorm, multiply, pseudoSolve, sumOf } from '../solvers/index.ts';
import type { Aggregation } from './aggregation.ts';
import { stateless } from './define.ts';
import { type Units, unitsOf } from './units.ts';

/**
 * Impartial learning of the shared parameters: the d = Σ wₜ gₜ with Σw = 1 whose projections on all unit gradients uₜ are
 * equal. With cosines C: C v = 1 and wₜ ∝ vₜ/‖gₜ‖.
 *
 * Where 0 is in the convex hull of the gradients no such d descends, and next to it weights explode. There (no v, a
 * projection below 0, or a d longer than every gradient) the shortest point of the hull of the uₜ takes its place: it
 * has equal projections on all of its support, no smaller ones elsewhere, and is 0 at a Pareto-stationary point.
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
    return units.spread(equalProjections(units) ?? normalised(minNorm(units.cosines, units.size), units));
  },
});

function equalProjections(units: Units): Float64Array | undefined {
  const { cosines, scales, size } = units;
  const v = pseudoSolve(cosines, new Float64Array(size).fill(1));
  if (multiply(cosines, v).some((projection) => Math.abs(projection - 1) > 0.01)) return undefined;
  if (!(sumOf(v.map((value, i) => value * scales[i]!)) > 0)) return undefined;
  const weights = normalised(v, units);
  // ‖gₜ‖ is 1/scale; Σ wₜ gₜ is the combination of unit gradients by wₜ‖gₜ‖.
  const ofUnits = weights.map((value, i) => value / scales[i]!);
  const longest = scales.reduce((most, scale) => Math.max(most, 1 / scale), 0);
  return lengthOf(cosines, ofUnits) <= longest * (1 + 1e-6) ? weights : undefined;
}

/** Weights of unit gradients as weights of gradients, with a sum of 1. */
function normalised(ofUnits: Float64Array, { scales }: Units): Float64Array {
  const weights = ofUnits.map((value, i) => value * scales[i]!);
  const total = sumOf(weights);
  return weights.map((value) => value / total);
}
