import { expect, test } from 'vitest';
import { checkGradients } from '../../engine/contract/numeric.ts';
import {
  add,
  constant,
  div,
  input,
  mul,
  reduceSum,
  sqrt,
  square,
  sub,
  type Tensor,
  tensorData,
} from '../../engine/index.ts';
import { constantly, drive, tasksOf } from '../drive.test-support.ts';
import { chooseLossWeighting } from '../loss-weightings.ts';

const DTYPE = { dtype: 'float64' } as const;
const row = (values: readonly number[]): Tensor => constant(values, DTYPE);
const norm = (x: Tensor): Tensor => sqrt(reduceSum(square(x), -1, { keepDims: true }));
const R = [1, 2, 0.5];
const r = row(R);
const sum = (x: Tensor): Tensor => reduceSum(x, -1, { keepDims: true });
const along = (losses: Tensor): Tensor => div(sum(mul(losses, r)), norm(r));
const preference = { task0: 1, task1: 2, task2: 0.5 };

test.each<[{ name: string; [key: string]: unknown }, (losses: Tensor) => Tensor]>([
  [
    { name: 'pbi', theta: 2, preference },
    (losses) => add(along(losses), mul(norm(sub(losses, mul(div(r, norm(r)), along(losses)))), 2)),
  ],
  [
    { name: 'cosmos', lambda: 0.7, preference },
    (losses) => {
      const cosine = div(sum(mul(losses, r)), mul(norm(r), norm(losses)));
      return sub(div(sum(mul(losses, r)), 3.5), mul(cosine, 0.7));
    },
  ],
])('the weights of %j before they are bounded are the gradient', async (spec, objective) => {
  const losses = input('losses', [3], DTYPE);
  const { weighting, options } = chooseLossWeighting(spec);
  const unused = (): never => {
    throw new Error('not for a plain scalarisation');
  };
  const context = {
    losses,
    present: row([1, 1, 1]),
    tasks: tasksOf(3),
    lead: [],
    parameter: unused,
    state: unused,
    next: unused,
    epochInput: unused,
    noise: unused,
    lossesAfter: unused,
    alongValidation: unused,
  };
  await checkGradients(
    [
      {
        label: spec.name,
        loss: reduceSum(objective(losses)),
        gradients: [weighting.weigh(context, options).weights],
        inputs: [{ name: 'losses', tensor: losses }],
      },
    ],
    { losses: tensorData([0.9, 0.6, 1.4], [3], 'float64') },
  );
});

test.each(['pbi:preference=task1=3', 'cosmos:preference=task1=3,lambda=2'])(
  '%s: losses in proportion to it are pulled nowhere',
  async (method) => {
    const { weights } = await drive({ method, tasks: tasksOf(2), steps: 1, batch: constantly([0.2, 0.6]) });
    expect(weights[0]![1]! / weights[0]![0]!).toBeCloseTo(3, 6);
  },
);

test.each(['pbi', 'cosmos:lambda=9'])('%s: no task is made worse on purpose', async (method) => {
  const { weights } = await drive({ method, tasks: tasksOf(2), steps: 1, batch: constantly([0.001, 1]) });
  expect(weights[0]![0]).toBe(0);
});

test('stch: losses in inverse proportion to it count as alike; nothing weighs what is not wanted at all', async () => {
  const weightsOf = async (method: string): Promise<readonly number[]> => {
    const { weights } = await drive({ method, tasks: tasksOf(2), steps: 1, batch: constantly([0.2, 0.6]) });
    return weights[0]!;
  };
  const [a, b] = await weightsOf('stch:epochs=0,mu=0.3,preference=task0=3');
  expect(a).toBeCloseTo(1 / 0.2, 4);
  expect(b).toBeCloseTo(1 / 0.6, 4);
  const [none, all] = await weightsOf('stch:epochs=0,preference=task0=0');
  expect(none).toBe(0);
  expect(all).toBeCloseTo(2 / 0.6, 4);
});
