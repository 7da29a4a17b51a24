/** Small dense matrices of float64, row-major; a vector's length gives their size. */

/** M v, [n]. */
export function multiply(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  const product = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += matrix[i * size + j]! * vector[j]!;
    product[i] = sum;
  }
  return product;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** aᵀ M a: of a Gramian, ‖Σ aₜ gₜ‖². */
export function quadratic(matrix: Float64Array, a: Float64Array): number {
  return dot(a, multiply(matrix, a));
}

/** The norm of Σ aₜ gₜ; rounding may leave a square just below 0. */
export function lengthOf(gramian: Float64Array, weights: Float64Array): number {
  return Math.sqrt(Math.max(0, quadratic(gramian, weights)));
}

export function diagonal(matrix: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => matrix[i * size + i]!);
}

/** S M S with S = diag(s): the Gramian of the gradients sₜ gₜ. */
export function rescaled(matrix: Float64Array, scales: Float64Array): Float64Array {
  const size = scales.length;
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) out[i * size + j] = matrix[i * size + j]! * scales[i]! * scales[j]!;
  return out;
}

/** 1 / ‖gₜ‖, and 0 where the gradient is 0: scales that make gradients units. */
export function unitScales(gramian: Float64Array, size: number): Float64Array {
  return diagonal(gramian, size).map((square) => (square > 0 ? 1 / Math.sqrt(square) : 0));
}

export function sumOf(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value;
  return sum;
}
