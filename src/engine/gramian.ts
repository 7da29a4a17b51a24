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
 * Where the rows of all tasks are products with one matrix, their inner products are those of the other factor, if that is
 * smaller: of D Wᵀ they are D (WᵀW) Dᵀ, as for a representation under linear heads, and of Xᵀ D they are Dᵀ (XXᵀ) D, as
 * for the weights of a layer that is wider than a batch has rows. J itself is then never written.
 *
 * @param part [T, ...lead, ...shape]
 */
export function gramian(part: Tensor, lead: number): Tensor {
  const [left, right] = factorsOf(part) ?? [part, part];
  return matmul(jacobianRows(left, lead), jacobianRows(right, lead), { transposeB: true });
}

/** Two factors of the Gramian of a product, if they are smaller than the product. */
function factorsOf({ node, shape }: Tensor): readonly [Tensor, Tensor] | undefined {
  if (node.operator !== (matmulOperator as unknown)) return undefined;
  const [a, b] = node.inputs as [Tensor, Tensor];
  const { transposeA, transposeB } = node.attributes as { transposeA: boolean; transposeB: boolean };
  const whole = rank(node.outputs[0]!);
  const inner = a.shape.at(transposeA ? -2 : -1) as number;
  if (rank(a) === whole && rank(b) < whole && !transposeA && inner < (shape.at(-1) as number))
    return [matmul(a, matmul(b, b, transposeB ? { transposeA: true } : { transposeB: true })), a];
  if (rank(b) === whole && rank(a) < whole && !transposeB && inner < (shape.at(-2) as number))
    return [matmul(matmul(a, a, transposeA ? { transposeB: true } : { transposeA: true }), b), b];
  return undefined;
}
