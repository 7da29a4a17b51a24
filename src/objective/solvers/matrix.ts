/**
 * Small dense matrices of float64, row-major; a vector's length gives their size. Plain loops, which are several times as
 * fast as methods of typed arrays.
 */

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
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) out[i] = matrix[i * size + i]!;
  return out;
}

/** The rows and columns of these places alone. */
export function submatrix(matrix: Float64Array, size: number, kept: readonly number[]): Float64Array {
  const count = kept.length;
  const out = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    const row = kept[i]! * size;
    for (let j = 0; j < count; j++) out[i * count + j] = matrix[row + kept[j]!]!;
  }
  return out;
}

/** S M S with S = diag(s): the Gramian of the gradients sₜ gₜ. */
export function rescaled(matrix: Float64Array, scales: Float64Array): Float64Array {
  const size = scales.length;
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) out[i * size + j] = matrix[i * size + j]! * scales[i]! * scales[j]!;
  return out;
}

/** f M + s 11ᵀ. */
export function shifted(matrix: Float64Array, factor: number, shift: number): Float64Array {
  const out = new Float64Array(matrix.length);
  for (let k = 0; k < matrix.length; k++) out[k] = factor * matrix[k]! + shift;
  return out;
}

/**
 * Adds to the diagonal, in place, what rounding to float32 takes from eigenvalues: √n units of it. A Gramian that it made
 * indefinite is definite again.
 *
 * @param matrix of elements up to 1
 */
export function makeDefinite(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) matrix[i * size + i]! += Math.sqrt(size) * 2 ** -24;
}

/** 1 / ‖gₜ‖, and 0 where the gradient is 0: scales that make gradients units. */
export function unitScales(gramian: Float64Array, size: number): Float64Array {
  return diagonal(gramian, size).map((square) => (square > 0 ? 1 / Math.sqrt(square) : 0));
}

export function sumOf(vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]!;
  return sum;
}
