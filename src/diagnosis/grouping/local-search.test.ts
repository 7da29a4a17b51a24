import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Affinity } from '../affinity.ts';
import { type Block, emptyBlock, toggled } from './block.ts';
import { chooseGroups } from './choose.ts';
import { affinityOf, drawn, indices, smallAffinity, someOptions } from './fixture.test-support.ts';
import { localSearch } from './local-search.ts';
import { type GroupingProblem, groupingProblem } from './problem.ts';
import { adjustedRandIndex } from './rand-index.ts';

/** Tasks of one cluster gain 1 from each other, tasks of two lose a half, and noise on top. */
const planted = (clusters: readonly number[], noise: number): Affinity =>
  drawn(
    clusters.length,
    clusters.length,
    (normal, to, from) => (clusters[to] === clusters[from] ? 1 : -0.5) + noise * normal,
  );

test.each([
  [40, 3, true],
  [40, 6, true],
  [40, 6, false],
  [139, 3, false],
  [139, 16, true],
  [139, 16, false],
])('%i tasks in %i planted clusters of unlike size are found (overlap: %s)', (size, count, overlap) => {
  const clusters = indices(size).map((t) => Math.floor(count * (t / size) ** 1.3));
  const affinity = planted(clusters, 0.5);
  const found = chooseGroups(affinity, { most: count, overlap });
  expect(adjustedRandIndex(found.servedBy, clusters)).toBe(1);
  // Beyond the exact search it is not proven, unless the bound is reached.
  expect(found.exact).toBe(false);
  expect(found.bound).toBeGreaterThan(found.mean);
});

test('a score alone below anything that groups can lose is the same as never', () => {
  const affinity = planted(
    indices(40).map((t) => t % 4),
    0.5,
  );
  const options = { most: 4, overlap: false };
  expect(chooseGroups(affinity, { ...options, alone: -1e300 })).toEqual(chooseGroups(affinity, options));
});

test('many tasks: one group, and as many as tasks, are proven by the bound', () => {
  const affinity = drawn(40, 2);
  expect(chooseGroups(affinity, { most: 1 })).toMatchObject({ groups: [indices(40)], exact: true });
  const best = indices(40).map((t) =>
    Math.max(...indices(40).flatMap((u) => (u === t ? [] : [affinity.benefit(t, u)!]))),
  );
  const own = chooseGroups(affinity, { most: 40 });
  expect(own.exact).toBe(true);
  expect(own.scores).toEqual(best);
});

/** Root mean square of what tasks gain from each other. */
function spread(affinity: Affinity): number {
  const { benefits, size } = groupingProblem(affinity, { most: 1 });
  return Math.hypot(...benefits) / Math.sqrt(size * (size - 1));
}

test('local search is never above what is proven the best, and within half the spread of it', () => {
  const gaps: number[] = [];
  fc.assert(
    fc.property(smallAffinity(9), someOptions, (affinity, options) => {
      const problem = groupingProblem(affinity, options);
      const reached = localSearch(problem).reduce((sum, { value }) => sum + value, 0) / problem.size;
      const best = chooseGroups(affinity, options);
      expect(best.exact).toBe(true);
      expect(reached).toBeLessThanOrEqual(best.mean + 1e-9);
      gaps.push((best.mean - reached) / (spread(affinity) || 1));
      expect(gaps.at(-1)).toBeLessThan(0.5);
    }),
    { numRuns: 300 },
  );
  expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeLessThan(0.02);
  expect(gaps.filter((gap) => gap < 1e-9).length / gaps.length).toBeGreaterThan(0.8);
});

/** A block with tasks more, or less those that it has. */
const union = (problem: GroupingProblem, a: Block, tasks: readonly number[]): Block =>
  tasks.reduce((grown, t) => toggled(problem, grown, t), a);
const tasksOf = ({ inside }: Block): number[] => indices(inside.length).filter((t) => inside[t] === 1);

test('where it ends, no task that moves, no two that open a block, and no merger gain', () => {
  fc.assert(
    fc.property(smallAffinity(9), someOptions, (affinity, options) => {
      const problem = groupingProblem(affinity, options);
      const blocks = localSearch(problem);
      const isRoom = blocks.length < problem.most;
      const others = isRoom ? [...blocks, emptyBlock(problem)] : blocks;
      const noGain = (before: readonly Block[], after: readonly Block[]): void => {
        const [reached, tried] = [before, after].map((some) =>
          some.reduce((sum, { value }) => sum + value, 0),
        );
        expect(tried).toBeLessThanOrEqual(reached! + 1e-9);
      };
      for (const from of blocks)
        for (const to of others.filter((other) => other !== from)) {
          noGain([from, to], [union(problem, from, tasksOf(to))]);
          for (const t of tasksOf(from)) {
            noGain([from, to], [toggled(problem, from, t), toggled(problem, to, t)]);
            for (const u of tasksOf(to.count > 0 ? to : from).filter((other) => other !== t))
              noGain([from, to], [union(problem, from, [t, u]), union(problem, to, [t, u])]);
          }
        }
    }),
    { numRuns: 300 },
  );
});

test('two tasks may leave together for a block of their own, where one alone would lose', () => {
  const affinity = affinityOf([
    [0, 1, -1, 1],
    [2, 0, 2, 0],
    [1, 1, 0, 0],
    [2, 0, 0, 0],
  ]);
  const blocks = localSearch(groupingProblem(affinity, { most: 4, overlap: false, alone: -1 }));
  expect(new Set(blocks.map((block) => tasksOf(block).join()))).toEqual(new Set(['0,3', '1,2']));
});

test('blocks part the tasks', () => {
  fc.assert(
    fc.property(smallAffinity(9), someOptions, (affinity, options) => {
      const problem = groupingProblem(affinity, options);
      const blocks = localSearch(problem);
      expect(blocks.length).toBeLessThanOrEqual(problem.most);
      for (const t of indices(problem.size))
        expect(blocks.filter(({ inside }) => inside[t] === 1)).toHaveLength(1);
      expect(blocks.every(({ count }) => count > 0)).toBe(true);
    }),
  );
});
