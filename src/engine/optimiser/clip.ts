import { PolytaskError } from '../../common/error.ts';
import { add, div, maximum, mul } from '../operators/arithmetic.ts';
import { clip, sqrt, square } from '../operators/elementwise.ts';
import { reduceSum } from '../operators/reduce.ts';
import { reshape } from '../operators/shape.ts';
import { rank, shapeError, type Tensor } from '../tensor.ts';

export interface ClipOptions {
  /** How many leading axes are replicas, each with a norm of its own; default 0. */
  readonly lead?: number;
}

export interface ClippedByNorm {
  readonly gradients: readonly Tensor[];
  /** The norm before clipping, of the shape of the leading axes. */
  readonly norm: Tensor;
}

/**
 * Shrinks gradients together so that the norm over all of them is at most a bound; below it they pass bit for bit.
 *
 * gᵢ ← gᵢ · c / max(c, ‖(g₁, …, gₖ)‖₂).
 *
 * R. Pascanu, T. Mikolov, Y. Bengio: On the difficulty of training recurrent neural networks. ICML 2013.
 *
 * @param gradients tensors [...lead, …] with the same leading axes
 * @param maxNorm c, above 0
 * @throws `optimiser-invalid` for a bound that is not above 0
 * @example const { gradients } = clipByGlobalNorm([dw, db], 1, { lead: 1 });
 */
export function clipByGlobalNorm(
  gradients: readonly Tensor[],
  maxNorm: number,
  options: ClipOptions = {},
): ClippedByNorm {
  checkBound('clipByGlobalNorm.maxNorm', maxNorm);
  const { lead = 0 } = options;
  const replicas = gradients[0]?.shape.slice(0, lead) ?? [];
  if (gradients.length === 0 || gradients.some(({ shape }) => replicas.some((dim, i) => dim !== shape[i])))
    throw shapeError(
      'clipByGlobalNorm',
      gradients,
      `at least one gradient, all with the same ${lead} leading axes`,
      'Give the gradients of one set of replicas.',
    );
  const squares = gradients.map((gradient) => sumOfSquares(gradient, lead));
  const norm = sqrt(squares.reduce((a, b) => add(a, b)));
  const factor = clipFactor(norm, maxNorm);
  return {
    gradients: gradients.map((gradient) =>
      mul(gradient, reshape(factor, [...replicas, ...gradient.shape.slice(lead).map(() => 1)])),
    ),
    norm,
  };
}

function sumOfSquares(gradient: Tensor, lead: number): Tensor {
  const axes = Array.from({ length: rank(gradient) - lead }, (_, i) => lead + i);
  return reduceSum(square(gradient), axes);
}

/** What gradients of a norm are multiplied by, so that it is at most `maxNorm`: exactly 1 for those below. */
export function clipFactor(norm: Tensor, maxNorm: number): Tensor {
  // c / c is 1 exactly and max is never 0: small gradients stay as they are and zero ones make no 0/0.
  return div(maxNorm, maximum(norm, maxNorm));
}

/**
 * Limits every element of the gradients to [−bound, bound].
 *
 * @throws `optimiser-invalid` for a bound that is not above 0
 * @example const [dw] = clipByValue([gradient], 0.5);
 */
export function clipByValue(gradients: readonly Tensor[], bound: number): Tensor[] {
  checkBound('clipByValue.bound', bound);
  return gradients.map((gradient) => clip(gradient, -bound, bound));
}

function checkBound(path: string, bound: number): void {
  if (bound > 0 && Number.isFinite(bound)) return;
  throw new PolytaskError('optimiser-invalid', {
    path,
    expected: 'a finite number above 0',
    found: String(bound),
    help: 'Leave clipping out where gradients should pass unchanged.',
  });
}
