import type { GroupingProblem } from './problem.ts';

/**
 * A proof of how much can be reached: prices λₜ of tasks and μ of a block, such that no block S is worth more than
 * Σ_{t∈S} λₜ + μ. Then no partition into k blocks is worth more than Σ λₜ + k μ.
 */
export interface Bound {
  /** λ, [task]. */
  readonly prices: Float64Array;
  /** μ ≥ 0. */
  readonly perBlock: number;
  /** Σ λₜ + k μ. */
  readonly value: number;
}

/**
 * The bound by sizes alone: in a group of m tasks, t scores at most hₜ(m), the mean of the m − 1 largest benefits to it. As
 * a block has no more tasks than its group, λₜ = max over m of (hₜ(m) − μ/m) holds with any μ; taken is the best.
 */
export function sizeBound(problem: GroupingProblem): Bound {
  const limits = scoresBySize(problem);
  const at = (perBlock: number): Bound => {
    const prices = Float64Array.from(limits, (scores) =>
      scores.reduce((best, score, i) => Math.max(best, score - perBlock / (i + 1)), -Infinity),
    );
    return { prices, perBlock, value: boundOf(prices, perBlock, problem.most) };
  };
  // Convex in μ; from `high` on, one block of all tasks is the best that prices allow.
  let [low, high] = [0, 4 * problem.size ** 2 * problem.scale];
  for (let round = 0; round < 100; round++) {
    const [one, other] = [low + (high - low) / 3, high - (high - low) / 3];
    if (at(one).value <= at(other).value) high = other;
    else low = one;
  }
  return [at(0), at(low)].reduce((a, b) => (b.value < a.value ? b : a));
}

export function boundOf(prices: Float64Array, perBlock: number, most: number): number {
  return prices.reduce((sum, price) => sum + price, most * perBlock);
}

/** hₜ(m), [task][m − 1]. */
function scoresBySize({ size, alone, benefits }: GroupingProblem): Float64Array[] {
  return Array.from({ length: size }, (_, t) => {
    const sorted = benefits
      .subarray(t * size, (t + 1) * size)
      .filter((_benefit, u) => u !== t)
      .sort()
      .reverse();
    const scores = new Float64Array(size);
    scores[0] = alone;
    let sum = 0;
    for (let m = 2; m <= size; m++) scores[m - 1] = (sum += sorted[m - 2]!) / (m - 1);
    return scores;
  });
}
