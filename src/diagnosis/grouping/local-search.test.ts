import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Affinity } from '../affinity.ts';
import { chooseGroups } from './choose.ts';
import { drawn, indices, smallAffinity, someOptions } from './fixture.test-support.ts';
import { localSearch } from './local-search.ts';
import { groupingProblem } from './problem.ts';
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
  [40, 5, false],
  [139, 3, false],
  [139, 8, true],
  [139, 8, false],
])('%i tasks in %i planted clusters of unlike size are found (overlap: %s)', (size, count, overlap) => {
  const clusters = indices(size).map((t) => Math.floor(count * (t / size) ** 1.3));
  const affinity = planted(clusters, 0.5);
  const found = chooseGroups(affinity, { most: count, overlap });
  expect(adjustedRandIndex(found.servedBy, clusters)).toBe(1);
  // Beyond the exact search it is not proven, unless the bound is reached.
  expect(found.exact).toBe(false);
  expect(found.bound).toBeGreaterThan(found.mean);
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
