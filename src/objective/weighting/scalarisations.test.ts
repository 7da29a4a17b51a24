import { describe, expect, test } from 'vitest';
import { checkGradients } from '../../engine/contract/numeric.ts';
import {
  add,
  constant,
  div,
  exp,
  gradient,
  input,
  log,
  logSumExp,
  matmul,
  mul,
  neg,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  square,
  stack,
  sub,
  type Tensor,
  tensorData,
} from '../../engine/index.ts';
import { constantly, drive, tasksOf } from '../drive.test-support.ts';
import type { WeightingContext } from '../loss-weighting.ts';
import { chooseLossWeighting } from '../loss-weightings.ts';
import { weigh } from '../weigh.ts';

const DTYPE = { dtype: 'float64' } as const;
const NADIR = [0.7, 1.9, 1.1, 0.4];
const S = [0.3, -0.8, 1.1, 0.2];
const row = (values: readonly number[]): Tensor => constant(values, DTYPE);
const pick = <A>(values: readonly A[], at: readonly number[]): A[] => at.map((i) => values[i]!);

/** Objectives F of the losses [..., n] of tasks `at`, written as in the papers; s is what a method has learned. */
const OBJECTIVES: Record<string, (losses: Tensor, at: readonly number[], s: Tensor) => Tensor> = {
  equal: (losses) => reduceSum(losses, -1),
  'fixed:weights=task1=0.25+task2=3': (losses, at) =>
    reduceSum(mul(losses, row(pick([1, 0.25, 3, 1], at))), -1),
  log: (losses) => reduceSum(log(losses), -1),
  gls: (losses) => exp(reduceMean(log(losses), -1)),
  uncertainty: (losses, _, s) => reduceSum(add(mul(mul(exp(neg(s)), losses), 0.5), mul(s, 0.5)), -1),
  'uncertainty:form=classification': (losses, _, s) =>
    reduceSum(add(mul(exp(neg(s)), losses), mul(s, 0.5)), -1),
  'imtl-l': (losses, _, s) => reduceSum(sub(mul(exp(s), losses), s), -1),
  'stch:mu=0.7,preference=task1=0.2+task2=3': (losses, at) =>
    mul(
      logSumExp(mul(log(div(mul(losses, row(pick([1, 0.2, 3, 1], at))), row(pick(NADIR, at)))), 1 / 0.7), -1),
      0.7 * at.length,
    ),
  'stch:mu=0.5': (losses, at) =>
    mul(logSumExp(mul(log(div(losses, row(pick(NADIR, at)))), 1 / 0.5), -1), 0.5 * at.length),
};

/** θ [..., 3] → four positive losses with curvature. */
const lossesOf = (theta: Tensor): Tensor => {
  const map = constant([1, -0.5, 0.3, 0.8, 0.2, 0.9, -1.1, 0.4, 0.6, -0.7, 0.5, 1.2], {
    shape: [3, 4],
    dtype: 'float64',
  });
  const rows = reshape(theta, [...theta.shape.slice(0, -1), 1, 3]);
  const lines = matmul(rows, map);
  return add(square(reshape(lines, [...theta.shape.slice(0, -1), 4])), row([0.2, 0.5, 0.1, 0.9]));
};

function contextOf(losses: Tensor, present: Tensor, lead: readonly number[], s: Tensor): WeightingContext {
  const refuse = (): never => {
    throw new Error('not for a plain scalarisation');
  };
  return {
    losses,
    present,
    tasks: tasksOf(4),
    lead,
    parameter: () => s,
    state: refuse,
    next: refuse,
    noise: refuse,
    lossesAfter: refuse,
    alongValidation: refuse,
    epochInput: (name) => (name === 'smooth' ? row([1]) : row(NADIR.map(Math.log))),
  };
}

describe.each(Object.keys(OBJECTIVES))('%s', (method) => {
  test.each([
    { lead: [], at: [0, 1, 2, 3] },
    { lead: [2], at: [0, 1, 2, 3] },
    { lead: [2], at: [0, 2] },
    { lead: [], at: [3] },
  ])('descends its objective: %j', async ({ lead, at }) => {
    const shape = [...lead, 3];
    const theta = input('theta', shape, DTYPE);
    const s = input('s', [...lead, 4], DTYPE);
    const mask = [0, 1, 2, 3].map((t) => Number(at.includes(t)));
    const present = add(mul(s, 0), row(mask));
    const losses = lossesOf(theta);
    const chosen = chooseLossWeighting(method);
    const { terms, learns } = weigh(chosen, contextOf(mul(losses, present), present, lead, s));
    const total = learns === undefined ? terms : add(reduceSum(terms, -1), learns);
    const only = (x: Tensor): Tensor =>
      reshape(
        stack(
          at.map((t) => slice(x, -1, t, t + 1)),
          -1,
        ),
        [...lead, at.length],
      );
    const size = lead[0] ?? 1;
    await checkGradients(
      [
        {
          label: method,
          loss: reduceSum(OBJECTIVES[method]!(only(losses), at, only(s))),
          gradients: gradient(total, [theta, s]),
          inputs: [
            { name: 'theta', tensor: theta },
            { name: 's', tensor: s },
          ],
        },
      ],
      {
        theta: tensorData([0.4, -0.9, 0.7, 1.3, 0.2, -0.6].slice(0, 3 * size), shape, 'float64'),
        s: tensorData([...S, 0.5, 0.1, -0.4, 0.9].slice(0, 4 * size), [...lead, 4], 'float64'),
      },
    );
  });
});

describe('by hand', () => {
  const once = async (method: string, losses: readonly number[]): Promise<readonly number[]> =>
    (await drive({ method, tasks: tasksOf(losses.length), steps: 1, batch: constantly(losses) })).weights[0]!;
  const close = (found: readonly number[], expected: readonly number[]): void => {
    found.forEach((value, t) => {
      expect(value).toBeCloseTo(expected[t]!, 10);
    });
  };

  test('log weighs by 1/L', async () => close(await once('log', [0.5, 4]), [2, 0.25]));

  test('RLW is the softmax of the noise, over the tasks present', async () => {
    const own = { method: 'rlw', tasks: tasksOf(3), steps: 1, batch: constantly([1, 2, 3]) };
    const noise = constantly([Math.log(2), Math.log(5), Math.log(3)]);
    close((await drive({ ...own, noise })).weights[0]!, [0.2, 0.5, 0.3]);
    close((await drive({ ...own, noise, present: constantly([1, 0, 1]) })).weights[0]!, [0.4, 0, 0.6]);
  });

  // √(0.5 · 8) = 2: 2/(2 · 0.5) and 2/(2 · 8).
  test('GLS of two', async () => close(await once('gls', [0.5, 8]), [2, 0.125]));

  // u = ln (1, 3): softmax (1/4, 3/4), times 2, over L.
  test('STCH of two, nadir 1 and 1', async () => close(await once('stch:epochs=0', [1, 3]), [0.5, 0.5]));

  // u/μ = 2 ln (L/nadir) = 2 ln (2, 1): softmax (4/5, 1/5), times 2, over L.
  test('STCH with a given nadir', async () =>
    close(await once('stch:epochs=0,mu=0.5,nadir=task0=0.5+task1=3', [1, 3]), [1.6, 0.4 / 3]));

  test('STCH tends to the worst task as μ goes to 0', async () =>
    close(await once('stch:epochs=0,mu=0.001', [1, 3]), [0, 2 / 3]));
});
