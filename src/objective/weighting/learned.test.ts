import { expect, test } from 'vitest';
import { constantly, drive, tasksOf } from '../drive.test-support.ts';

const LOSSES = [0.1, 1, 7];
const settled = (method: string, present?: (step: number) => readonly number[]) =>
  drive({
    method,
    tasks: tasksOf(3),
    steps: 3000,
    ownRate: 0.1,
    batch: constantly(LOSSES),
    ...(present && { present }),
  });

test.each([
  ['uncertainty', (loss: number) => Math.log(loss), (loss: number) => 0.5 / loss],
  // Trap: a factor ½ before one of the two terms and not before the other moves the fixed point.
  ['uncertainty:form=classification', (loss: number) => Math.log(2 * loss), (loss: number) => 0.5 / loss],
  ['uncertainty:init=2', (loss: number) => Math.log(loss), (loss: number) => 0.5 / loss],
  ['imtl-l', (loss: number) => -Math.log(loss), (loss: number) => 1 / loss],
])('UW factor ½, fixed points: %s', async (method, s, weight) => {
  const { state, weights } = await settled(method);
  LOSSES.forEach((loss, t) => {
    expect(state.s![t]).toBeCloseTo(s(loss), 8);
    expect(weights.at(-1)![t]).toBeCloseTo(weight(loss), 8);
  });
});

test.each(['uncertainty', 'imtl-l'])(
  '%s: a task that is seldom there settles at the same place',
  async (method) => {
    const { state } = await settled(method, (step) => [1, Number(step % 2 === 0), Number(step % 3 === 0)]);
    const sign = method === 'imtl-l' ? -1 : 1;
    LOSSES.forEach((loss, t) => {
      expect(state.s![t]).toBeCloseTo(sign * Math.log(loss), 6);
    });
  },
);

test('init is where s begins', async () => {
  const { weights } = await drive({
    method: 'uncertainty:init=-0.5',
    tasks: tasksOf(2),
    steps: 1,
    batch: constantly([3, 4]),
  });
  expect(weights[0]).toEqual([0.5 * Math.exp(0.5), 0.5 * Math.exp(0.5)]);
});
