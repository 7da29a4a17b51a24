import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestFor, dominates, hypervolume, paretoFront, preferenceCount, preferenceLattice } from './front.ts';

describe('preferences on a lattice', () => {
  test('two tasks: evenly spaced from near one end to near the other', () => {
    const first = preferenceLattice(2, 5).map(([value]) => value);
    expect(first).toEqual([0.95, 0.725, 0.5, 0.275, 0.05]);
    expect(preferenceLattice(2, 2)).toHaveLength(2);
    expect(preferenceLattice(2, 4)).toHaveLength(4);
  });

  test('three tasks: the coarsest lattice with as many, and the centre', () => {
    const lattice = preferenceLattice(3, 5);
    expect(lattice).toHaveLength(7);
    const [corner, edge] = [
      [0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3],
      [0.45 + 0.1 / 3, 0.45 + 0.1 / 3, 0.1 / 3],
    ];
    corner.forEach((value, t) => {
      expect(lattice[0]![t]).toBeCloseTo(value, 6);
    });
    edge.forEach((value, t) => {
      expect(lattice[1]![t]).toBeCloseTo(value, 6);
    });
    expect(lattice.at(-1)).toEqual([0.333333, 0.333333, 0.333333]);
    // A lattice of tenths has thirds of ten nowhere, one of three has its centre already.
    expect(preferenceLattice(3, 10)).toHaveLength(10);
    expect(preferenceLattice(3, 66)).toHaveLength(67);
    expect(preferenceLattice(40, 5)).toHaveLength(41);
  });

  test('all different, above 0, of sum 1, as many as were said', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 60 }), (tasks, least) => {
        const lattice = preferenceLattice(tasks, least);
        expect(lattice).toHaveLength(preferenceCount(tasks, least));
        expect(lattice.length).toBeGreaterThanOrEqual(least);
        expect(new Set(lattice.map((own) => own.map((value) => value.toFixed(9)).join())).size).toBe(
          lattice.length,
        );
        for (const own of lattice) {
          expect(own).toHaveLength(tasks);
          expect(own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
          expect(Math.min(...own)).toBeGreaterThan(0);
        }
      }),
    );
  });
});

const point = (tasks: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -2, max: 6 }), { minLength: tasks, maxLength: tasks });
const cloud = fc
  .integer({ min: 1, max: 4 })
  .chain((tasks) => fc.array(point(tasks), { minLength: 1, maxLength: 8 }));
const zeros = (points: readonly (readonly number[])[]): number[] => points[0]!.map(() => 0);

describe('the Pareto front', () => {
  test('by hand', () => {
    expect(
      paretoFront([
        [1, 3],
        [2, 2],
        [3, 1],
        [2, 1],
        [1, 3],
        [0, 9],
      ]),
    ).toEqual([true, true, true, false, true, true]);
    expect(
      paretoFront([
        [1, null],
        [0, 0],
        [Number.NEGATIVE_INFINITY, 9],
      ]),
    ).toEqual([false, true, false]);
    expect(paretoFront([])).toEqual([]);
    expect(dominates([1, 1], [1, 1])).toBe(false);
  });

  test('what is not on it is dominated by something on it, and nothing on it by anything', () => {
    fc.assert(
      fc.property(cloud, (points) => {
        const front = paretoFront(points);
        expect(front).toContain(true);
        points.forEach((own, i) => {
          const better = points.filter(
            (other) => other.every((v, t) => v >= own[t]!) && other.some((v, t) => v > own[t]!),
          );
          expect(better.length === 0).toBe(front[i]);
          if (!front[i]) expect(points.some((other, k) => front[k] && dominates(other, own))).toBe(true);
        });
      }),
    );
  });
});

describe('hypervolume', () => {
  test('by hand: squares that overlap, three boxes, what lies below the reference', () => {
    expect(
      hypervolume(
        [
          [2, 1],
          [1, 2],
        ],
        [0, 0],
      ),
    ).toBe(3);
    expect(
      hypervolume(
        [
          [3, 1],
          [2, 2],
          [1, 3],
        ],
        [0, 0],
      ),
    ).toBe(6);
    expect(
      hypervolume(
        [
          [3, 2],
          [2, 3],
        ],
        [1, 1],
      ),
    ).toBe(3);
    expect(hypervolume([[1, 1, 1]], [0, 0, 0])).toBe(1);
    expect(
      hypervolume(
        [
          [2, 1, 1],
          [1, 2, 1],
          [1, 1, 2],
        ],
        [0, 0, 0],
      ),
    ).toBe(4);
    expect(
      hypervolume(
        [
          [2, 2, 1],
          [1, 1, 3],
        ],
        [0, 0, 0],
      ),
    ).toBe(6);
    expect(
      hypervolume(
        [
          [5, -1],
          [0, 4],
          [1, null],
        ],
        [0, 0],
      ),
    ).toBe(0);
    expect(hypervolume([], [0, 0])).toBe(0);
    expect(hypervolume([[0.4], [0.7]], [0.5])).toBeCloseTo(0.2, 12);
  });

  test('of whole numbers: the cells that some point covers', () => {
    fc.assert(
      fc.property(cloud, (points) => {
        let cells = [[]] as number[][];
        for (const _ of points[0]!)
          cells = cells.flatMap((cell) => [1, 2, 3, 4, 5, 6].map((k) => [...cell, k]));
        const covered = cells.filter((cell) => points.some((own) => cell.every((k, t) => k <= own[t]!)));
        expect(hypervolume(points, zeros(points))).toBe(covered.length);
      }),
    );
  });

  test('indifferent to the order and to what is dominated', () => {
    const shuffled = cloud.chain((points) =>
      fc.tuple(
        fc.constant(points),
        fc.shuffledSubarray(points, { minLength: points.length, maxLength: points.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([points, moved]) => {
        const whole = hypervolume(points, zeros(points));
        expect(hypervolume(moved, zeros(points))).toBe(whole);
        const front = paretoFront(points);
        const kept = points.filter((_, i) => front[i]);
        expect(hypervolume(kept, zeros(points))).toBe(whole);
      }),
    );
  });

  test('grows by a point that nothing dominates or equals, and by no other', () => {
    fc.assert(
      fc.property(cloud, (points) => {
        const [added, ...rest] = points as [number[], ...number[][]];
        const covered = rest.some((own) => own.every((value, t) => value >= added[t]!));
        const grows = !covered && added.every((value) => value > 0);
        const [before, after] = [hypervolume(rest, zeros(points)), hypervolume(points, zeros(points))];
        if (grows) expect(after).toBeGreaterThan(before);
        else expect(after).toBe(before);
      }),
    );
  });
});

describe('which to take by a preference', () => {
  test('by hand: what a weighted sum would pass over', () => {
    // The middle one lies below the line between the ends: its sum is less for every preference.
    const points = [
      [1, 0],
      [0.4, 0.4],
      [0, 1],
    ];
    expect(bestFor(points, [0.5, 0.5])).toBe(1);
    expect(bestFor(points, [0.95, 0.05])).toBe(0);
    expect(bestFor(points, [0, 1])).toBe(2);
  });

  test('units do not matter, nor does what is beaten or unknown', () => {
    const points = [
      [1000, 0],
      [null, 9],
      [999, -1],
      [400, 0.4],
      [0, 1],
    ];
    expect(bestFor(points, [0.5, 0.5])).toBe(3);
    expect(bestFor([[null, 1]], [0.5, 0.5])).toBe(-1);
    // Of two that are equal, the first.
    expect(bestFor([...points, [400, 0.4]], [0.5, 0.5])).toBe(3);
  });

  test('each point of a front is the best for some preference, and only these', () => {
    const gains = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 })), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(gains, (points) => {
        const front = paretoFront(points);
        const on = points.filter((_, i) => front[i]);
        const ends = [0, 1].map((t) => on.map((point) => point[t]!));
        const [best, worst] = [ends.map((own) => Math.max(...own)), ends.map((own) => Math.min(...own))];
        // Weights by which both regrets of a point are alike; where one is none, all weight is its.
        for (const [x, y] of on) {
          const regrets = [x, y].map((value, t) => {
            const range = best[t]! - worst[t]!;
            return range === 0 ? 0 : (best[t]! - value) / range;
          });
          const sum = regrets[0]! + regrets[1]!;
          const preference = sum === 0 ? [0.5, 0.5] : [regrets[1]! / sum, regrets[0]! / sum];
          expect(points[bestFor(points, preference)]).toEqual([x, y]);
        }
      }),
    );
  });
});
