import { describe, expect, test } from 'vitest';
import { HELPED, HURT, type MadeTask, made, observed } from './fixture.test-support.ts';
import { labelCorrelation } from './label-correlation.ts';
import { labelImbalance } from './label-imbalance.ts';
import { lossScale } from './loss-scale.ts';
import type { Measured } from './measured.ts';
import { noisyTask } from './noisy-task.ts';

const noise = (error: number, more: Partial<MadeTask> = {}): MadeTask => ({
  name: 'noise',
  together: [0.9, error, error],
  alone: [0.99, error, error],
  ...more,
});
const GOOD: MadeTask = { name: 'good', delta: HURT };

describe('noisy task', () => {
  test('one that nothing predicts by more than 2/√n, beside one that is predicted', () => {
    // 1000 validation and 1000 test rows: 2/√2000 = 0.0447.
    const cause = noisyTask.find(made([GOOD, noise(0.957)]))!;
    expect(cause).toMatchObject({ code: 'noisy-task', tasks: ['noise'] });
    expect(cause.statistic.threshold).toBeCloseTo(0.0447, 4);
    expect(cause.advice[0]!.apart).toEqual(['noise']);
    expect(noisyTask.find(made([GOOD, noise(0.954)]))).toBeUndefined();
  });

  test('with few rows none is blamed', () => {
    const judged = (rows: number): unknown => noisyTask.find(made([GOOD, noise(1, { rows })]));
    expect(judged(50)).toBeDefined();
    expect(judged(49)).toBeUndefined();
  });

  test('nor is any for a harm that may be chance among many tasks', () => {
    const run = made([GOOD, noise(1)]);
    const tasks = run.diagnosis.tasks.map((task) => ({ ...task, clear: false }));
    expect(noisyTask.find({ ...run, diagnosis: { ...run.diagnosis, tasks } })).toBeUndefined();
  });

  test('the better of both ways counts', () => {
    expect(noisyTask.find(made([GOOD, noise(1, { alone: [0.2, 0.3, 0.3] })]))).toBeUndefined();
  });

  test('no harm, no blame; and nothing but noise blames nobody', () => {
    expect(noisyTask.find(made([{ name: 'good' }, noise(1)]))).toBeUndefined();
    expect(noisyTask.find(made([noise(1, { delta: HURT }), noise(1, { name: 'other' })]))).toBeUndefined();
  });
});

describe('losses of unlike size', () => {
  const pair = made([{ name: 'small', delta: HURT }, { name: 'large' }]);
  const norms = (small: number): Measured => observed(pair, { 'trunk/mlp/0': [0] }, { norms: [small, 1] });
  // √2 s / √(1 + s²) = 1/3 at s = 0.2425.

  test('a task with less than a third of an even share of a step', () => {
    const cause = lossScale.find(norms(0.24))!;
    expect(cause).toMatchObject({ code: 'loss-scale', tasks: ['small'] });
    expect(cause.statistic.value).toBeCloseTo((Math.SQRT2 * 0.24) / Math.hypot(1, 0.24), 12);
    expect(cause.advice[0]!.settings).toEqual([{ path: 'objective', value: 'uncertainty' }]);
    expect(lossScale.find(norms(0.245))).toBeUndefined();
  });

  test('where no gradients were watched, losses tell', () => {
    const losses = (loss: number): Measured =>
      made([{ name: 'small', delta: HURT, loss }, { name: 'large' }]);
    expect(lossScale.find(losses(0.24))?.tasks).toEqual(['small']);
    expect(lossScale.find(losses(0.245))).toBeUndefined();
  });

  test('weights of the losses count', () => {
    const { multi } = norms(0.1);
    const curve = multi.curve.map((point) => ({ ...point, weights: [[10, 1]] }));
    expect(lossScale.find({ ...norms(0.1), multi: { ...multi, curve } })).toBeUndefined();
  });

  test('who was not hurt is not behind', () => {
    expect(
      lossScale.find(observed(made([{ name: 'a' }, { name: 'b' }]), { l: [0] }, { norms: [0.1, 1] })),
    ).toBeUndefined();
  });
});

describe('labels that go together', () => {
  const run = (rho: number | null, overlap = 1, delta: MadeTask['delta'] = HELPED): Measured => ({
    ...made([{ name: 'a', ...(delta && { delta }) }, { name: 'b' }]),
    labels: {
      rows: 1000,
      overlap: [
        [1, overlap],
        [overlap, 1],
      ],
      correlation: [
        [1, rho],
        [rho, 1],
      ],
    },
  });

  test('from 0.3 on, of either sign, where sharing helped', () => {
    expect(labelCorrelation.find(run(0.31))).toMatchObject({ tasks: ['a', 'b'], bearing: 'helps' });
    expect(labelCorrelation.find(run(-0.31))?.statistic).toMatchObject({ value: -0.31, threshold: -0.3 });
    expect(labelCorrelation.find(run(0.29))).toBeUndefined();
    expect(labelCorrelation.find(run(0.9, 1, HURT))).toBeUndefined();
  });

  test('of few common rows more is asked: 2/√n', () => {
    // A hundredth of 1000 rows: 2/√10 = 0.632.
    expect(labelCorrelation.find(run(0.63, 0.01))).toBeUndefined();
    expect(labelCorrelation.find(run(0.64, 0.01))).toBeDefined();
  });

  test('without common rows it is not told', () => {
    expect(labelCorrelation.applies(run(null, 0))).toBe(false);
    expect(labelCorrelation.applies(made([{ name: 'a' }, { name: 'b' }]))).toBe(false);
  });
});

describe('few labels beside many', () => {
  const run = (rows: number, delta: MadeTask['delta'] = HURT): Measured =>
    made([
      { name: 'few', rows, ...(delta && { delta }) },
      { name: 'many', rows: 1000 },
    ]);

  test('a tenth of the labels, and hurt', () => {
    expect(labelImbalance.find(run(100))).toMatchObject({ tasks: ['few'], statistic: { value: 10 } });
    expect(labelImbalance.find(run(101))).toBeUndefined();
    expect(labelImbalance.find(run(10, HELPED))).toBeUndefined();
  });
});
