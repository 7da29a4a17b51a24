import { constant, matmul, mul, reduceSum, square, type Tensor } from '../../../engine/index.ts';
import type { LayerView } from '../../view.ts';

/** The same view, which also lists the matrices [..., in, width] that a layer takes from it. */
export function watchWeights(view: LayerView, width: number, into: Tensor[]): LayerView {
  return {
    parameter: (name, shape, options) => {
      const value = view.parameter(name, shape, options);
      // A row vector is a bias or a norm.
      if (shape.length === 2 && shape[0]! > 1 && shape[1] === width) into.push(value);
      return value;
    },
  };
}

/**
 * Σ_{g<h} ‖G_gᵀ G_h‖²_F over the subspaces of a layer, whose columns G are the weights of a subspace's units: 0 where
 * units of different subspaces look at the input along orthogonal directions.
 *
 * K. Bousmalis et al.: Domain separation networks. NIPS 2016.
 *
 * @param weight [...lead, tasks, in, units]
 * @returns [...lead], summed over tasks
 */
export function overlapOfSubspaces(weight: Tensor, subspaces: number): Tensor {
  const units = weight.shape.at(-1) as number;
  const part = Math.ceil(units / subspaces);
  const subspace = (unit: number): number => Math.floor(unit / part);
  const apart = Float32Array.from({ length: units * units }, (_, i) =>
    Number(subspace(Math.floor(i / units)) < subspace(i % units)),
  );
  const products = matmul(weight, weight, { transposeA: true });
  return reduceSum(mul(square(products), constant(apart, { shape: [units, units] })), [-3, -2, -1]);
}
