import {
  add,
  matmul,
  rank,
  reshape,
  squeeze,
  type Tensor,
  transpose,
  unsqueeze,
} from '../../engine/index.ts';
import { pick } from '../aside.ts';
import type { FeatureSignature } from '../inputs.ts';
import { ACTIVATIONS, type Activation, swapRows } from '../layers.ts';
import type { ParameterView } from '../view.ts';
import type { ChosenNumeric } from './registry.ts';

/** Numeric features, parted by whether they become vectors. */
export interface EmbeddedNumbers {
  /** [..., batch, columns]; absent where all are embedded. */
  readonly plain?: Tensor;
  /** [..., batch, columns, width]; absent where none are. */
  readonly vectors?: Tensor;
}

/**
 * The vectors of numeric columns: a(φ(xⱼ) Wⱼ + bⱼ) for those that have bins; others stay numbers.
 *
 * @param x [..., batch, columns]
 * @param width of a vector
 */
export function embedNumbers(
  view: ParameterView,
  x: Tensor,
  { numeric, edges = [] }: Pick<FeatureSignature, 'numeric' | 'edges'>,
  { embedding, options }: ChosenNumeric,
  width: number,
  activation: Activation,
): EmbeddedNumbers {
  const columns = Array.from({ length: numeric }, (_, j) => j);
  const isEmbedded = (j: number): boolean => (edges[j]?.length ?? 0) > 1;
  const embedded = embedding.bins(options) === 0 ? [] : columns.filter(isEmbedded);
  if (embedded.length === 0) return { plain: x };
  const rest = columns.filter((j) => !embedded.includes(j));
  const own = pick(x, embedded);
  // Where each row has parameters of its own, a row stands as a batch of one.
  const rows = view.rowwise ? unsqueeze(own, -2) : own;
  const phi = embedding.expand(
    view,
    unsqueeze(transpose(rows), -1),
    embedded.map((j) => edges[j]!),
    options,
  );
  const fanIn = phi.shape.at(-1) as number;
  const { apply, gain } = ACTIVATIONS[activation];
  const weight = view.parameter('numeric/weight', [embedded.length, fanIn, width], {
    initialiser: { kind: 'uniform', fanIn, gain },
    rank: rank(phi),
  });
  const bias = view.parameter('numeric/bias', [embedded.length, 1, width], {
    initialiser: { kind: 'zeros' },
    decays: false,
    rank: rank(phi),
  });
  const vectors = swapRows(apply(add(matmul(phi, weight), bias)));
  return {
    ...(rest.length > 0 && { plain: pick(x, rest) }),
    vectors: view.rowwise ? squeeze(vectors, -3) : vectors,
  };
}

/** Vectors side by side, [..., batch, columns, width] → [..., batch, columns · width]. */
export function sideBySide(vectors: Tensor): Tensor {
  const [columns, width] = vectors.shape.slice(-2) as [number, number];
  return reshape(vectors, [...vectors.shape.slice(0, -2), columns * width]);
}
