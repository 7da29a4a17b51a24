import {
  add,
  div,
  matmul,
  mul,
  reduceSum,
  reshape,
  sqrt,
  square,
  sub,
  type Tensor,
} from '../../../engine/index.ts';
import { matrixRoots, trace } from './matrix-root.ts';

/** What holds the weights of tasks together: a penalty on their deviations. */
export interface Form {
  /** On drawings. */
  readonly title: string;
  /**
   * The penalty P(D) at strength 1, [...lead].
   *
   * @param deviations D, [...lead, tasks, rows, units]: for each task its weights, or how they differ from the mean
   * @param record takes the covariance of tasks [...lead, tasks, tasks], where the form learns one
   */
  penalty(deviations: Tensor, record?: (covariance: Tensor) => void): Tensor;
  /** A strength that does little harm where tasks differ, and much good where they are alike and rows are few. */
  usual(tasks: number): number;
  /** What holds biases and norms, for a form that speaks of matrices; default: the form itself. */
  readonly biases?: Form;
  /** How steep λ P can be, by which one step of a task is scaled. */
  curvature(strength: number, tasks: number): number;
}

/** Strengths of squares and of norms that served tables of 2 to 139 tasks. */
const USUAL_SQUARES = 0.03;
const USUAL_NORMS = 0.005;

/** Row norms below this are rounded off, so that a gradient exists at 0. */
const ROUNDING = 1e-4;

/**
 * Σₜ ‖dₜ‖².
 *
 * T. Evgeniou, M. Pontil: Regularized multi-task learning. KDD 2004.
 */
const mean: Form = {
  title: 'mean of the tasks',
  penalty: (d) => reduceSum(square(d), [-3, -2, -1]),
  usual: () => USUAL_SQUARES,
  curvature: (strength) => strength,
};

/** Σ_{t<u} ‖dₜ − dᵤ‖² = T Σₜ ‖dₜ‖² for deviations from the mean. */
const pairs: Form = {
  title: 'each other',
  penalty: (d) => mul(mean.penalty(d), tasksOf(d)),
  usual: (tasks) => USUAL_SQUARES / tasks,
  curvature: (strength, tasks) => strength * tasks,
};

/**
 * √T ‖D‖_*, the sum of the singular values of D = [vec d₁ … vec d_T]: weights of all tasks in few common directions.
 * Computed as min_M ½ tr(D M⁻¹ Dᵀ) + ½ tr M, whose minimiser M = (DᵀD)^{1/2} is held fixed by the gradient D M⁻¹.
 *
 * A. Argyriou, T. Evgeniou, M. Pontil: Convex multi-task feature learning. Machine Learning 73, 2008.
 */
const lowRank: Form = {
  title: 'few common directions',
  penalty: (d) => {
    const gram = gramOf(d);
    const { root, inverse } = matrixRoots(gram);
    const size = reduceSum(trace(root), [-2, -1]);
    const norm = mul(add(inner(gram, inverse), size), 0.5);
    return mul(norm, Math.sqrt(tasksOf(d)));
  },
  usual: () => USUAL_NORMS,
  biases: mean,
  curvature: (strength, tasks) => strength ** 2 * tasks,
};

/**
 * √T Σᵢ ‖Dᵢ‖, where Dᵢ are the weights of input i to all units of a layer in all tasks: tasks differ in few inputs.
 *
 * G. Obozinski, B. Taskar, M. I. Jordan: Joint covariate selection and joint subspace selection for multiple
 * classification problems. Statistics and Computing 20, 2010.
 */
const jointFeatures: Form = {
  title: 'few common inputs',
  penalty: (d) => {
    const squares = reduceSum(square(d), [-3, -1]);
    const norms = sub(sqrt(add(squares, ROUNDING ** 2)), ROUNDING);
    return mul(reduceSum(norms, -1), Math.sqrt(tasksOf(d)));
  },
  usual: () => USUAL_NORMS,
  biases: mean,
  curvature: (strength, tasks) => strength ** 2 * tasks,
};

/**
 * ¹⁄ₜ tr(D Σ⁻¹ Dᵀ), a matrix-normal prior over tasks with the covariance Σ that fits D best, Σ = (DᵀD)^{1/2} / tr. With
 * unrelated tasks, Σ = I/T, it is `mean`; it lets related tasks deviate together, and opposite ones apart.
 *
 * Y. Zhang, D.-Y. Yeung: A convex formulation for learning task relationships in multi-task learning. UAI 2010.
 * M. Long, Z. Cao, J. Wang, P. S. Yu: Learning multiple tasks with multilinear relationship networks. NeurIPS 2017.
 */
const relationship: Form = {
  title: 'learned covariance',
  penalty: (d, record) => {
    const gram = gramOf(d);
    const { root, inverse } = matrixRoots(gram);
    const total = trace(root);
    record?.(div(root, total));
    return div(inner(gram, mul(inverse, total)), tasksOf(d));
  },
  usual: () => USUAL_SQUARES,
  biases: mean,
  curvature: (strength) => strength,
};

export type FormName = 'mean' | 'pairs' | 'trace' | 'joint-features' | 'relationship';

export const FORMS: Readonly<Record<FormName, Form>> = {
  mean,
  pairs,
  trace: lowRank,
  'joint-features': jointFeatures,
  relationship,
};

const tasksOf = (d: Tensor): number => d.shape.at(-3) as number;

/** DᵀD, the inner products of the tasks' weights: [...lead, tasks, tasks]. */
function gramOf(d: Tensor): Tensor {
  const [tasks, rows, units] = d.shape.slice(-3) as [number, number, number];
  const flat = reshape(d, [...d.shape.slice(0, -3), tasks, rows * units]);
  return matmul(flat, flat, { transposeB: true });
}

/** tr(A B) of symmetric matrices, [...lead]. */
function inner(a: Tensor, b: Tensor): Tensor {
  return reduceSum(mul(a, b), [-2, -1]);
}
