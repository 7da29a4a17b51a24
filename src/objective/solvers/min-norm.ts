import { diagonal, shifted, sumOf } from './matrix.ts';
import { nonNegativeQuadratic } from './non-negative.ts';

/**
 * The shortest vector in the convex hull of gradients: w on the simplex with the least wᵀGw.
 *
 * With x = t w, min_{x ≥ 0} xᵀGx + (Σx − 1)² is min_t t² wᵀGw + (t − 1)², whose best w is the same for every t: one
 * non-negative quadratic, solved exactly. Two gradients have a closed form.
 *
 * @param gramian [T, T]
 * @param guess weights whose support may be near the answer's
 */
export function minNorm(gramian: Float64Array, size: number, guess?: ArrayLike<number>): Float64Array {
  if (size === 1) return Float64Array.of(1);
  if (size === 2) return between(gramian[0]!, gramian[1]!, gramian[3]!);
  const largest = diagonal(gramian, size).reduce((most, value) => Math.max(most, value), 0);
  const scale = largest > 0 ? 1 / largest : 0;
  const x = nonNegativeQuadratic(shifted(gramian, scale, 1), new Float64Array(size).fill(1), guess);
  const total = sumOf(x);
  return x.map((value) => value / total);
}

/** ‖w a + (1 − w) b‖ is least at w = (b·b − a·b) / ‖a − b‖², kept within [0, 1]. */
function between(aa: number, ab: number, bb: number): Float64Array {
  const apart = aa + bb - 2 * ab;
  const w = apart > 0 ? Math.min(1, Math.max(0, (bb - ab) / apart)) : 1 / 2;
  return Float64Array.of(w, 1 - w);
}
