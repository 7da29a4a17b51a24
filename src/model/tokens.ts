import { add, concat, mul, rank, reduceSum, squeeze, type Tensor, unsqueeze } from '../engine/index.ts';
import { type BatchInputs, type FeatureSignature, offsetCodes } from './inputs.ts';
import type { ParameterView } from './view.ts';

/**
 * Every feature as a vector: a numeric column is xⱼ Eⱼ + bⱼ, a category its embedding, a text its bag Σ weightₗ E[idₗ].
 *
 * Y. Gorishniy et al.: Revisiting deep learning models for tabular data. NeurIPS 2021.
 *
 * @returns [..., batch, features, width]
 */
export function featureTokens(
  view: ParameterView,
  inputs: BatchInputs,
  signature: FeatureSignature,
  width: number,
): Tensor {
  const parts: Tensor[] = [];
  if (inputs.numeric) {
    // Where each row has parameters of its own, a row stands as a batch of one.
    const rows = view.rowwise ? unsqueeze(inputs.numeric, -2) : inputs.numeric;
    const each = unsqueeze(rows, -1);
    const shape = [1, rows.shape.at(-1) as number, width];
    const options = { initialiser: { kind: 'uniform', fanIn: 1, gain: 1 }, rank: rank(each) } as const;
    const scale = view.parameter('tokens/scale', shape, options);
    const shift = view.parameter('tokens/shift', shape, { ...options, decays: false });
    const vectors = add(mul(each, scale), shift);
    parts.push(view.rowwise ? squeeze(vectors, -3) : vectors);
  }
  if (inputs.categorical) {
    const rows = signature.categorical.reduce((a, b) => a + b, 0);
    const codes = offsetCodes(inputs.categorical, signature.categorical);
    parts.push(view.lookup('tokens/categories', rows, width, codes));
  }
  inputs.text.forEach(({ name, ids, weights }, i) => {
    const embedded = view.lookup(`tokens/text/${name}`, signature.text[i]!.buckets, width, ids);
    parts.push(unsqueeze(reduceSum(mul(embedded, unsqueeze(weights, -1)), -2), -2));
  });
  return concat(parts, -2);
}
