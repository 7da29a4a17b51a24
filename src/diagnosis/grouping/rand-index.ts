/**
 * How far two partitions of the same tasks agree, corrected for chance: 1 where they are the same, 0 on average where one
 * is drawn at random with the sizes of its groups kept, and below 0 for less than that. With nᵢⱼ the tasks in group i of one
 * and j of the other, aᵢ and bⱼ the sizes, and C₂(x) = x (x − 1) / 2,
 *
 *   (Σ C₂(nᵢⱼ) − e) / ((Σ C₂(aᵢ) + Σ C₂(bⱼ)) / 2 − e),  e = Σ C₂(aᵢ) Σ C₂(bⱼ) / C₂(n);
 *
 * 1 where both have no pair together, or both have all.
 *
 * L. Hubert, P. Arabie: Comparing partitions. Journal of Classification 2, 1985.
 *
 * @param one the group of each task; `servedBy` of a grouping, or any other marks
 * @param other the same of the other partition, as long
 * @example adjustedRandIndex([0, 0, 1, 1], [1, 1, 0, 0]); // 1
 */
export function adjustedRandIndex(one: readonly number[], other: readonly number[]): number {
  const together = pairs(one.map((group, t) => `${group} ${other[t]}`));
  const [ofOne, ofOther] = [pairs(one), pairs(other)];
  const expected = (ofOne * ofOther) / Math.max(1, (one.length * (one.length - 1)) / 2);
  const most = (ofOne + ofOther) / 2;
  return most === expected ? 1 : (together - expected) / (most - expected);
}

/** Pairs of tasks with the same mark. */
function pairs(marks: readonly (number | string)[]): number {
  const sizes = new Map<number | string, number>();
  for (const mark of marks) sizes.set(mark, (sizes.get(mark) ?? 0) + 1);
  return [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
}
