import { symmetricEigen } from './eigen.ts';
import { rescaled, unitScales } from './matrix.ts';
import { significant } from './pseudo-inverse.ts';

/**
 * The condition number of the matrix whose rows are the tasks' gradients, κ(J) = σ_max / σ_min = √(λ_max / λ_min) of the
 * Gramian JJᵀ: 1 where gradients are orthogonal and equally long, and the larger, the more they conflict or differ in
 * length.
 *
 * D. Senushkin et al.: Independent component alignment for multi-task learning. CVPR 2023.
 *
 * @param gramian [size, size], from gradients in float32
 * @returns ∞ where a gradient is 0 or a combination of others. This is judged on unit gradients: what rounding adds to a
 * Gramian grows with each gradient's own length.
 */
export function conditionNumber(gramian: Float64Array, size: number): number {
  const units = rescaled(gramian, unitScales(gramian, size));
  if (significant(units, size).values.length < size) return Number.POSITIVE_INFINITY;
  const { values } = symmetricEigen(gramian, size);
  const least = values[size - 1]!;
  return least > 0 ? Math.sqrt(values[0]! / least) : Number.POSITIVE_INFINITY;
}
