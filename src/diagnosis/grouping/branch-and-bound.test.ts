import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import { type Block, emptyBlock, groupOf, toggled } from './block.ts';
import { blockTable, priceTable } from './block-table.ts';
import { branchAndBound } from './branch-and-bound.ts';
import { drawn, exhaustive, indices, scoreOf, smallAffinity, someOptions } from './fixture.test-support.ts';
import { localSearch } from './local-search.ts';
import { tightened } from './multipliers.ts';
import { groupingProblem } from './problem.ts';
import { type Bound, sizeBound } from './size-bound.ts';

const problem = fc.tuple(smallAffinity(7), someOptions).map(([affinity, options]) => ({
  affinity,
  options,
  problem: groupingProblem(affinity, options),
}));
type Drawn = typeof problem extends fc.Arbitrary<infer P> ? P : never;

const total = (blocks: readonly Block[]): number => blocks.reduce((sum, { value }) => sum + value, 0);

const tasksOf = (bits: number, size: number): number[] => indices(size).filter((t) => (bits >> t) & 1);

/** The value of a block by its definition: the best of all groups that hold it. */
function valueByDefinition({ affinity, problem: { size, overlap, alone } }: Drawn, bits: number): number {
  const own = tasksOf(bits, size);
  const groups = indices(2 ** size).filter((group) => (overlap ? (group & bits) === bits : group === bits));
  return Math.max(
    ...groups.map((group) =>
      own.reduce((sum, t) => sum + scoreOf(affinity, t, tasksOf(group, size), alone), 0),
    ),
  );
}

test('the value of a block is that of the best group that holds it, and groupOf is that group', () => {
  fc.assert(
    fc.property(problem, (drawn) => {
      const { affinity, problem } = drawn;
      const values = blockTable(problem);
      expect(values[0]).toBe(0);
      for (let bits = 1; bits < values.length; bits++) {
        const own = tasksOf(bits, problem.size);
        const value = valueByDefinition(drawn, bits);
        expect(values[bits]).toBeCloseTo(value, 9);
        const block = own.reduce((grown, t) => toggled(problem, grown, t), emptyBlock(problem));
        expect(block.value).toBeCloseTo(value, 9);
        const group = groupOf(problem, block);
        expect(own.every((t) => group.includes(t))).toBe(true);
        const scored = own.reduce((sum, t) => sum + scoreOf(affinity, t, group, problem.alone), 0);
        expect(scored).toBeCloseTo(value, 9);
      }
    }),
    { numRuns: 40 },
  );
});

test('taking a task out again gives the block back', () => {
  fc.assert(
    fc.property(problem, ({ problem }) => {
      const one = toggled(problem, emptyBlock(problem), 0);
      const back = toggled(problem, toggled(problem, one, 1), 1);
      expect([...back.inside]).toEqual([...one.inside]);
      expect(back.count).toBe(1);
      expect(back.value).toBeCloseTo(one.value, 9);
    }),
  );
});

test('prices are a proof: no block is worth more than its tasks’ prices and its own, before and after tightening', () => {
  fc.assert(
    fc.property(problem, ({ problem }) => {
      const values = blockTable(problem);
      const reached = total(localSearch(problem));
      const holds = ({ prices, perBlock, value }: Bound): void => {
        const priced = new Float64Array(values.length);
        priceTable(prices, priced);
        values.forEach((own, bits) => {
          expect(own).toBeLessThanOrEqual(priced[bits]! + perBlock + problem.tolerance);
        });
        expect(perBlock).toBeGreaterThanOrEqual(0);
        expect(value).toBeCloseTo(priced.at(-1)! + problem.most * perBlock, 6);
        expect(value).toBeGreaterThanOrEqual(reached - problem.tolerance);
      };
      const rough = sizeBound(problem);
      holds(rough);
      const better = tightened(problem, values, rough, reached);
      holds(better);
      expect(better.value).toBeLessThanOrEqual(rough.value);
    }),
    { numRuns: 60 },
  );
});

test('tightening closes nearly all of what sizes alone leave open', () => {
  for (const overlap of [true, false])
    for (const most of [2, 3, 5])
      for (const seed of [1, 2, 3]) {
        const problem = groupingProblem(drawn(12, seed), { most, overlap });
        const reached = total(branchAndBound(problem, localSearch(problem), sizeBound(problem), 1e6).blocks);
        const rough = sizeBound(problem);
        const better = tightened(problem, blockTable(problem), rough, reached);
        expect(better.value - reached).toBeLessThan(0.15 * (rough.value - reached));
      }
});

test('the search finds the best from any start, and only what is disjoint and whole', () => {
  fc.assert(
    fc.property(problem, fc.nat(), ({ affinity, options, problem }, seed) => {
      const random = new RandomStream(seed, 'start');
      const start = Array.from({ length: problem.most }, () => emptyBlock(problem));
      for (const t of indices(problem.size)) {
        const b = random.integer(problem.most, t);
        start[b] = toggled(problem, start[b]!, t);
      }
      const { blocks, bound } = branchAndBound(problem, start, sizeBound(problem), 1e6);
      const best = exhaustive(affinity, options) * problem.size;
      expect(total(blocks)).toBeCloseTo(best, 8);
      expect(bound).toBeCloseTo(best, 8);
      expect(indices(problem.size).map((t) => blocks.filter(({ inside }) => inside[t] === 1).length)).toEqual(
        indices(problem.size).map(() => 1),
      );
    }),
    { numRuns: 60 },
  );
});
