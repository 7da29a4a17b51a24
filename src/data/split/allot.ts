/**
 * Gives each item in turn to the side that lags most behind its share.
 *
 * A stretch of items is thereby divided like the whole, which is all that stratification needs: strata follow each
 * other, shuffled within.
 */
export function allot(sizes: ArrayLike<number>, shares: readonly number[]): Int32Array {
  const sides = new Int32Array(sizes.length);
  const filled = shares.map(() => 0);
  let total = 0;
  for (let i = 0; i < sizes.length; i++) {
    total += sizes[i]!;
    let best = 0;
    for (let side = 1; side < shares.length; side++) {
      if (shares[side]! * total - filled[side]! > shares[best]! * total - filled[best]! + 1e-9) best = side;
    }
    sides[i] = best;
    filled[best]! += sizes[i]!;
  }
  fillEmptySides(sides, shares.length);
  return sides;
}

/** With few items a small share may get none; the side with most items lends its last. */
function fillEmptySides(sides: Int32Array, count: number): void {
  const counts = Array.from({ length: count }, (_, side) => sides.filter((s) => s === side).length);
  for (let side = 0; side < count; side++) {
    if (counts[side]! > 0) continue;
    const rich = counts.indexOf(Math.max(...counts));
    if (counts[rich]! < 2) return;
    sides[sides.lastIndexOf(rich)] = side;
    counts[rich]!--;
    counts[side]!++;
  }
}
