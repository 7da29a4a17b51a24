import type { GroupingProblem } from './problem.ts';

/**
 * The tasks that one group serves. Blocks part the tasks; the group of a block is the block and, where groups may overlap,
 * those tasks of other blocks that raise what its own score together.
 */
export interface Block {
  /** [task], 1 where it is in the block. */
  readonly inside: Uint8Array;
  readonly count: number;
  /** [from], what the block's tasks gain from each task, summed. */
  readonly sums: Float64Array;
  /** The sum of their scores in the block's group. */
  readonly value: number;
}

export function emptyBlock({ size }: GroupingProblem): Block {
  return { inside: new Uint8Array(size), count: 0, sums: new Float64Array(size), value: 0 };
}

/** The block with a task more, or without one that it has. */
export function toggled(problem: GroupingProblem, block: Block, task: number): Block {
  const { size, benefits } = problem;
  const inside = block.inside.slice();
  const sign = (inside[task] = 1 - inside[task]!) ? 1 : -1;
  const count = block.count + sign;
  const sums = block.sums.slice();
  for (let u = 0; u < size; u++) sums[u]! += sign * benefits[task * size + u]!;
  return { inside, count, sums, value: blockValue(problem, inside, sums, count) };
}

/**
 * What a block S scores in the best group g that holds it, V(S) = max over g ⊇ S of Σ_{t∈S} score(t, g). With B(u) the sum
 * over S of what its tasks gain from u,
 *
 *   V(S) = max over H outside S of (Σ_{u∈S} B(u) + Σ_{u∈H} B(u)) / (|S| − 1 + |H|),
 *
 * an average that each u with B(u) above it raises: found by Dinkelbach's iteration, which starts without H and puts in
 * what lies above the average, until nothing changes. One task has its best partner, or is alone.
 *
 * W. Dinkelbach: On nonlinear fractional programming. Management Science 13(7), 1967.
 */
export function blockValue(
  { size, overlap, alone }: GroupingProblem,
  inside: Uint8Array,
  sums: Float64Array,
  count: number,
): number {
  if (count === 0) return 0;
  if (count === 1) {
    let best = alone;
    if (overlap) for (let u = 0; u < size; u++) if (inside[u] === 0 && sums[u]! > best) best = sums[u]!;
    return best;
  }
  let within = 0;
  for (let u = 0; u < size; u++) if (inside[u] === 1) within += sums[u]!;
  let average = within / (count - 1);
  while (overlap) {
    let total = within;
    let others = count - 1;
    for (let u = 0; u < size; u++)
      if (inside[u] === 0 && sums[u]! > average) {
        total += sums[u]!;
        others++;
      }
    if (!(total / others > average)) break;
    average = total / others;
  }
  return average;
}

/** The group of a block, ascending. */
export function groupOf({ size, overlap }: GroupingProblem, block: Block): number[] {
  const { inside, sums, count, value } = block;
  const tasks = Array.from({ length: size }, (_, u) => u);
  const own = tasks.filter((u) => inside[u] === 1);
  if (!overlap || count === 0) return own;
  const outside = tasks.filter((u) => inside[u] === 0);
  // One task's value is what it gains from its best partner, unless it is better alone.
  const joined =
    count > 1
      ? outside.filter((u) => sums[u]! > value)
      : outside.filter((u) => sums[u] === value).slice(0, 1);
  return [...own, ...joined].sort((a, b) => a - b);
}
