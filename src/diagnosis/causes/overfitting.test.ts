import { describe, expect, test } from 'vitest';
import { HELPED, HURT, type MadeTask, made } from './fixture.test-support.ts';
import { overfitting } from './overfitting.ts';

/** Skill 0.8 on training rows, and so much on others. */
const task = (held: number, more: Partial<MadeTask> = {}): MadeTask => ({
  name: 'a',
  alone: [0.2, 1 - held, 1 - held],
  together: [0.2, 1 - held, 1 - held],
  ...more,
});

describe('overfitting', () => {
  test('more than a quarter of the skill is lost', () => {
    const cause = overfitting.find(made([task(0.59)]))!;
    expect(cause.statistic).toMatchObject({ threshold: 0.25 });
    expect(cause.statistic.value).toBeCloseTo(1 - 0.59 / 0.8, 3);
    expect(overfitting.find(made([task(0.61)]))).toBeUndefined();
  });

  test('a gap that few rows make by chance is none, until several tasks show it', () => {
    // √((1 − 0.8²)/n + (1 − 0.5²)/n) is 0.149 for 50 rows, 0.105 for 100; the gap is 0.3.
    const few = task(0.5, { rows: 40 });
    expect(overfitting.find(made([few]))).toBeUndefined();
    expect(overfitting.find(made([task(0.5, { rows: 60 })]))).toBeDefined();
    expect(overfitting.find(made([few, { ...few, name: 'b' }]))?.tasks).toEqual(['a', 'b']);
  });

  test('many tasks of a handful of rows each: together they tell what none tells alone', () => {
    const small = { rows: 20, alone: [0.7, 0.95, 0.95], together: [0.7, 0.8, 0.8] } as const;
    const many = Array.from({ length: 40 }, (_, i): MadeTask => ({ name: `t${i}`, ...small }));
    expect(overfitting.find(made(many.slice(0, 1)))).toBeUndefined();
    expect(overfitting.find(made(many))?.tasks).toHaveLength(40);
  });

  test('it counts on the side where it is more, and helps where sharing helped', () => {
    const alone = task(0.5, { together: [0.4, 0.45, 0.45] });
    expect(overfitting.find(made([{ ...alone, delta: HELPED }]))?.bearing).toBe('helps');
    expect(overfitting.find(made([alone]))?.bearing).toBe('limits');
    expect(overfitting.find(made([{ ...alone, delta: HURT }]))?.bearing).toBe('limits');
  });

  test('what was not learned cannot be lost', () => {
    const noise = { name: 'n', alone: [0.98, 1.05, 1.05], together: [0.98, 1.05, 1.05] } as const;
    expect(overfitting.find(made([noise]))).toBeUndefined();
  });

  test('advice: share more where something is kept apart, then regularise', () => {
    const run = made([task(0.5)]);
    const paths = (own: typeof run): string[] =>
      overfitting.find(own)!.advice.flatMap(({ settings }) => settings.map(({ path }) => path));
    expect(paths(run)).toEqual(['model.dropout', 'training.optimiser', 'model.hidden']);
    const soft = { ...run, settings: { ...run.settings, sharing: 'mmoe' } };
    expect(paths(soft).slice(0, 2)).toEqual(['model.sharing', 'model.tower']);
  });

  test('without scores on training rows it is not told', () => {
    const run = made([task(0.5)]);
    const { training: _, ...multi } = run.multi;
    expect(overfitting.applies(run)).toBe(true);
    expect(overfitting.applies({ ...run, multi })).toBe(false);
  });
});
