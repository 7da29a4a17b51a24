/**
 * L with A = LLᵀ of a symmetric positive definite matrix, row-major, 0 above the diagonal.
 *
 * @returns undefined where a pivot is not positive
 */
export function cholesky(matrix: Float64Array, size: number): Float64Array | undefined {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j <= i; j++) {
      const other = j * size;
      let sum = matrix[row + j]!;
      for (let k = 0; k < j; k++) sum -= factor[row + k]! * factor[other + k]!;
      if (j < i) factor[row + j] = sum / factor[other + j]!;
      else if (sum > 0) factor[row + i] = Math.sqrt(sum);
      else return undefined;
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
