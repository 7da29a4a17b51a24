import type { Affinity } from '../affinity.ts';
import { groupOf } from './block.ts';
import { branchAndBound, type Search } from './branch-and-bound.ts';
import { localSearch } from './local-search.ts';
import { type GroupingOptions, type GroupingProblem, groupingProblem } from './problem.ts';
import { sizeBound } from './size-bound.ts';

/** Tasks up to which a grouping is searched for a proof: the values of all 2^n blocks stand in a table. */
export const MOST_EXACT = 20;

/** Which tasks are learned together; tasks are positions in `tasks`. */
export interface Grouping {
  readonly tasks: readonly string[];
  /** The tasks of each group, ascending. */
  readonly groups: readonly (readonly number[])[];
  /** [task], the group that serves it: the one in which its score is best. */
  readonly servedBy: readonly number[];
  /** [task], its score in that group, in units of the affinity. */
  readonly scores: readonly number[];
  /** Of the scores. */
  readonly mean: number;
  /** No choice of so many groups has a higher mean. */
  readonly bound: number;
  /** Whether it is proven that none is better; otherwise `bound` tells how much better one could be. */
  readonly exact: boolean;
}

/**
 * Chooses at most k groups of tasks, so that the mean over tasks of the score in their best group is as high as can be;
 * the score of a task in a group is the mean of what it gains from each of the others:
 *
 *   max over groups g₁ … g_k of (1/n) Σₜ max over g ∋ t of score(t, g),  score(t, g) = mean over u ∈ g∖{t} of benefit(to t, from u).
 *
 * Every task is in some group. Up to 20 tasks the choice is exact, by branch and bound; beyond, and where the search runs
 * out of steps, it is what local search finds, with `exact` false unless `bound` happens to prove it.
 *
 * C. Fifty et al.: Efficiently identifying task groupings for multi-task learning. NeurIPS 2021.
 * T. Standley et al.: Which tasks should be learned together in multi-task learning? ICML 2020.
 *
 * @throws grouping-invalid, affinity-invalid
 * @example chooseGroups(affinity, { most: 2 }).groups; // [[0, 2], [1, 2, 3]]: task 2 helps in both
 */
export function chooseGroups(affinity: Affinity, options: GroupingOptions): Grouping {
  const problem = groupingProblem(affinity, options);
  const { blocks, bound } = search(problem, options.nodes ?? 1e6);
  const { groups, servedBy, scores } = served(
    problem,
    blocks.map((block) => groupOf(problem, block)),
  );
  const total = scores.reduce((sum, score) => sum + score, 0);
  const exact = bound - total <= problem.tolerance;
  const mean = total / problem.size;
  return {
    tasks: affinity.tasks,
    groups,
    servedBy,
    scores,
    mean,
    bound: exact ? mean : bound / problem.size,
    exact,
  };
}

function search(problem: GroupingProblem, nodes: number): Search {
  const blocks = localSearch(problem);
  const bound = sizeBound(problem);
  return problem.size <= MOST_EXACT
    ? branchAndBound(problem, blocks, bound, nodes)
    : { blocks, bound: bound.value };
}

/** The groups in order, without those that serve nobody, and each task's best. */
function served(
  problem: GroupingProblem,
  groups: readonly (readonly number[])[],
): Pick<Grouping, 'groups' | 'servedBy' | 'scores'> {
  const scores = new Array<number>(problem.size).fill(-Infinity);
  const best = new Array<readonly number[]>(problem.size).fill([]);
  for (const group of groups)
    for (const t of group) {
      const score = scoreIn(problem, t, group);
      if (score > scores[t]!) [scores[t], best[t]] = [score, group];
    }
  const serving = groups.filter((group) => best.includes(group)).sort(byTasks);
  return { groups: serving, servedBy: best.map((group) => serving.indexOf(group)), scores };
}

function scoreIn({ size, alone, benefits }: GroupingProblem, t: number, group: readonly number[]): number {
  if (group.length === 1) return alone;
  return group.reduce((sum, u) => sum + benefits[t * size + u]!, 0) / (group.length - 1);
}

/** In the order of their first tasks, then their second … */
function byTasks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((task, i) => task !== b[i]);
  return at < 0 ? -1 : a[at]! - (b[at] ?? -1);
}
