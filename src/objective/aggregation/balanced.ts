import { balance } from '../solvers/index.ts';
import type { Batch } from './define.ts';
import { unitsOf } from './units.ts';

/**
 * α > 0 with Gα = K p α^{−power} for the tasks that have a gradient and a say; 0 for the others, and for all at a
 * Pareto-stationary point, where Σ αₜ gₜ would go to 0 while α grows without bound.
 */
export function balanced(batch: Batch, power: number): Float64Array {
  const { size, preference } = batch;
  const said = batch.gramian.slice();
  preference.forEach((share, i) => {
    if (!(share > 0)) for (let j = 0; j < size; j++) said[i * size + j] = said[j * size + i] = 0;
  });
  const units = unitsOf({ ...batch, gramian: said });
  if (units.size === 0) return new Float64Array(size);
  // Gα = c α^−p with α = β/‖g‖ is Cβ = c ‖g‖^(p−1) β^−p in cosines C, which have no scale.
  const shares = units.pick(preference).map((share, i) => size * share * units.scales[i]! ** (1 - power));
  const beta = balance(units.cosines, shares, power);
  if (beta === undefined) return new Float64Array(size);
  return units.spread(beta.map((value, i) => value * units.scales[i]!));
}
