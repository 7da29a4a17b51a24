import {
  add,
  div,
  identity,
  matmul,
  mul,
  reduceSum,
  sqrt,
  stopGradient,
  sub,
  type Tensor,
} from '../../../engine/index.ts';

/** Added to a Gram matrix as a share of its trace: singular values below √RIDGE of the norm count as that. */
const RIDGE = 1e-5;
/** What is added in any case: singular values below 10⁻⁴ count as that, so that nothing is divided by zero. */
const FLOOR = 1e-8;

/** A square root and its inverse, as constants of the gradient: [..., T, T] each. */
export interface MatrixRoots {
  readonly root: Tensor;
  readonly inverse: Tensor;
}

/**
 * A^{1/2} and A^{−1/2} of A = G + (ρ tr G + ε) I, ρ = 10⁻⁵ and ε = 10⁻⁸, with products of matrices alone: the coupled
 * Newton–Schulz iteration Y ← ½ α Y (3I − α² ZY), Z ← ½ α (3I − α² ZY) Z from Y = A / tr A, Z = I, where α stretches
 * the known interval of singular values as far as the iteration converges.
 *
 * N. J. Higham: Stable iterations for the matrix square root. Numerical Algorithms 15, 1997. J. Chen, E. Chow: A stable
 * scaling of Newton–Schulz for improving the sign function computation of a Hermitian matrix. Argonne, 2014.
 *
 * @param gram positive semi-definite, [..., T, T]; zeros are fine
 */
export function matrixRoots(gram: Tensor): MatrixRoots {
  const size = gram.shape.at(-1) as number;
  const eye = identity(size);
  const fixed = stopGradient(gram);
  const ridged = add(fixed, mul(eye, add(mul(trace(fixed), RIDGE), FLOOR)));
  const total = trace(ridged);
  let root = div(ridged, total);
  let inverse: Tensor = eye;
  for (const stretch of stretches(Math.sqrt(RIDGE / (1 + size * RIDGE)))) {
    const step = mul(sub(mul(eye, 3), mul(matmul(inverse, root), stretch ** 2)), stretch / 2);
    [root, inverse] = [matmul(root, step), matmul(step, inverse)];
  }
  return { root: mul(root, sqrt(total)), inverse: div(inverse, sqrt(total)) };
}

/** tr A, [..., 1, 1]. */
export function trace(matrix: Tensor): Tensor {
  const eye = identity(matrix.shape.at(-1) as number);
  return reduceSum(mul(matrix, eye), [-2, -1], { keepDims: true });
}

/** α of each iteration, until all of [least, 1] has come within the precision of floats of 1. */
function stretches(least: number): number[] {
  const factors: number[] = [];
  for (let low = least; 1 - low > 1e-8; ) {
    const stretch = Math.sqrt(3 / (1 + low + low * low));
    factors.push(stretch);
    low = (stretch * low * (3 - (stretch * low) ** 2)) / 2;
  }
  return factors;
}
