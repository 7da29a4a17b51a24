import {
  type Dim,
  matmul,
  pad,
  reshape,
  slice,
  squeeze,
  type Tensor,
  transpose,
} from '../../../engine/index.ts';

/**
 * Mixes parallel values part by part: x̃ᵢ = Σⱼ αᵢⱼ xⱼ, where every xⱼ may be cut into `subspaces` equal parts that mix on
 * their own. A width that does not divide is filled up with zeros.
 *
 * @param x [..., n, batch, H]
 * @param alpha [..., 1, m·subspaces, n·subspaces], or a matrix for every place in a part: [..., ⌈H/subspaces⌉, ·, ·]
 * @returns [..., m, batch, H]
 */
export function mix(alpha: Tensor, x: Tensor, subspaces: number = 1): Tensor {
  const [n, batch, width] = [x.shape.at(-3) as number, x.shape.at(-2)!, x.shape.at(-1) as number];
  const lead = x.shape.slice(0, -3);
  const part = Math.ceil(width / subspaces);
  const filled = part * subspaces === width ? x : pad(x, -1, 0, part * subspaces - width);
  const parts = reshape(filled, [...lead, n, batch, subspaces, part]);
  const mixed =
    typeof batch === 'number' && alpha.shape.at(-3) === 1
      ? mixAtOnce(alpha, parts, batch * part)
      : mixByPlace(alpha, parts);
  const whole = reshape(mixed, [...mixed.shape.slice(0, -2), subspaces * part]);
  return subspaces * part === width ? whole : slice(whole, -1, 0, width);
}

/** One matrix for all rows and places: one product. [..., n, batch, subspaces, part] → [..., m, batch, subspaces, part] */
function mixAtOnce(alpha: Tensor, parts: Tensor, columns: number): Tensor {
  const [n, batch, subspaces, part] = parts.shape.slice(-4) as [number, number, number, number];
  const flat = reshape(reorder(parts, [0, 2, 1, 3]), [...parts.shape.slice(0, -4), n * subspaces, columns]);
  const mixed = matmul(squeeze(alpha, -3), flat);
  const m = (mixed.shape.at(-2) as number) / subspaces;
  return reorder(reshape(mixed, [...mixed.shape.slice(0, -2), m, subspaces, batch, part]), [0, 2, 1, 3]);
}

/** A product for every place, over rows of any number. */
function mixByPlace(alpha: Tensor, parts: Tensor): Tensor {
  const [n, batch, subspaces, part] = parts.shape.slice(-4) as [number, Dim, number, number];
  const columns = reshape(reorder(parts, [3, 0, 2, 1]), [
    ...parts.shape.slice(0, -4),
    part,
    n * subspaces,
    batch,
  ]);
  const mixed = matmul(alpha, columns);
  const m = (mixed.shape.at(-2) as number) / subspaces;
  return reorder(reshape(mixed, [...mixed.shape.slice(0, -3), part, m, subspaces, batch]), [1, 3, 2, 0]);
}

/** Another order of the last four axes. */
function reorder(x: Tensor, order: readonly number[]): Tensor {
  const lead = x.shape.length - order.length;
  return transpose(x, [
    ...x.shape.slice(0, lead).map((_, axis) => axis),
    ...order.map((axis) => lead + axis),
  ]);
}
