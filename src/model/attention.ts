import {
  add,
  type Dim,
  gelu,
  layerNorm,
  matmul,
  mul,
  rank,
  reshape,
  softmax,
  type Tensor,
  transpose,
} from '../engine/index.ts';
import { type DenseOptions, dense } from './layers.ts';
import type { LayerView } from './view.ts';

export interface Attention {
  /** [..., batch, queries, width] */
  readonly value: Tensor;
  /** How much each query looks at each key, [..., batch, heads, queries, keys]; sums to 1 over the keys. */
  readonly weights: Tensor;
}

/**
 * Attention of several heads: Σₖ softmaxₖ(qᵀk / √d) v for each head, joined and projected.
 *
 * A. Vaswani et al.: Attention is all you need. NIPS 2017. Keys have no bias: it would cancel in the softmax.
 *
 * @param from [..., batch or 1, queries, width]
 * @param to [..., batch, keys, width]
 */
export function attend(view: LayerView, name: string, from: Tensor, to: Tensor, heads: number): Attention {
  const width = from.shape.at(-1) as number;
  const project = (x: Tensor, what: string): Tensor =>
    splitHeads(
      together(x, (vectors) => linear(view, vectors, `${name}/${what}`, width)),
      heads,
    );
  const scores = matmul(project(from, 'query'), project(to, 'key'), { transposeB: true });
  const weights = softmax(mul(scores, 1 / Math.sqrt(width / heads)), -1);
  const joined = joinHeads(matmul(weights, project(to, 'value')));
  return { value: denseOf(view, joined, { name: `${name}/output`, units: width }), weights };
}

/**
 * A block of a Perceiver: q + attention(norm q, norm inputs), then + perceptron(norm of it).
 *
 * @param inputs what is looked at; without, the queries look at each other
 */
export function attentionBlock(
  view: LayerView,
  name: string,
  queries: Tensor,
  inputs: Tensor | undefined,
  heads: number,
): Attention {
  const from = normed(view, queries, `${name}/norm/queries`);
  const to = inputs === undefined ? from : normed(view, inputs, `${name}/norm/inputs`);
  const { value, weights } = attend(view, name, from, to, heads);
  const seen = add(queries, value);
  const units = seen.shape.at(-1) as number;
  const inner = denseOf(view, normed(view, seen, `${name}/norm/seen`), {
    name: `${name}/inner`,
    units,
    gain: 2,
  });
  return { value: add(seen, denseOf(view, gelu(inner), { name: `${name}/outer`, units })), weights };
}

/**
 * A layer over the vectors of all rows at once: a product for every row, which has few vectors, would cost more in calls
 * than in sums, and its gradient store a matrix of weights for each row.
 *
 * @param x [..., batch, n, width]
 */
function together(x: Tensor, layer: (vectors: Tensor) => Tensor): Tensor {
  const [batch, count, width] = x.shape.slice(-3) as [Dim, number, number];
  if (typeof batch === 'string') return layer(x);
  const y = layer(reshape(x, [...x.shape.slice(0, -3), batch * count, width]));
  // Copies of the layer may be more than of what it sees.
  return reshape(y, [...y.shape.slice(0, -2), batch, count, y.shape.at(-1)!]);
}

/** `dense` for each of a row's vectors, [..., batch, n, width]. */
export const denseOf = (view: LayerView, x: Tensor, options: DenseOptions): Tensor =>
  together(x, (vectors) => dense(view, vectors, options));

function linear(view: LayerView, x: Tensor, name: string, units: number): Tensor {
  const fanIn = x.shape.at(-1) as number;
  const initialiser = { kind: 'uniform', fanIn, gain: 1 } as const;
  return matmul(x, view.parameter(`${name}/weight`, [fanIn, units], { initialiser, rank: rank(x) }));
}

/** Layer norm with a learned scale and shift, [..., width]. */
export function normed(view: LayerView, x: Tensor, name: string): Tensor {
  const [shape, options] = [[1, x.shape.at(-1) as number], { decays: false, rank: rank(x) }];
  const scale = view.parameter(`${name}/scale`, shape, { initialiser: { kind: 'ones' }, ...options });
  const shift = view.parameter(`${name}/shift`, shape, { initialiser: { kind: 'zeros' }, ...options });
  return layerNorm(x, scale, shift);
}

/** [..., n, heads · d] → [..., heads, n, d]. */
function splitHeads(x: Tensor, heads: number): Tensor {
  const width = x.shape.at(-1) as number;
  return swapBefore(reshape(x, [...x.shape.slice(0, -1), heads, width / heads]));
}

/** [..., heads, n, d] → [..., n, heads · d]. */
function joinHeads(x: Tensor): Tensor {
  const [heads, depth] = [x.shape.at(-3) as number, x.shape.at(-1) as number];
  const rows = swapBefore(x);
  return reshape(rows, [...rows.shape.slice(0, -2), heads * depth]);
}

/** Swaps the two axes before the last. */
function swapBefore(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  const [a, b, last] = axes.slice(-3) as [number, number, number];
  return transpose(x, [...axes.slice(0, -3), b, a, last]);
}
