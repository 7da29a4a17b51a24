import { describe, expect, test } from 'vitest';
import { EQUAL, HURT, type MadeTask, made } from './fixture.test-support.ts';
import { learningSpeed } from './learning-speed.ts';
import type { Measured } from './measured.ts';

/** Falls to its best at a point, stays there, or rises again from a later point on. */
const falls = (best: number, rises = 99): number[] =>
  Array.from(
    { length: 40 },
    (_, i) => Math.max(0.2, 1 - (0.8 * (i + 1)) / best) + Math.max(0, i - rises) * 0.02,
  );

/** The state is kept at a point of the curves. */
function kept(tasks: readonly MadeTask[], point: number): Measured {
  const run = made(tasks);
  const validation = run.multi.validation.map(() => tasks.map(({ curve }) => curve![point]!));
  return { ...run, multi: { ...run.multi, validation } };
}

const QUICK = { name: 'quick', delta: HURT, curve: falls(5, 12) };
const SLOW = { name: 'slow', delta: EQUAL, curve: falls(30) };

describe('learning at different rates', () => {
  test('a quick task pays where a slow one is waited for', () => {
    const cause = learningSpeed.find(kept([QUICK, SLOW], 32))!;
    expect(cause).toMatchObject({ code: 'learning-speed', bearing: 'hurts', tasks: ['quick', 'slow'] });
    expect(cause.statistic.value).toBeGreaterThan(4);
    expect(cause.advice[0]!.settings).toEqual([{ path: 'training.checkpoint', value: 'task' }]);
  });

  test('a slow task pays where a quick one stops the training', () => {
    const cause = learningSpeed.find(
      kept(
        [
          { ...QUICK, delta: EQUAL },
          { ...SLOW, delta: HURT },
        ],
        8,
      ),
    )!;
    expect(cause.sentence).toContain('costs slow up to');
  });

  test('it needs twice the steps, a price, and a task that was hurt', () => {
    const near = { ...SLOW, curve: falls(9) };
    expect(learningSpeed.find(kept([QUICK, near], 32))).toBeUndefined();
    expect(learningSpeed.find(kept([QUICK, { ...SLOW, curve: falls(14) }], 32))).toBeDefined();
    expect(learningSpeed.find(kept([{ ...QUICK, curve: falls(5) }, SLOW], 32))).toBeUndefined();
    expect(learningSpeed.find(kept([{ ...QUICK, delta: EQUAL }, SLOW], 32))).toBeUndefined();
  });

  test('what is never learned is neither slow nor quick', () => {
    const noise = { name: 'noise', curve: QUICK.curve.map((_, i) => (i < 5 ? 0.98 : 1)) };
    const hurt = { ...SLOW, delta: HURT };
    expect(learningSpeed.find(kept([noise, hurt], 8))).toBeUndefined();
    expect(learningSpeed.find(kept([noise, { ...QUICK, delta: EQUAL }, hurt], 8))).toBeDefined();
  });

  test('without curves it is not told', () => {
    expect(learningSpeed.applies(made([{ name: 'a' }]))).toBe(false);
    expect(learningSpeed.applies(made([QUICK]))).toBe(true);
  });
});
