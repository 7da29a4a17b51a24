import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BestTracker, type UnitRanges } from './early-stopping.ts';

/** Two units of two elements each. */
const UNITS: UnitRanges = [[{ start: 0, end: 2, to: 0 }], [{ start: 2, end: 4, to: 2 }]];
const theta = (value: number): Float32Array => new Float32Array(4).fill(value);

/** Observes [unit 0, unit 1] scores in turn; evaluation e has a θ of e + 1. */
function observed(patience: number, scores: readonly (readonly [number, number])[]): BestTracker {
  const tracker = new BestTracker(UNITS, patience, theta(0));
  scores.forEach((own, e) => {
    tracker.observe(e, own, theta(e + 1));
  });
  return tracker;
}

describe('what is kept', () => {
  test('each unit keeps its own part of its own best', () => {
    const { state } = observed(10, [
      [1, 5],
      [3, 4],
      [2, 6],
    ]);
    expect(state.scores).toEqual([3, 6]);
    expect(state.evaluations).toEqual([1, 2]);
    expect([...state.theta]).toEqual([2, 2, 3, 3]);
  });

  test('ties keep the earlier state', () => {
    expect(
      observed(10, [
        [1, 1],
        [1, 1],
      ]).state.evaluations,
    ).toEqual([0, 0]);
  });

  test('a score that is not a number, or −∞, is no improvement', () => {
    const { state } = observed(10, [
      [Number.NaN, Number.NEGATIVE_INFINITY],
      [-3, Number.NaN],
    ]);
    expect([...state.theta]).toEqual([2, 2, 0, 0]);
    expect(state.scores).toEqual([-3, Number.NEGATIVE_INFINITY]);
  });

  test('what was handed out does not change', () => {
    const tracker = observed(10, [[1, 1]]);
    const before = tracker.state;
    tracker.observe(1, [2, 2], theta(9));
    expect([...before.theta]).toEqual([1, 1, 1, 1]);
    expect(before.scores).toEqual([1, 1]);
    const given = tracker.state;
    new BestTracker(UNITS, 10, theta(0), given).observe(2, [7, 7], theta(3));
    expect(given.scores).toEqual([2, 2]);
  });

  test('units that overlap keep copies of their own', () => {
    const copies: UnitRanges = [[{ start: 0, end: 2, to: 0 }], [{ start: 0, end: 2, to: 2 }]];
    const tracker = new BestTracker(copies, 5, Float32Array.of(7, 8));
    expect([...tracker.state.theta]).toEqual([7, 8, 7, 8]);
    tracker.observe(0, [1, 2], Float32Array.of(1, 2));
    tracker.observe(1, [0, 3], Float32Array.of(3, 4));
    expect([...tracker.state.theta]).toEqual([1, 2, 3, 4]);
  });
});

describe('patience', () => {
  test('is over when no unit improved within it', () => {
    const tracker = observed(2, [
      [1, 1],
      [0, 2],
      [0, 0],
    ]);
    expect(tracker.exhausted(2)).toBe(false);
    tracker.observe(3, [0, 0], theta(4));
    expect(tracker.exhausted(3)).toBe(true);
  });

  test('units that were never judged do not hold up the end', () => {
    const never = Number.NEGATIVE_INFINITY;
    const tracker = observed(2, [
      [1, never],
      [0, never],
      [0, never],
    ]);
    expect(tracker.exhausted(2)).toBe(true);
  });

  test('units side by side end as each alone', () => {
    const runs = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 3 }), (scores, patience) => {
        const together = new BestTracker(UNITS, patience, theta(0));
        const alone = [0, 1].map(() => new BestTracker([[{ start: 0, end: 1, to: 0 }]], patience, theta(0)));
        const over = [false, false];
        scores.forEach((own, e) => {
          together.observe(e, own, theta(e + 1));
          alone.forEach((tracker, unit) => {
            if (over[unit]) return;
            tracker.observe(e, [own[unit]!], theta(e + 1));
            over[unit] = tracker.exhausted(e);
          });
          expect(together.exhausted(e)).toBe(over.every(Boolean));
        });
        expect(together.state.evaluations).toEqual(alone.map(({ state }) => state.evaluations[0]));
        expect([together.state.theta[0], together.state.theta[2]]).toEqual(
          alone.map(({ state }) => state.theta[0]),
        );
      }),
    );
  });
});
