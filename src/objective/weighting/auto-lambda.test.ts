import { describe, expect, test } from 'vitest';
import { evaluate, optimised } from '../../engine/contract/runtimes.ts';
import { input, mul, numbers, reduceSum, square, sub, type Tensor, tensorData } from '../../engine/index.ts';
import { slopesAlongValidation } from '../along-validation.ts';
import { drive, tasksOf } from '../drive.test-support.ts';

/** Lₜ = ½ aₜ (θ₁ − cₜ)², [2], of the first of two parameters. */
const [scales, centres] = [
  [1, 3],
  [2, -1],
];
const leaf = (name: string): Tensor => input(name, [2], { dtype: 'float64' });
const quadratic = (theta: Tensor): Tensor => {
  const first = reduceSum(mul(theta, leaf('first')), -1, { keepDims: true });
  return mul(mul(square(sub(first, leaf('centres'))), leaf('scales')), 0.5);
};
const feeds = Object.fromEntries(
  Object.entries({ first: [1, 0], centres, scales }).map(([name, values]) => [
    name,
    tensorData(Float64Array.from(values), [2], 'float64'),
  ]),
);

describe('slopes along the validation gradient', () => {
  test('are gₜ·v at θ, where v is the gradient of the validation losses after the step', async () => {
    const [theta, slope] = [leaf('theta'), leaf('slope')];
    const slopes = slopesAlongValidation(
      { theta, slope, lossesAt: quadratic, validationAt: quadratic },
      { rate: 0.1, preference: [1, 0.5] },
    );
    const at = (values: readonly number[]) => tensorData(Float64Array.from(values), [2], 'float64');
    const found = await evaluate(optimised, { slopes }, { ...feeds, theta: at([0.5, 7]), slope: at([4, 0]) });
    // θ′₁ = 0.5 − 0.1·4 = 0.1; v₁ = 1·1·(0.1 − 2) + 0.5·3·(0.1 + 1) = −1.9 + 1.65 = −0.25; gₜ = aₜ(0.5 − cₜ).
    const v = -0.25;
    const expected = [1 * (0.5 - 2) * v, 3 * (0.5 + 1) * v];
    numbers(found.slopes!).forEach((value, t) => {
      // Central differences of a quadratic are exact.
      expect(value).toBeCloseTo(expected[t]!, 9);
    });
  });
});

describe('auto-lambda', () => {
  const pulls = [1, -1];
  /** Two tasks that pull a number to either side; the validation rows want what the first wants. */
  const losses = (theta: Tensor, batch: Tensor): Tensor => mul(square(sub(theta, batch)), 0.5);

  test('gains weight for the task that lowers the validation losses, as far as Adam goes', async () => {
    const { weights, state } = await drive({
      method: { name: 'auto-lambda', rate: 0.05, preference: { task0: 1, task1: 0 } },
      tasks: tasksOf(2),
      steps: 40,
      theta: [0],
      rate: 0.05,
      batch: () => pulls,
      losses,
    });
    expect(weights[0]).toEqual([1, 1]);
    // The first step of Adam is as long as its rate, whatever the gradient.
    expect(weights[1]![0]).toBeCloseTo(2 / (1 + Math.exp(-0.1)), 6);
    weights.slice(1).forEach(([first, second], i) => {
      expect(first).toBeGreaterThan(weights[i]![0]!);
      expect(first! + second!).toBeCloseTo(2, 10);
    });
    expect(state.logits![0]).toBeCloseTo(-state.logits![1]!, 10);
  });

  test('tasks that help each other keep equal weights', async () => {
    const { weights } = await drive({
      method: 'auto-lambda',
      tasks: tasksOf(2),
      steps: 10,
      theta: [0],
      batch: () => [1, 1],
      losses,
    });
    for (const [first, second] of weights) expect(first).toBeCloseTo(second!, 10);
  });
});
