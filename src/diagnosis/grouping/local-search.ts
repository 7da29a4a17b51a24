import { type Block, emptyBlock, toggled } from './block.ts';
import type { GroupingProblem } from './problem.ts';

/**
 * A good partition into at most k blocks, without a proof: starts with each task by itself, merges the two blocks whose
 * union loses least until k are left, and then moves a task, exchanges two, or merges two blocks, as long as that gains.
 */
export function localSearch(problem: GroupingProblem): Block[] {
  const blocks = Array.from({ length: problem.size }, (_, t) => toggled(problem, emptyBlock(problem), t));
  const unions = new Unions(problem);
  while (blocks.length > problem.most) merge(blocks, unions.best(blocks)!);
  do {
    while (blocks.length < problem.most) blocks.push(emptyBlock(problem));
    while (passTasks(problem, blocks));
  } while (mergeIfBetter(problem, blocks));
  return blocks.filter(({ count }) => count > 0);
}

interface Merger {
  readonly pair: readonly [Block, Block];
  readonly union: Block;
  readonly gain: number;
}

/** Unions of two blocks, each computed once. */
class Unions {
  readonly #problem: GroupingProblem;
  readonly #known = new WeakMap<Block, WeakMap<Block, Block>>();

  constructor(problem: GroupingProblem) {
    this.#problem = problem;
  }

  /** The pair whose union gains most, or loses least. */
  best(blocks: readonly Block[]): Merger | undefined {
    let best: Merger | undefined;
    for (const [i, a] of blocks.entries())
      for (const b of blocks.slice(0, i)) {
        const union = this.#of(a, b);
        const gain = union.value - a.value - b.value;
        if (best === undefined || gain > best.gain) best = { pair: [a, b], union, gain };
      }
    return best;
  }

  #of(a: Block, b: Block): Block {
    const known = this.#known.get(a) ?? new WeakMap<Block, Block>();
    this.#known.set(a, known);
    const union =
      known.get(b) ??
      b.inside.reduce((joint, isIn, t) => (isIn === 1 ? toggled(this.#problem, joint, t) : joint), a);
    known.set(b, union);
    return union;
  }
}

function merge(blocks: Block[], { pair, union }: Merger): void {
  for (const block of pair) blocks.splice(blocks.indexOf(block), 1);
  blocks.push(union);
}

function mergeIfBetter(problem: GroupingProblem, blocks: Block[]): boolean {
  const best = new Unions(problem).best(blocks.filter(({ count }) => count > 0));
  if (best === undefined || best.gain <= problem.tolerance) return false;
  merge(blocks, best);
  return true;
}

/** Lets each task in turn go over to another block, where that gains; whether any did. */
function passTasks(problem: GroupingProblem, blocks: Block[]): boolean {
  let any = false;
  for (let t = 0; t < problem.size; t++) {
    const from = blocks.findIndex(({ inside }) => inside[t] === 1);
    for (let to = 0; to < blocks.length; to++) {
      const better = to === from ? undefined : exchanged(problem, blocks[from]!, blocks[to]!, t);
      if (better === undefined) continue;
      [blocks[from], blocks[to]] = better;
      any = true;
      break;
    }
  }
  return any;
}

/** The two blocks after t has gone over, alone or for a task in return, where that gains. */
function exchanged(problem: GroupingProblem, from: Block, to: Block, t: number): [Block, Block] | undefined {
  const before = from.value + to.value + problem.tolerance;
  const [left, joined] = [toggled(problem, from, t), toggled(problem, to, t)];
  if (left.value + joined.value > before) return [left, joined];
  for (let u = 0; u < problem.size; u++) {
    if (u === t || (to.count > 0 ? to : from).inside[u] === 0) continue;
    const [a, b] = [toggled(problem, left, u), toggled(problem, joined, u)];
    if (a.value + b.value > before) return [a, b];
  }
  return undefined;
}
