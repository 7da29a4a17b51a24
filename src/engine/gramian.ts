import { matmul, matmulOperator, reshape, transpose } from './operators/index.ts';
import { rank, type Tensor } from './tensor.ts';

/**
 * The rows of a part of a Jacobian as vectors, [...lead, T, n].
 *
 * @param part [T, ...lead, ...shape], as `jacobian` gives it
 * @param lead how many axes stand between the tasks and what each row is made of
 */
export function jacobianRows(part: Tensor, lead: number): Tensor {
  const [tasks, ...rest] = part.shape as number[];
  const leading = rest.slice(0, lead);
  const flat = reshape(part, [tasks!, ...leading, rest.slice(lead).reduce((a, b) => a * b, 1)]);
  if (lead === 0) return flat;
  const axes = leading.map((_, axis) => axis + 1);
  return transpose(flat, [...axes, 0, lead + 1]);
}

/**
 * G = JJᵀ of one part of a Jacobian, [...lead, T, T].
 *
 * Where rows are products with a matrix that all tasks share, J = D Wᵀ, their inner products are those of the smaller
 * factor: G = D (WᵀW) Dᵀ, so that J itself is never written. That is so for a representation under linear heads.
 *
 * @param part [T, ...lead, ...shape]
 */
export function gramian(part: Tensor, lead: number): Tensor {
  const factor = smallerFactor(part);
  if (factor === undefined) {
    const rows = jacobianRows(part, lead);
    return matmul(rows, rows, { transposeB: true });
  }
  const [small, inner] = factor;
  return matmul(jacobianRows(matmul(small, inner), lead), jacobianRows(small, lead), { transposeB: true });
}

/** D and WᵀW of a part D Wᵀ, if D is smaller than the product. */
function smallerFactor({ node, shape }: Tensor): readonly [Tensor, Tensor] | undefined {
  if (node.operator !== (matmulOperator as unknown)) return undefined;
  const [small, shared] = node.inputs as [Tensor, Tensor];
  const { transposeA, transposeB } = node.attributes as { transposeA: boolean; transposeB: boolean };
  const narrower = (small.shape.at(-1) as number) < (shape.at(-1) as number);
  const ofTasks = rank(small) === rank(node.outputs[0]!) && rank(shared) < rank(small);
  if (transposeA || !narrower || !ofTasks) return undefined;
  // With transposeB the factor stands as W [n, m], else as Wᵀ [m, n].
  const options = transposeB ? { transposeA: true } : { transposeB: true };
  return [small, matmul(shared, shared, options)];
}
