import { dot, multiply, pseudoSolve } from '../solvers/index.ts';
import type { Aggregation } from './aggregation.ts';
import { stateless } from './define.ts';
import { unitsOf } from './units.ts';

/**
 * ConFIG: u = U⁺p of the unit gradients U, whose projection on each is its preference; as long as the gradients' own
 * projections on it together, d = (Σ gₜ·û) û. With cosines C: u = Uᵀ v, v = C⁺p.
 */
export const conflictFree: Aggregation<object, null> = stateless({
  name: 'conflict-free',
  title: 'Conflict-free training (ConFIG)',
  about:
    'The direction with preferred projections on the unit gradients, as long as all gradients along it together.',
  paper:
    'Q. Liu, M. Chu, N. Thuerey: ConFIG: Towards conflict-free training of physics informed neural networks. ICLR 2025.',
  needs: 'gramian',
  prefers: true,
  options: {},
  weigh: (batch) => {
    const units = unitsOf(batch);
    const v = pseudoSolve(units.cosines, units.pick(batch.preference));
    const projections = multiply(units.cosines, v);
    const square = dot(v, projections);
    const along = dot(
      projections,
      units.scales.map((scale) => 1 / scale),
    );
    // d = Uᵀv (Σ ‖gₜ‖ uₜ·u) / ‖u‖²
    return units.spread(v.map((value, i) => (square > 0 ? (value * units.scales[i]! * along) / square : 0)));
  },
});
