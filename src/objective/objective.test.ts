import { describe, expect, test } from 'vitest';
import { createObjective, fixed, OBJECTIVES, type Weighting } from './index.ts';

const TASKS = ['a', 'b', 'constructor'];
const input = { losses: Float64Array.of(1, 2, 0), epoch: 3 };

describe.each(Object.keys(OBJECTIVES))('%s', (name) => {
  const weighting = (): Weighting => createObjective({ name });

  test('goes by its name', () => expect(weighting().name).toBe(name));

  test('a finite weight ≥ 0 for each task, before and after losses are known', () => {
    const state = weighting().init(TASKS);
    for (const losses of [input.losses, new Float64Array(0), new Float64Array(3)]) {
      const { weights } = weighting().step({ losses, epoch: 0 }, state);
      expect(weights).toHaveLength(TASKS.length);
      expect(weights.every((weight) => Number.isFinite(weight) && weight >= 0)).toBe(true);
    }
  });

  test('is a pure function of what it sees and its state, which survives JSON', () => {
    const objective = weighting();
    const first = objective.step(input, objective.init(TASKS));
    const revived = revive(objective.init(TASKS));
    expect(objective.step(input, objective.init(TASKS))).toEqual(first);
    expect([...weighting().step(input, revived).weights]).toEqual([...first.weights]);
  });

  test('what needs nothing never changes', () => {
    const objective = weighting();
    if (objective.needs !== 'nothing') return;
    const first = objective.step(input, objective.init(TASKS));
    expect(objective.step({ losses: Float64Array.of(9, 9, 9), epoch: 50 }, first.state).weights).toEqual(
      first.weights,
    );
  });
});

/** What a checkpoint does with a state. */
const revive = (state: unknown): unknown => JSON.parse(JSON.stringify(state));

test('equal weights are 1', () => {
  const objective = createObjective({ name: 'equal' });
  expect([...objective.step(input, objective.init(TASKS)).weights]).toEqual([1, 1, 1]);
});

test('fixed weights are those given, 1 where not named', () => {
  const objective = createObjective({ name: 'fixed', weights: { b: 0.25 } });
  expect([...objective.step(input, objective.init(TASKS)).weights]).toEqual([1, 0.25, 1]);
});

test.each([
  [{ a: -1 }, 'objective.weights.a', 'weight-invalid'],
  [{ a: Number.NaN }, 'objective.weights.a', 'weight-invalid'],
  [{ a: Number.POSITIVE_INFINITY }, 'objective.weights.a', 'weight-invalid'],
  [{ a: 0, b: 0, constructor: 0 }, 'objective.weights', 'weight-invalid'],
  [{ d: 1 }, 'objective.weights.d', 'task-unknown'],
])('fixed refuses %j', (weights, path, code) => {
  expect(() => fixed(weights).init(TASKS)).toThrow(expect.objectContaining({ code, path }));
});

test.each(['equall', 'constructor'])('an unknown objective: %s', (name) => {
  expect(() => createObjective({ name })).toThrow(expect.objectContaining({ code: 'objective-unknown' }));
});
