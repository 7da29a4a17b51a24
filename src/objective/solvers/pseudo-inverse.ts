import { type Eigen, symmetricEigen } from './eigen.ts';

/**
 * What counts as 0 beside the largest eigenvalue, for each row: Gramians come from float32 gradients, whose rounding
 * lifts an eigenvalue of 0 by about this much.
 */
const RESOLUTION = 2 ** -23;

/** The eigenvalues that are not noise, with their vectors: falling, all > 0. */
export function significant(matrix: Float64Array, size: number, resolution: number = RESOLUTION): Eigen {
  const { values, vectors } = symmetricEigen(matrix, size);
  const least = Math.max(0, values[0] ?? 0) * size * resolution;
  const rank = values.findIndex((value) => !(value > least));
  return rank < 0 ? { values, vectors } : { values: values.slice(0, rank), vectors };
}

/** Σₖ f(λₖ) vₖ (vₖ·b) over the eigenvalues that are not noise; with f = 1/λ the pseudo-inverse A⁺ b. */
export function spectral(
  { values, vectors }: Eigen,
  b: Float64Array,
  f: (value: number) => number,
): Float64Array {
  const size = b.length;
  const result = new Float64Array(size);
  values.forEach((value, k) => {
    const vector = vectors.subarray(k * size, (k + 1) * size);
    let along = 0;
    for (let i = 0; i < size; i++) along += vector[i]! * b[i]!;
    along *= f(value);
    for (let i = 0; i < size; i++) result[i] = result[i]! + along * vector[i]!;
  });
  return result;
}

/** A⁺ b of a symmetric positive semidefinite matrix. */
export function pseudoSolve(matrix: Float64Array, b: Float64Array, resolution?: number): Float64Array {
  return spectral(significant(matrix, b.length, resolution), b, (value) => 1 / value);
}
