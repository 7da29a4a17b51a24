import { priceTable } from './block-table.ts';
import type { GroupingProblem } from './problem.ts';
import { type Bound, boundOf } from './size-bound.ts';

const ROUNDS = 150;
/** Rounds without a better bound after which steps are halved. */
const PATIENCE = 8;

/**
 * Better prices, by the subgradient method on the Lagrangian dual of the set partition: min over λ of Σ λₜ + k μ(λ) with
 * μ(λ) = max(0, max over blocks S of V(S) − Σ_{t∈S} λₜ). In each step the tasks of the block that attains it become dearer
 * and the others cheaper, by Polyak's length, with what is already reached in the place of the minimum.
 *
 * B. Polyak: Minimization of unsmooth functionals. USSR Computational Mathematics and Mathematical Physics 9(3), 1969.
 * M. Fisher: The Lagrangian relaxation method for solving integer programming problems. Management Science 27(1), 1981.
 *
 * @param values V, of every block
 * @param reached the value of a partition
 */
export function tightened(
  { size, most, tolerance }: GroupingProblem,
  values: Float64Array,
  start: Bound,
  reached: number,
): Bound {
  const priced = new Float64Array(values.length);
  let best = start;
  let prices = start.prices;
  let stride = 1;
  let stale = 0;
  for (let round = 0; round < ROUNDS && best.value - reached > tolerance; round++) {
    priceTable(prices, priced);
    let block = 0;
    let perBlock = 0;
    for (let other = 1; other < values.length; other++) {
      const excess = values[other]! - priced[other]!;
      if (excess > perBlock) [perBlock, block] = [excess, other];
    }
    const value = boundOf(prices, perBlock, most);
    if (value < best.value - tolerance) {
      best = { prices, perBlock, value };
      stale = 0;
    } else if (++stale > PATIENCE) {
      stride /= 2;
      stale = 0;
      prices = best.prices;
      continue;
    }
    const slope = Float64Array.from({ length: size }, (_, t) => 1 - (((block >> t) & 1) === 1 ? most : 0));
    const square = slope.reduce((sum, part) => sum + part * part, 0);
    if (square === 0) break;
    const step = (stride * (value - reached)) / square;
    prices = prices.map((price, t) => price - step * slope[t]!);
  }
  return best;
}
