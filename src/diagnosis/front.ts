/** What is gained on each task, higher is better; null where it is undefined. */
export type Gains = readonly (number | null)[];

/**
 * Preferences spread evenly over the simplex, each with a sum of 1: r = 0.9 k/H + 0.1/T for all whole k ≥ 0 with Σ k = H,
 * in millionths, so that every task counts and the outermost give a task 0.9 + 0.1/T. H is the least that makes `least`
 * of them, and where it leaves out the centre, equal parts, they are added for more than two tasks.
 *
 * I. Das, J. Dennis: Normal-Boundary Intersection. SIAM Journal on Optimization 8(3), 1998.
 *
 * @param tasks T, at least 2
 * @returns [preference][task]
 * @example preferenceLattice(2, 3); // [[0.95, 0.05], [0.5, 0.5], [0.05, 0.95]]
 */
export function preferenceLattice(tasks: number, least: number): number[][] {
  const steps = stepsFor(tasks, least);
  const centre = steps % tasks === 0 || tasks === 2 ? [] : [new Array<number>(tasks).fill(steps / tasks)];
  return [...compositions(steps, tasks), ...centre].map((parts) =>
    parts.map((part) => Number(((0.9 * part) / steps + 0.1 / tasks).toFixed(6))),
  );
}

/** How many there are, before they are made: C(H + T − 1, T − 1), and one for the centre. */
export function preferenceCount(tasks: number, least: number): number {
  const steps = stepsFor(tasks, least);
  return latticeSize(tasks, steps) + Number(steps % tasks !== 0 && tasks > 2);
}

function stepsFor(tasks: number, least: number): number {
  let steps = 1;
  while (latticeSize(tasks, steps) < least) steps++;
  return steps;
}

function latticeSize(tasks: number, steps: number): number {
  let size = 1;
  for (let i = 1; i < tasks; i++) size = (size * (steps + i)) / i;
  return Math.round(size);
}

/** All ways to write a whole number as a sum of so many whole numbers ≥ 0, those with a large first part first. */
function compositions(total: number, parts: number): number[][] {
  if (parts === 1) return [[total]];
  return Array.from({ length: total + 1 }, (_, i) => total - i).flatMap((first) =>
    compositions(total - first, parts - 1).map((rest) => [first, ...rest]),
  );
}

/** Whether one is at least as good on every task and better on some. */
export function dominates(one: readonly number[], other: readonly number[]): boolean {
  return one.every((value, t) => value >= other[t]!) && one.some((value, t) => value > other[t]!);
}

/** For each, whether no other dominates it: whether it lies on their Pareto front. What is undefined somewhere does not. */
export function paretoFront(points: readonly Gains[]): boolean[] {
  const known = points.filter(isKnown);
  return points.map((point) => isKnown(point) && !known.some((other) => dominates(other, point)));
}

/**
 * Which of several models to take by a preference r among tasks: on the Pareto front, the one that minimises
 * maxₜ rₜ (zₜ − gₜ) / (zₜ − nₜ), with z and n the best and the least gain of each task on the front; among equals, the one
 * with the least sum. A weighted sum would pass over what lies in a concave part of the front; here each point of it is the
 * best for some preference.
 *
 * R. Steuer, E. Choo: An interactive weighted Tchebycheff procedure for multiple objective programming. Mathematical
 * Programming 26, 1983.
 *
 * @param points gains, or any numbers of which higher is better, [model][task]
 * @param preference [task], at least 0
 * @returns its place; −1 where no model is known on all tasks
 * @example bestFor([[1, 0], [0.4, 0.4], [0, 1]], [0.5, 0.5]); // 1
 */
export function bestFor(points: readonly Gains[], preference: readonly number[]): number {
  const front = paretoFront(points);
  const on = points.filter((_, i) => front[i]) as (readonly number[])[];
  const ends = preference.map((_, t) => {
    const own = on.map((point) => point[t]!);
    return { best: Math.max(...own), worst: Math.min(...own) };
  });
  let chosen = -1;
  let least = [Infinity, Infinity] as const;
  points.forEach((point, i) => {
    if (!front[i]) return;
    const regrets = ends.map(({ best, worst }, t) =>
      best > worst ? (preference[t]! * (best - point[t]!)) / (best - worst) : 0,
    );
    const own = [Math.max(...regrets), regrets.reduce((a, b) => a + b, 0)] as const;
    if (own[0] > least[0] || (own[0] === least[0] && own[1] >= least[1])) return;
    [chosen, least] = [i, own];
  });
  return chosen;
}

/**
 * The volume that points dominate above a reference: of the union of the boxes between it and each of them. Exact, by
 * slices along one task after the other; n points of T tasks take about n^(T−1) steps.
 *
 * E. Zitzler, L. Thiele: Multiobjective Evolutionary Algorithms: A Comparative Case Study and the Strength Pareto Approach.
 * IEEE Transactions on Evolutionary Computation 3(4), 1999.
 *
 * @param points what is undefined somewhere, or not above the reference in all, adds nothing
 * @param reference [task]
 * @example hypervolume([[2, 1], [1, 2]], [0, 0]); // 3
 */
export function hypervolume(points: readonly Gains[], reference: readonly number[]): number {
  const above = points
    .filter(isKnown)
    .map((point) => point.map((value, t) => value - reference[t]!))
    .filter((point) => point.every((value) => value > 0));
  return volume(above, reference.length);
}

/** Of the union of the boxes from 0 to each point, in the first `size` coordinates. */
function volume(points: readonly (readonly number[])[], size: number): number {
  const last = size - 1;
  if (last === 0) return Math.max(0, ...points.map(([value]) => value!));
  const sorted = points.toSorted((a, b) => b[last]! - a[last]!);
  return sorted.reduce((sum, point, i) => {
    const height = point[last]! - (sorted[i + 1]?.[last] ?? 0);
    // Between two heights, the points that reach higher make the slice.
    return height > 0 ? sum + height * volume(sorted.slice(0, i + 1), last) : sum;
  }, 0);
}

function isKnown(point: Gains): point is readonly number[] {
  return point.every((value) => value !== null && Number.isFinite(value));
}
