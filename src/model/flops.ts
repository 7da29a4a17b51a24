import { topological } from '../engine/graph.ts';
import type { Dim, Tensor } from '../engine/index.ts';
import { inputOperator, inputRole } from '../engine/leaf.ts';

/** Operators that are products of matrices. */
const PRODUCTS: ReadonlySet<string> = new Set(['matmul', 'gemm']);

/**
 * Floating-point operations to compute some values for one row: 2 m k n for each product of an m × k and a k × n
 * matrix, a multiplication and an addition for each term. Activations, mixtures and norms are left out, as is usual:
 * they are few beside the products. What depends on parameters alone is computed once and counts nothing.
 *
 * @param outputs their free dimensions count as 1
 */
export function countFlops(outputs: readonly Tensor[]): number {
  const ofRows = new Set<object>();
  let flops = 0;
  for (const node of topological(outputs)) {
    const leaf = (node.operator as unknown) === inputOperator;
    const depends = leaf
      ? inputRole(node.outputs[0]!) !== 'state'
      : node.inputs.some((value) => ofRows.has(value.node));
    if (!depends) continue;
    ofRows.add(node);
    if (!PRODUCTS.has(node.operator.name)) continue;
    const inner = node.inputs[0]!.shape.at(node.attributes.transposeA === true ? -2 : -1)!;
    flops += 2 * [...node.outputs[0]!.shape, inner].map(sizeOf).reduce((a, b) => a * b, 1);
  }
  return flops;
}

function sizeOf(dim: Dim): number {
  return typeof dim === 'number' ? dim : 1;
}
