import { describe, expect, test } from 'vitest';
import { capacity } from './capacity.ts';
import { made } from './fixture.test-support.ts';
import type { Measured, WidthProbe } from './measured.ts';

const PAIR = made([{ name: 'a' }, { name: 'b' }]);
/** All errors are 0.5: those of twice the width, by task, and their scatter over seeds. */
function probed(together: readonly number[], alone: readonly number[], scatter = 0): Measured {
  const scores = (own: readonly number[]): WidthProbe['multi'] =>
    PAIR.multi.validation.map((seed, s) =>
      seed.map((error, t) => error! * (1 - own[t]! / 100) + (s - 1) * scatter),
    );
  return {
    ...PAIR,
    width: {
      hidden: [64, 32],
      multi: scores(together),
      independent: PAIR.multi.validation.map((seed) =>
        seed.map((error, t) => error! * (1 - alone[t]! / 100)),
      ),
    },
  };
}

describe('capacity', () => {
  test('what width gains together and not alone, beyond 1 %', () => {
    const cause = capacity.find(probed([5, 7], [1, 1]))!;
    expect(cause).toMatchObject({ code: 'capacity', bearing: 'hurts', tasks: ['a', 'b'] });
    expect(cause.statistic.value).toBeCloseTo(5, 6);
    expect(cause.advice[0]!.settings).toEqual([{ path: 'model.hidden', value: [64, 32] }]);
    expect(capacity.find(probed([2.1, 2.1], [1, 1]))).toBeDefined();
    expect(capacity.find(probed([1.9, 1.9], [1, 1]))).toBeUndefined();
  });

  test('what both gain is no cause', () => {
    expect(capacity.find(probed([20, 20], [20, 20]))).toBeUndefined();
    expect(capacity.find(probed([20, 20], [30, 30]))).toBeUndefined();
  });

  test('nor is what scatters over seeds as much as it is', () => {
    // ±4 % of 0.5 over three seeds is a half-width of 10 %.
    expect(capacity.find(probed([5, 5], [0, 0], 0.02))).toBeUndefined();
    expect(capacity.find(probed([15, 15], [0, 0], 0.02))).toBeDefined();
  });

  test('only tasks that gain are named', () => {
    expect(capacity.find(probed([20, -2], [0, 0]))?.tasks).toEqual(['a']);
  });

  test('without the probe, or with one seed, it is not told', () => {
    expect(capacity.applies(PAIR)).toBe(false);
    const run = probed([5, 5], [0, 0]);
    expect(capacity.applies(run)).toBe(true);
    const { multi } = run;
    const one = { ...run, multi: { ...multi, validation: multi.validation.slice(0, 1) } };
    expect(capacity.applies(one)).toBe(false);
  });
});
