import {
  add,
  matmul,
  mul,
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
import type { Initialiser } from '../parameter.ts';
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
 * The vectors of numeric columns that have bins: a(xⱼ vⱼ + φ(xⱼ) Wⱼ + bⱼ). W starts at 0, so that training begins with
 * the numbers themselves. Others stay numbers.
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
  const each = unsqueeze(transpose(rows), -1);
  const phi = embedding.expand(
    view,
    each,
    embedded.map((j) => edges[j]!),
    options,
  );
  const parameter = (name: string, rows: number, initialiser: Initialiser, decays: boolean): Tensor =>
    view.parameter(`numeric/${name}`, [embedded.length, rows, width], {
      initialiser,
      decays,
      rank: rank(each),
    });
  const scale = parameter('scale', 1, { kind: 'uniform', fanIn: 1, gain: 1 }, true);
  const weight = parameter('weight', phi.shape.at(-1) as number, { kind: 'zeros' }, true);
  const bias = parameter('bias', 1, { kind: 'zeros' }, false);
  const linear = add(add(mul(each, scale), matmul(phi, weight)), bias);
  const vectors = swapRows(ACTIVATIONS[activation].apply(linear));
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
