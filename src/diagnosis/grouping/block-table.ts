import { blockValue } from './block.ts';
import type { GroupingProblem } from './problem.ts';

/** The value of every block, at the number whose bits are its tasks: [2^n]. */
export function blockTable(problem: GroupingProblem): Float64Array {
  const { size, benefits } = problem;
  const values = new Float64Array(2 ** size);
  const inside = new Uint8Array(size);
  const sums = Array.from({ length: size + 1 }, () => new Float64Array(size));
  /** All blocks with the tasks inside and any from `task` on. */
  const fill = (task: number, block: number, count: number): void => {
    values[block] = blockValue(problem, inside, sums[count]!, count);
    for (let t = task; t < size; t++) {
      const [before, after] = [sums[count]!, sums[count + 1]!];
      for (let u = 0; u < size; u++) after[u] = before[u]! + benefits[t * size + u]!;
      inside[t] = 1;
      fill(t + 1, block | (1 << t), count + 1);
      inside[t] = 0;
    }
  };
  fill(0, 0, 0);
  return values;
}

/** The sum over a block's tasks of their prices, for every block: [2^n]. */
export function priceTable(prices: Float64Array, into: Float64Array): void {
  for (let block = 1; block < into.length; block++) {
    const lowest = block & -block;
    into[block] = into[block ^ lowest]! + prices[taskOf(lowest)]!;
  }
}

/** The task of a number with one bit. */
export function taskOf(bit: number): number {
  return 31 - Math.clz32(bit);
}
