/**
 * The point of the simplex {w ≥ 0, Σw = 1} nearest to v: w = max(v − θ, 0), with θ such that Σw = 1.
 *
 * J. Duchi, S. Shalev-Shwartz, Y. Singer, T. Chandra: Efficient projections onto the l1-ball. ICML 2008.
 */
export function projectSimplex(v: Float64Array): Float64Array {
  const falling = v.slice().sort().reverse();
  // Only differences count; taken from the largest they lose nothing where v is far from 0.
  const top = falling[0] ?? 0;
  let sum = 0;
  let shift = -1;
  for (let j = 0; j < falling.length; j++) {
    sum += falling[j]! - top;
    const candidate = (sum - 1) / (j + 1);
    if (falling[j]! - top <= candidate) break;
    shift = candidate;
  }
  return v.map((value) => Math.max(0, value - top - shift));
}
