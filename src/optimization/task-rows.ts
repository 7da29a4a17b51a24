import {
  constant,
  gradient,
  gramian,
  jacobian,
  jacobianRows,
  matmul,
  mul,
  reduceSum,
  reshape,
  type Tensor,
} from '../engine/index.ts';
import type { Readout } from '../model/heads.ts';

/** The gradients of all tasks by one leaf. */
export interface TaskRows {
  /** [...lead, T, n] */
  rows(): Tensor;
  /** JJᵀ, [...lead, T, T]. */
  squared(): Tensor;
  /** J₁J₂ᵀ with the gradients of another batch, [...lead, T, T]. */
  times(other: TaskRows): Tensor;
}

/**
 * The Jacobian of the tasks' terms, leaf by leaf. Where tasks own blocks of the rows and see each leaf through views of
 * their own, one ordinary backward pass holds it; else one that carries all tasks on an axis.
 *
 * @param terms [...lead, T]
 * @param views of the leaves, [...lead, T, ...shape]
 */
export function taskRows(
  terms: Tensor,
  leaves: readonly Tensor[],
  views: ReadonlyMap<Tensor, Tensor>,
  lead: readonly number[],
): TaskRows[] {
  if (leaves.every((leaf) => views.has(leaf))) {
    const tasks = terms.shape.at(-1) as number;
    const parts = gradient(
      reduceSum(terms),
      leaves.map((leaf) => views.get(leaf)!),
    );
    return parts.map((part) => {
      const size = (part.shape.slice(lead.length + 1) as number[]).reduce((a, b) => a * b, 1);
      return rowsOf(() => reshape(part, [...lead, tasks, size]));
    });
  }
  // Replicas do not meet: the Jacobian of their sum holds each one's own rows.
  const parts = jacobian(lead.length === 0 ? terms : reduceSum(terms, 0), leaves);
  return parts.map((part) => ({
    ...rowsOf(() => jacobianRows(part, lead.length)),
    squared: () => gramian(part, lead.length),
  }));
}

const rowsOf = (rows: () => Tensor): TaskRows => ({
  rows,
  squared: () => matmul(rows(), rows(), { transposeB: true }),
  times: (other) => matmul(rows(), other.rows(), { transposeB: true }),
});

/**
 * The gradients by a representation z under linear heads, gₜ = Σ_c∈t dc ⊗ Wc with d = ∂ΣL/∂(zW), which tasks share
 * column by column: their Gramian is a sum over blocks of (WᵀW) ⊙ (dᵀd), and needs none of them.
 *
 * @param terms [...lead, T], each of which depends on its own columns alone
 */
export function readoutGramian(terms: Tensor, { logits, weight, columns }: Readout): Tensor {
  const [d] = gradient(reduceSum(terms), [logits]) as [Tensor];
  const products = [weight, d].map((x) => matmul(x, x, { transposeA: true }));
  const each = mul(products[0]!, products[1]!);
  if (columns.every((count) => count === 1)) return each;
  const owners = columns.flatMap((count, task) =>
    Array.from({ length: count }, () => columns.map((_, other) => Number(other === task))),
  );
  const own = constant(owners.flat(), { shape: [owners.length, columns.length], dtype: terms.dtype });
  return matmul(matmul(own, each, { transposeA: true }), own);
}
