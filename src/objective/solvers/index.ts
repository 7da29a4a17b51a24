export { balance } from './balance.ts';
export { bestInBall } from './ball.ts';
export { cholesky, solveFactor } from './cholesky.ts';
export { type Eigen, symmetricEigen } from './eigen.ts';
export * from './matrix.ts';
export { minNorm } from './min-norm.ts';
export { nonNegativeQuadratic } from './non-negative.ts';
export { pseudoSolve, significant, spectral } from './pseudo-inverse.ts';
export { projectSimplex } from './simplex.ts';
