import { type Block, emptyBlock, toggled } from './block.ts';
import { blockTable, priceTable, taskOf } from './block-table.ts';
import { tightened } from './multipliers.ts';
import type { GroupingProblem } from './problem.ts';
import type { Bound } from './size-bound.ts';

export interface Search {
  readonly blocks: readonly Block[];
  /** No partition into so many blocks is worth more. */
  readonly bound: number;
}

/**
 * The best partition into at most k blocks. Prices bound what any blocks are worth together (`Bound`); a block S falls
 * short of them by its slack, Σ_{t∈S} λₜ + μ − V(S) ≥ 0, and a partition is worth Σ λₜ + k μ less the slack of its blocks
 * and μ for each block that it does without. So only blocks whose slack is less than what lies between bound and best
 * can be part of a better one: a few hundred of the 2^n. They are tried depth first, the block of the first task that has
 * none next, those with little slack first, and a branch ends where its slack has used up the gap.
 *
 * @param start a partition
 * @param nodes blocks to try at most; where they do not suffice, the bound of the prices is what is proven
 */
export function branchAndBound(
  problem: GroupingProblem,
  start: readonly Block[],
  rough: Bound,
  nodes: number,
): Search {
  const { size, most, tolerance } = problem;
  const values = blockTable(problem);
  let reached = start.reduce((sum, { value }) => sum + value, 0);
  const { prices, perBlock, value: bound } = tightened(problem, values, rough, reached);
  const priced = new Float64Array(values.length);
  priceTable(prices, priced);
  const slack = (block: number): number => priced[block]! + perBlock - values[block]!;
  const candidates = byFirstTask(size, slack, bound - reached - tolerance);
  let found: readonly number[] | undefined;
  let left = nodes;

  const extend = (chosen: readonly number[], rest: number, value: number): void => {
    if (rest === 0) {
      if (value > reached + tolerance) [reached, found] = [value, chosen];
      return;
    }
    const room = most - chosen.length;
    if (room === 0) return;
    const promised = value + priced[rest]! + room * perBlock;
    for (const block of candidates[taskOf(rest & -rest)]!) {
      // In the order of slack, no later one does better.
      if (promised - slack(block) <= reached + tolerance) return;
      if ((block & ~rest) !== 0) continue;
      if (left-- <= 0) return;
      extend([...chosen, block], rest ^ block, value + values[block]!);
    }
  };
  extend([], values.length - 1, 0);
  const blocks = found?.map((block) => blockOf(problem, block)) ?? start;
  return { blocks, bound: left >= 0 ? reached : bound };
}

/** The blocks of less slack than a limit, under the first of their tasks, those with little slack first. */
function byFirstTask(size: number, slack: (block: number) => number, limit: number): number[][] {
  const lists: number[][] = Array.from({ length: size }, () => []);
  for (let block = 1; block < 2 ** size; block++)
    if (slack(block) < limit) lists[taskOf(block & -block)]!.push(block);
  return lists.map((list) => list.sort((a, b) => slack(a) - slack(b)));
}

function blockOf(problem: GroupingProblem, bits: number): Block {
  let block = emptyBlock(problem);
  for (let rest = bits; rest !== 0; rest &= rest - 1) block = toggled(problem, block, taskOf(rest & -rest));
  return block;
}
