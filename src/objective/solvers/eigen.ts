import { diagonal } from './matrix.ts';

export interface Eigen {
  /** In falling order. */
  readonly values: Float64Array;
  /** Row-major, the unit vector of values[k] in row k. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, A = Σₖ λₖ vₖ vₖᵀ: Householder reflections to a tridiagonal matrix,
 * then the QL iteration with implicit shifts.
 *
 * J. Wilkinson, C. Reinsch: Handbook for automatic computation II: Linear algebra, 1971.
 */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  let scale = 0;
  for (let k = 0; k < matrix.length; k++) scale = Math.max(scale, Math.abs(matrix[k]!));
  if (!(scale > 0)) scale = 1;
  const unit = new Float64Array(matrix.length);
  for (let k = 0; k < matrix.length; k++) unit[k] = matrix[k]! / scale;
  const reduced = tridiagonal(unit, size);
  diagonalise(reduced);
  const order = Array.from(reduced.main.keys()).sort((a, b) => reduced.main[b]! - reduced.main[a]!);
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => {
    vectors.set(reduced.basis.subarray(from * size, (from + 1) * size), to * size);
  });
  return { values: Float64Array.from(order, (k) => reduced.main[k]! * scale), vectors };
}

interface Tridiagonal {
  readonly main: Float64Array;
  /** Beside the diagonal: off[k] at (k, k + 1); the last is 0. */
  readonly off: Float64Array;
  /** Qᵀ of A = Q T Qᵀ: rows turn into eigenvectors as T turns diagonal. */
  readonly basis: Float64Array;
}

/** Reflects row after row; of `a` only the upper triangle counts, and its row k then keeps the k-th reflector. */
function tridiagonal(a: Float64Array, size: number): Tridiagonal {
  const off = new Float64Array(size);
  const factors = new Float64Array(size);
  const p = new Float64Array(size);
  for (let k = 0; k < size - 1; k++) {
    const v = a.subarray(k * size, (k + 1) * size);
    let squares = 0;
    for (let i = k + 1; i < size; i++) squares += v[i]! * v[i]!;
    const head = v[k + 1]!;
    off[k] = head;
    // With nothing beyond the subdiagonal no reflection is needed.
    if (squares === head * head) continue;
    const norm = Math.sqrt(squares);
    off[k] = head > 0 ? -norm : norm;
    v[k + 1] = head - off[k]!;
    const factor = (factors[k] = 1 / (squares - head * off[k]!));
    p.fill(0);
    for (let i = k + 1; i < size; i++) {
      const [row, vi] = [i * size, v[i]!];
      let sum = a[row + i]! * vi;
      for (let j = i + 1; j < size; j++) {
        sum += a[row + j]! * v[j]!;
        p[j]! += a[row + j]! * vi;
      }
      p[i]! += sum;
    }
    let along = 0;
    for (let i = k + 1; i < size; i++) {
      p[i]! *= factor;
      along += p[i]! * v[i]!;
    }
    for (let i = k + 1; i < size; i++) p[i]! -= (factor / 2) * along * v[i]!;
    for (let i = k + 1; i < size; i++) {
      const [row, vi, pi] = [i * size, v[i]!, p[i]!];
      for (let j = i; j < size; j++) a[row + j] = a[row + j]! - vi * p[j]! - pi * v[j]!;
    }
  }
  return { main: diagonal(a, size), off, basis: reflections(a, factors, size) };
}

/** Qᵀ, the product of the reflections, the last first. */
function reflections(a: Float64Array, factors: Float64Array, size: number): Float64Array {
  const basis = new Float64Array(size * size);
  for (let i = 0; i < size; i++) basis[i * size + i] = 1;
  for (let k = size - 2; k >= 0; k--) {
    if (factors[k] === 0) continue;
    const v = a.subarray(k * size, (k + 1) * size);
    for (let i = k + 1; i < size; i++) {
      const row = i * size;
      let sum = 0;
      for (let j = k + 1; j < size; j++) sum += basis[row + j]! * v[j]!;
      sum *= factors[k]!;
      for (let j = k + 1; j < size; j++) basis[row + j] = basis[row + j]! - sum * v[j]!;
    }
  }
  return basis;
}

/** QL sweeps until nothing is left beside the diagonal; two or three an eigenvalue. */
function diagonalise({ main, off, basis }: Tridiagonal): void {
  const size = main.length;
  for (let low = 0; low < size; low++)
    for (let sweep = 0; sweep < 60; sweep++) {
      let high = low;
      while (
        high < size - 1 &&
        Math.abs(off[high]!) > EPSILON * (Math.abs(main[high]!) + Math.abs(main[high + 1]!))
      )
        high++;
      if (high === low) break;
      sweepUp(main, off, basis, low, high);
    }
}

function sweepUp(
  main: Float64Array,
  off: Float64Array,
  basis: Float64Array,
  low: number,
  high: number,
): void {
  const half = (main[low + 1]! - main[low]!) / (2 * off[low]!);
  const root = Math.sqrt(half * half + 1);
  let g = main[high]! - main[low]! + off[low]! / (half + (half < 0 ? -root : root));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = high - 1; i >= low; i--) {
    const f = sine * off[i]!;
    const b = cosine * off[i]!;
    const radius = Math.sqrt(f * f + g * g);
    off[i + 1] = radius;
    if (radius === 0) {
      main[i + 1] = main[i + 1]! - shift;
      off[high] = 0;
      return;
    }
    sine = f / radius;
    cosine = g / radius;
    g = main[i + 1]! - shift;
    const turned = (main[i]! - g) * sine + 2 * cosine * b;
    shift = sine * turned;
    main[i + 1] = g + shift;
    g = cosine * turned - b;
    rotate(basis, i, main.length, sine, cosine);
  }
  main[low] = main[low]! - shift;
  off[low] = g;
  off[high] = 0;
}

/** Turns rows i and i + 1 into each other. */
function rotate(rows: Float64Array, i: number, size: number, sine: number, cosine: number): void {
  const upper = i * size;
  const lower = upper + size;
  for (let k = 0; k < size; k++) {
    const below = rows[lower + k]!;
    rows[lower + k] = sine * rows[upper + k]! + cosine * below;
    rows[upper + k] = cosine * rows[upper + k]! - sine * below;
  }
}

const EPSILON = 2 ** -52;
