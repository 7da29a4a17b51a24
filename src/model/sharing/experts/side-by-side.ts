import { reshape, squeeze, type Tensor } from '../../../engine/index.ts';
import { type DenseOptions, dense, swapRows } from '../../layers.ts';
import type { LayerView } from '../../view.ts';

/**
 * x W + b for each copy of W and b, as `dense`; where all copies see the same x, they are the columns of one product,
 * which is several times as fast as a narrow product for each.
 *
 * @param x [..., copies or 1, batch, in]
 * @returns [..., copies, batch, units]
 */
export function denseCopies(view: LayerView, x: Tensor, options: DenseOptions): Tensor {
  if (x.shape.at(-3) !== 1) return dense(view, x, options);
  const columns = dense(sideBySide(view), squeeze(x, -3), options);
  const copies = (columns.shape.at(-1) as number) / options.units;
  return swapRows(reshape(columns, [...columns.shape.slice(0, -1), copies, options.units]));
}

/** Parameters [..., copies, rows, units] as [..., rows, copies · units]. */
export function sideBySide(view: LayerView): LayerView {
  return {
    parameter: (name, shape, options) => {
      // The copies are an axis that the value does not have.
      const rank = (options.rank ?? 0) + 1;
      const parameter = swapRows(view.parameter(name, shape, { ...options, rank }));
      const [rows, copies, units] = parameter.shape.slice(-3) as [number, number, number];
      return reshape(parameter, [...parameter.shape.slice(0, -3), rows, copies * units]);
    },
  };
}
