import { type Block, emptyBlock, toggled } from './block.ts';
import type { GroupingProblem } from './problem.ts';

/**
 * A good partition into at most k blocks, without a proof: starts with each task by itself, merges the two blocks whose
 * union loses least until k are left, and then moves a task, exchanges two, or opens a block with two, as long as that gains.
 */
export function localSearch(problem: GroupingProblem): Block[] {
  const blocks = Array.from({ length: problem.size }, (_, t) => toggled(problem, emptyBlock(problem), t));
  const unions = new Unions(problem);
  while (blocks.length > problem.most) {
    const [a, b, union] = unions.best(blocks);
    for (const block of [a, b]) blocks.splice(blocks.indexOf(block), 1);
    blocks.push(union);
  }
  while (passTasks(problem, blocks));
  return blocks.filter(({ count }) => count > 0);
}

/** Unions of two blocks, each computed once. */
class Unions {
  readonly #problem: GroupingProblem;
  readonly #known = new WeakMap<Block, WeakMap<Block, Block>>();

  constructor(problem: GroupingProblem) {
    this.#problem = problem;
  }

  /** The pair whose union gains most, or loses least, and the union. */
  best(blocks: readonly Block[]): [Block, Block, Block] {
    let [best, most]: [[Block, Block, Block] | undefined, number] = [undefined, -Infinity];
    for (const [i, a] of blocks.entries())
      for (const b of blocks.slice(0, i)) {
        const union = this.#of(a, b);
        const gain = union.value - a.value - b.value;
        if (gain > most) [best, most] = [[a, b, union], gain];
      }
    return best!;
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
