import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Affinity, affinityFrom } from '../affinity.ts';
import { chooseGroups, type Grouping } from './choose.ts';
import {
  affinityOf,
  drawn,
  exhaustive,
  indices,
  scoreOf,
  smallAffinity,
  someOptions,
} from './fixture.test-support.ts';
import type { GroupingOptions } from './problem.ts';

/** What holds of any choice: groups of tasks, each in some, scores as by definition in the best of them. */
function expectSound(found: Grouping, affinity: Affinity, { most, overlap, alone }: GroupingOptions): void {
  const tasks = indices(affinity.tasks.length);
  const lone = typeof alone === 'number' ? alone : Number.NaN;
  expect(found.groups.length).toBeLessThanOrEqual(most);
  const taken = found.groups.flat();
  expect([...new Set(taken)].sort((a, b) => a - b)).toEqual(tasks);
  if (overlap === false) expect(taken).toHaveLength(tasks.length);
  if (alone === 'never') expect(found.groups.every((group) => group.length > 1)).toBe(true);
  for (const t of tasks) {
    const scores = found.groups
      .filter((group) => group.includes(t))
      .map((group) => scoreOf(affinity, t, group, lone));
    expect(found.scores[t]).toBeCloseTo(Math.max(...scores), 9);
    expect(scoreOf(affinity, t, found.groups[found.servedBy[t]!]!, lone)).toBeCloseTo(found.scores[t]!, 9);
  }
  const mean = found.scores.reduce((sum, score) => sum + score, 0) / tasks.length;
  expect(found.mean).toBeCloseTo(mean, 9);
}

test('no choice of groups is better: all choices tried, up to seven tasks', () => {
  fc.assert(
    fc.property(smallAffinity(7), someOptions, (affinity, options) => {
      const found = chooseGroups(affinity, options);
      expectSound(found, affinity, options);
      expect(found.exact).toBe(true);
      expect(found.mean).toBeCloseTo(exhaustive(affinity, options), 9);
    }),
    { numRuns: 80 },
  );
});

test('no choice of four or five groups is better: all choices tried, up to five tasks', () => {
  fc.assert(
    fc.property(smallAffinity(5), fc.integer({ min: 4, max: 5 }), fc.boolean(), (affinity, most, overlap) => {
      const found = chooseGroups(affinity, { most, overlap });
      expectSound(found, affinity, { most, overlap });
      expect(found.mean).toBeCloseTo(exhaustive(affinity, { most, overlap }), 9);
    }),
    { numRuns: 40 },
  );
});

test('names, order and unit of the affinity do not matter', () => {
  const tasks = indices(11);
  const order = [4, 10, 0, 7, 2, 9, 1, 3, 8, 6, 5];
  const affinity = drawn(11, 3);
  const moved = affinityOf(order.map((to) => order.map((from) => 1e-5 * affinity.benefit(to, from)!)));
  for (const overlap of [true, false]) {
    const [one, other] = [affinity, moved].map((own) => chooseGroups(own, { most: 3, overlap }));
    const back = other!.groups.map((group) => group.map((t) => order[t]!).sort((a, b) => a - b));
    expect(new Set(back.map(String))).toEqual(new Set(one!.groups.map(String)));
    expect(other!.mean).toBeCloseTo(1e-5 * one!.mean, 12);
    expect(order.map((t) => one!.scores[t]! * 1e-5)).toEqual(
      tasks.map((t) => expect.closeTo(other!.scores[t]!, 12)),
    );
  }
});

test('more groups never lower the mean, nor does overlap', () => {
  const affinity = drawn(12, 5);
  const means = [true, false].map((overlap) =>
    [1, 2, 3, 4, 5, 12].map((most) => chooseGroups(affinity, { most, overlap }).mean),
  );
  for (const own of means) expect(own).toEqual(own.toSorted((a, b) => a - b));
  means[0]!.forEach((mean, i) => {
    expect(mean).toBeGreaterThanOrEqual(means[1]![i]! - 1e-12);
  });
});

test('twelve tasks: no exchange of one task betters what is proven the best', () => {
  const affinity = drawn(12, 8);
  const { groups, mean, exact } = chooseGroups(affinity, { most: 4, overlap: false });
  expect(exact).toBe(true);
  const meanOf = (parts: readonly (readonly number[])[]): number =>
    parts
      .flatMap((group) => group.map((t) => scoreOf(affinity, t, group, -Infinity)))
      .reduce((a, b) => a + b) / 12;
  for (const t of indices(12))
    for (const to of indices(4)) {
      const parts = groups.map((group, g) => [...group.filter((u) => u !== t), ...(g === to ? [t] : [])]);
      expect(meanOf(parts.filter((group) => group.length > 0))).toBeLessThanOrEqual(mean + 1e-12);
    }
});

// a and b help each other, c harms both and gains nothing.
const harmed = affinityOf([
  [0, 2, -4],
  [2, 0, -4],
  [-1, -1, 0],
]);

test('a task may be best alone, if groups of one are asked for', () => {
  expect(chooseGroups(harmed, { most: 2, overlap: false, alone: 0 })).toMatchObject({
    groups: [[0, 1], [2]],
    scores: [2, 2, 0],
    servedBy: [0, 0, 1],
  });
  expect(chooseGroups(harmed, { most: 2, overlap: false })).toMatchObject({
    groups: [[0, 1, 2]],
    scores: [-1, -1, -1],
  });
  // With overlap it is served by a group in which it harms the other, who is served elsewhere.
  expect(chooseGroups(harmed, { most: 2 })).toMatchObject({
    groups: [
      [0, 1],
      [0, 2],
    ],
    scores: [2, 2, -1],
  });
  expect(chooseGroups(harmed, { most: 3, alone: 3 })).toMatchObject({ groups: [[0], [1], [2]], mean: 3 });
});

test('groups come in the order of their tasks, and one may hold another', () => {
  const affinity = affinityOf([
    [0, 5, 0, 0],
    [5, 0, 0, 0],
    [9.5, 0, 0, 4.5],
    [0, 9.5, 4.5, 0],
  ]);
  expect(chooseGroups(affinity, { most: 2 })).toMatchObject({
    groups: [
      [0, 1],
      [0, 1, 2, 3],
    ],
    servedBy: [0, 0, 1, 1],
  });
});

test('scores of groups of one may be of another size than benefits', () => {
  for (const alone of [1e6 / 3, 1e-6, -1e6 / 3])
    for (const most of [4, 9]) expect(chooseGroups(drawn(9, 2), { most, alone }).exact).toBe(true);
});

test('no more groups than serve somebody', () => {
  const equal = affinityOf(indices(4).map(() => [1, 1, 1, 1]));
  for (const overlap of [true, false]) {
    const found = chooseGroups(equal, { most: 4, overlap });
    expect(found).toMatchObject({ mean: 1, exact: true });
    expect(found.groups.every((group, g) => found.servedBy.includes(g) && group.length > 1)).toBe(true);
  }
  const zero = affinityOf(indices(3).map(() => [0, 0, 0]));
  expect(chooseGroups(zero, { most: 1 })).toMatchObject({ groups: [[0, 1, 2]], mean: 0, exact: true });
  expect(chooseGroups(affinityOf([[1]]), { most: 2, alone: -5 })).toMatchObject({
    groups: [[0]],
    mean: -5,
    exact: true,
  });
});

test('where steps run out, it says so, and the bound still holds', () => {
  const affinity = drawn(12, 1);
  for (const overlap of [true, false]) {
    const best = chooseGroups(affinity, { most: 5, overlap });
    const stopped = chooseGroups(affinity, { most: 5, overlap, nodes: 0 });
    expect(best.exact).toBe(true);
    expect(stopped.exact).toBe(false);
    expect(stopped.mean).toBeLessThanOrEqual(best.mean);
    expect(stopped.bound).toBeGreaterThan(best.mean);
    expectSound(stopped, affinity, { most: 5, overlap });
  }
});

test('a pair that was not measured is an error, or counts as one says', () => {
  const affinity = affinityFrom({
    tasks: ['a', 'b'],
    rows: 'source',
    values: [
      [null, 1],
      [null, null],
    ],
  });
  expect(() => chooseGroups(affinity, { most: 1 })).toThrow('none of what "a" gains from "b"');
  expect(chooseGroups(affinity, { most: 1, unknown: -2 }).scores).toEqual([-2, 1]);
});

test.each<[string, GroupingOptions, Affinity?]>([
  ['grouping.most', { most: 0 }],
  ['grouping.most', { most: 1.5 }],
  ['grouping.alone', { most: 2, alone: Number.NaN }],
  ['grouping.unknown', { most: 2, unknown: Infinity }],
  ['grouping.nodes', { most: 2, nodes: -1 }],
  ['grouping.tasks', { most: 2 }, affinityOf([[1]])],
  ['grouping.tasks', { most: 2, alone: 0 }, affinityOf([])],
])('refused at %s: %o', (path, options, affinity = harmed) => {
  expect(() => chooseGroups(affinity, options)).toThrow(
    expect.objectContaining({ code: 'grouping-invalid', path }),
  );
});
