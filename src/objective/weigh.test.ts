import { describe, expect, test } from 'vitest';
import { constantly, drive, tasksOf } from './drive.test-support.ts';
import { chooseLossWeighting, LOSS_WEIGHTINGS } from './loss-weightings.ts';

const TASKS = tasksOf(3);

describe('bounds', () => {
  test.each<[string, readonly number[]]>([
    ['log', [10, 1, 0.1]],
    ['log:max=4', [4, 1, 0.1]],
    ['log:min=0.5', [10, 1, 0.5]],
    ['log:min=0.5,max=4', [4, 1, 0.5]],
    ['log:min=2,max=2', [2, 2, 2]],
  ])('%s', async (method, expected) => {
    const { weights } = await drive({ method, tasks: TASKS, steps: 1, batch: constantly([0.1, 1, 10]) });
    weights[0]!.forEach((weight, t) => {
      expect(weight).toBeCloseTo(expected[t]!, 12);
    });
  });

  test('a floor does not bring an absent task in', async () => {
    const { weights } = await drive({
      method: 'min-max:min=0.2',
      tasks: TASKS,
      steps: 1,
      batch: constantly([1, 2, 3]),
      present: constantly([1, 1, 0]),
    });
    expect(weights[0]).toEqual([0.2, 1, 0]);
  });

  // Where the bound cut off the gradient of s as well, s would drift away without end.
  test('a cap holds the model back and not what the weighting learns', async () => {
    const own = { tasks: tasksOf(1), steps: 2000, batch: constantly([0.1]) };
    const { state, weights } = await drive({ ...own, method: 'uncertainty:max=2' });
    expect(state.s![0]).toBeCloseTo(Math.log(0.1), 8);
    expect(weights.at(-1)).toEqual([2]);
  });
});

test("the user's weight multiplies what the method finds", async () => {
  const tasks = TASKS.map((task, t) => ({ ...task, weight: [2, 1, 0][t]! }));
  const { weights } = await drive({ method: 'log:max=4', tasks, steps: 1, batch: constantly([0.1, 1, 10]) });
  expect(weights[0]).toEqual([8, 1, 0]);
});

describe.each(Object.keys(LOSS_WEIGHTINGS))('warm-up of %s', (name) => {
  const own = {
    tasks: TASKS,
    stepsPerEpoch: 2,
    batch: constantly([0.5, 1, 2]),
    noise: constantly([0.3, -0.2, 0.9]),
    present: (step: number) => [1, Number(step !== 1), 1],
  };

  test('weights are 1 and nothing moves; then it begins as it would have', async () => {
    const method = { name, ...(name === 'stch' && { epochs: 0 }) };
    const warm = await drive({ ...own, method: { ...method, warmup: 2 }, steps: 4 });
    expect(warm.weights).toEqual([
      [1, 1, 1],
      [1, 0, 1],
      [1, 1, 1],
      [1, 1, 1],
    ]);
    const whole = await drive({
      ...own,
      method: { ...method, warmup: 2 },
      steps: 6,
      present: constantly([1, 1, 1]),
    });
    const cold = await drive({ ...own, method, steps: 2, present: constantly([1, 1, 1]) });
    for (const [key, values] of Object.entries(cold.state))
      if (key !== 'theta') expect(whole.state[key]).toEqual(values);
    // What looks back over epochs has more to look at.
    if (!['dwa', 'stch'].includes(name)) expect(whole.weights.slice(4)).toEqual(cold.weights);
  });
});

test.each<[string | { name: string; [key: string]: unknown }, object]>([
  ['uncertainy', { code: 'objective-unknown', path: 'objective', help: 'Did you mean "uncertainty"?' }],
  ['constructor', { code: 'objective-unknown' }],
  ['dwa:temprature=3', { path: 'objective.temprature', help: 'Did you mean "temperature"?' }],
  ['cvar:alpha=0', { path: 'objective.alpha' }],
  ['cvar:alpha=1.1', { path: 'objective.alpha' }],
  ['hedge:floor=2', { path: 'objective.floor' }],
  ['log:max=-1', { path: 'objective.max', expected: 'none, or a number of 0 or more' }],
  ['log:min=3,max=2', { path: 'objective.max', expected: 'at least min, which is 3' }],
  ['log:warmup=1.5', { path: 'objective.warmup' }],
  ['fixed:weights=a=', { path: 'objective.weights' }],
  ['fixed:weights=a', { path: 'objective.weights' }],
  [{ name: 'fixed', weights: { a: -1 } }, { path: 'objective.weights' }],
  [{ name: 'fixed', weights: { a: '' } }, { path: 'objective.weights' }],
  [{ name: 'fixed', weights: {} }, { path: 'objective.weights' }],
  [{ name: 'fixed', weights: [1, 2] }, { path: 'objective.weights' }],
])('refuses %j', (method, error) => {
  expect(() => chooseLossWeighting(method)).toThrow(expect.objectContaining(error));
});

test.each<[object, object]>([
  [
    { name: 'fixed', weights: { tusk1: 1 } },
    { code: 'task-unknown', path: 'objective.weights.tusk1', help: 'Did you mean "task1"?' },
  ],
  [{ name: 'fixed', weights: { task0: 0, task1: 0, task2: 0 } }, { code: 'weight-invalid' }],
  [
    { name: 'pbi', preference: { tusk1: 1 } },
    { code: 'task-unknown', path: 'objective.preference.tusk1' },
  ],
  [{ name: 'cosmos', preference: { tusk1: 1 } }, { code: 'task-unknown' }],
  [{ name: 'stch', preference: { tusk1: 1 } }, { code: 'task-unknown' }],
  [
    { name: 'stch', nadir: { tusk1: 1 } },
    { code: 'task-unknown', path: 'objective.nadir.tusk1' },
  ],
])('refuses %j for tasks that are named otherwise', (method, error) => {
  const { weighting, options } = chooseLossWeighting(method as { name: string });
  expect(() => weighting.check!(options, ['task0', 'task1', 'task2'])).toThrow(
    expect.objectContaining(error),
  );
});

test('numbers by task as text and as data', () => {
  const read = (method: Parameters<typeof chooseLossWeighting>[0]): unknown =>
    (chooseLossWeighting(method).options as unknown as { weights: unknown }).weights;
  expect(read('fixed:weights=damage=2+a=b=0.5')).toEqual({ damage: 2, 'a=b': 0.5 });
  expect(read({ name: 'fixed', weights: { damage: 2 } })).toEqual({ damage: 2 });
  expect(read('fixed')).toBe('equal');
});
