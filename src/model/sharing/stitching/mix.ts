import { matmul, pad, reshape, slice, type Tensor, transpose } from '../../../engine/index.ts';

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
  // Rows stand last, so that a product runs over them whatever their number is.
  const columns = reshape(reorder(parts, [3, 0, 2, 1]), [...lead, part, n * subspaces, batch]);
  const mixed = matmul(alpha, columns);
  const outer = mixed.shape.slice(0, -3);
  const m = (mixed.shape.at(-2) as number) / subspaces;
  const back = reorder(reshape(mixed, [...outer, part, m, subspaces, batch]), [1, 3, 2, 0]);
  const whole = reshape(back, [...outer, m, batch, subspaces * part]);
  return subspaces * part === width ? whole : slice(whole, -1, 0, width);
}

/** Another order of the last four axes. */
function reorder(x: Tensor, order: readonly number[]): Tensor {
  const lead = x.shape.length - order.length;
  return transpose(x, [
    ...x.shape.slice(0, lead).map((_, axis) => axis),
    ...order.map((axis) => lead + axis),
  ]);
}
