/**
 * L with A = LLᵀ of a symmetric positive definite matrix, row-major, 0 above the diagonal.
 *
 * @param factor where L goes; 0 above the diagonal
 * @returns undefined where a pivot is not positive
 */
export function cholesky(
  matrix: Float64Array,
  size: number,
  factor: Float64Array = new Float64Array(size * size),
): Float64Array | undefined {
  for (let j = 0; j < size; j++) {
    const row = j * size;
    let square = matrix[row + j]!;
    for (let k = 0; k < j; k++) square -= factor[row + k]! * factor[row + k]!;
    if (!(square > 0)) return undefined;
    const pivot = Math.sqrt(square);
    factor[row + j] = pivot;
    // Two sums at a time, which do not wait for each other; the last row of an odd number is done twice.
    for (let i = j + 1; i < size; i += 2) {
      const upper = i * size;
      const lower = i + 1 < size ? upper + size : upper;
      let above = matrix[upper + j]!;
      let below = matrix[lower + j]!;
      for (let k = 0; k < j; k++) {
        const value = factor[row + k]!;
        above -= value * factor[upper + k]!;
        below -= value * factor[lower + k]!;
      }
      factor[upper + j] = above / pivot;
      factor[lower + j] = below / pivot;
    }
  }
  return factor;
}

/** x with LLᵀx = b, where only the leading `size` rows of a factor of `stride` columns count. */
export function solveFactor(
  factor: Float64Array,
  b: Float64Array,
  size: number = b.length,
  stride: number = size,
): Float64Array {
  const x = b.slice(0, size);
  for (let i = 0; i < size; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * stride + k]! * x[k]!;
    x[i] = sum / factor[i * stride + i]!;
  }
  // Backwards by rows of L, which lie one after the other in memory.
  for (let i = size - 1; i >= 0; i--) {
    const value = (x[i] = x[i]! / factor[i * stride + i]!);
    for (let k = 0; k < i; k++) x[k] = x[k]! - factor[i * stride + k]! * value;
  }
  return x;
}
