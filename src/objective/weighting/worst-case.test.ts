import { describe, expect, test } from 'vitest';
import { constant, mul, square, sub, type Tensor } from '../../engine/index.ts';
import { constantly, type Driven, drive, tasksOf } from '../drive.test-support.ts';

const once = async (
  method: string,
  losses: readonly number[],
  present?: readonly number[],
): Promise<readonly number[]> => {
  const tasks = tasksOf(losses.length);
  const batch = constantly(losses);
  const { weights } = await drive({
    method,
    tasks,
    steps: 1,
    batch,
    ...(present && { present: () => present }),
  });
  return weights[0]!;
};

function expectClose(found: readonly number[], expected: readonly number[], digits = 12): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, t) => {
    expect(value).toBeCloseTo(expected[t]!, digits);
  });
}

describe('the worst task', () => {
  test('alone', async () => expect(await once('min-max', [3, 5, 4])).toEqual([0, 1, 0]));
  test('shared by equals', async () => expect(await once('min-max', [5, 1, 5])).toEqual([0.5, 0, 0.5]));
  test('of those present', async () =>
    expect(await once('min-max', [3, 5, 4], [1, 0, 1])).toEqual([0, 0, 1]));
  test('of losses below 0', async () =>
    expect(await once('min-max', [-3, -5, 9], [1, 1, 0])).toEqual([1, 0, 0]));
});

describe('conditional value at risk', () => {
  test.each<[string, readonly number[], readonly number[]]>([
    ['cvar:alpha=1', [3, 1, 4, 2], [0.25, 0.25, 0.25, 0.25]],
    ['cvar:alpha=0.25', [3, 1, 4, 2], [0, 0, 1, 0]],
    ['cvar:alpha=0.5', [3, 1, 4, 2], [0.5, 0, 0.5, 0]],
    // k = 2.4 of 4: two whole, 0.4 of the third.
    ['cvar:alpha=0.6', [3, 1, 4, 2], [1 / 2.4, 0, 1 / 2.4, 0.4 / 2.4]],
    ['cvar:alpha=0.01', [3, 1, 4, 2], [0, 0, 1, 0]],
    // k = 2: one whole, and one shared by three equals.
    ['cvar:alpha=0.5', [2, 2, 4, 2], [1 / 6, 1 / 6, 0.5, 1 / 6]],
    // k = 3: two equals whole, and the next.
    ['cvar:alpha=0.75', [5, 5, 1, 2], [1 / 3, 1 / 3, 0, 1 / 3]],
  ])('%s of %j', async (method, losses, expected) => expectClose(await once(method, losses), expected));

  test('of the tasks present', async () =>
    expectClose(await once('cvar:alpha=0.5', [3, 1, 4, 2], [1, 1, 0, 0]), [1, 0, 0, 0]));

  test('of losses below 0, the absent ones not above them', async () =>
    expectClose(await once('cvar:alpha=0.5', [-3, -1, 9], [1, 1, 0]), [0, 1, 0]));

  test('a third of three tasks is the worst one, in single precision too', async () => {
    const tasks = tasksOf(3);
    const method = { name: 'cvar', alpha: 1 / 3 };
    const { weights } = await drive({
      method,
      tasks,
      steps: 1,
      dtype: 'float32',
      batch: constantly([3, 1, 4]),
    });
    expectClose(weights[0]!, [0, 0, 1], 6);
  });
});

/** L₁ = x², L₂ = 4(x − 1)²: alike at x = ⅔, where ⅔ ∇L₁ + ⅓ ∇L₂ = 0. */
function valleys(theta: Tensor): Tensor {
  const row = (values: readonly number[]): Tensor => constant(values, { dtype: theta.dtype });
  return mul(square(sub(theta, row([0, 1]))), row([1, 4]));
}

const game = (method: string, rate: number): Promise<Driven> =>
  drive({ method, tasks: tasksOf(2), steps: 3000, losses: valleys, theta: [0], rate });

test.each(['hedge:eta=0.05,floor=0', 'group-dro:eta=0.05', 'excess:eta=0.05,floor=0'])(
  '%s finds where the losses are alike',
  async (method) => {
    const { theta, weights, losses } = await game(method, 0.05);
    expect(theta.at(-1)![0]).toBeCloseTo(2 / 3, 6);
    expectClose(weights.at(-1)!, [2 / 3, 1 / 3], 6);
    expectClose(losses.at(-1)!, [4 / 9, 4 / 9], 6);
  },
);

test('min-max stays within one step of there', async () => {
  const rate = 0.005;
  const { theta } = await game('min-max', rate);
  // |L₁′| = 2x and |L₂′| = 8(1 − x): no step from either side of ⅔ is longer than this.
  const step = rate * 8 * (1 / 3 + rate * 2);
  for (const [x] of theta.slice(-50)) expect(Math.abs(x! - 2 / 3)).toBeLessThan(step);
});

describe('hedge', () => {
  test('q ∝ exp(η Σ L), mixed with the floor', async () => {
    const { weights } = await drive({
      method: 'hedge:eta=0.5,floor=0.3',
      tasks: tasksOf(2),
      steps: 2,
      batch: (step) =>
        [
          [1, 2],
          [3, 1],
        ][step]!,
    });
    const mixed = (a: number, b: number): number =>
      (0.7 * Math.exp(0.5 * a)) / (Math.exp(0.5 * a) + Math.exp(0.5 * b)) + 0.15;
    expectClose(weights[0]!, [mixed(1, 2), mixed(2, 1)]);
    expectClose(weights[1]!, [mixed(4, 3), mixed(3, 4)]);
  });

  test("the worst task's weight grows, the others keep the floor", async () => {
    const { weights } = await drive({
      method: 'hedge:eta=0.1,floor=0.3',
      tasks: tasksOf(3),
      steps: 500,
      batch: constantly([1, 2, 3]),
    });
    weights.slice(1).forEach((row, k) => {
      expect(row[2]).toBeGreaterThanOrEqual(weights[k]![2]!);
    });
    expectClose(weights.at(-1)!, [0.1, 0.1, 0.8], 8);
  });
});

test('group DRO counts a task of n rows as worse by C/√n', async () => {
  const weights = await once('group-dro:eta=2,adjustment=3', [1, 1.1]);
  const [a, b] = [Math.exp(2 * (1 + 3 / Math.sqrt(100))), Math.exp(2 * (1.1 + 3 / Math.sqrt(200)))] as const;
  expectClose(weights, [a / (a + b), b / (a + b)]);
});

describe('excess', () => {
  const tasks = [
    { name: 'hard', rows: 10, baseline: 5 },
    { name: 'harmed', rows: 10, baseline: 0.1 },
    { name: 'helped', rows: 10, baseline: 9 },
  ];

  test('gains are what is above the own baseline, at least 0', async () => {
    const { weights } = await drive({
      method: 'excess:eta=1,floor=0',
      tasks,
      steps: 1,
      batch: constantly([5.5, 1.1, 2]),
    });
    const gains = [0.5, 1, 0].map(Math.exp);
    const total = gains.reduce((a, b) => a + b, 0);
    expectClose(
      weights[0]!,
      gains.map((gain) => gain / total),
    );
  });

  test('a task that is merely hard gains no weight', async () => {
    const { weights } = await drive({ method: 'excess', tasks, steps: 2000, batch: constantly([5, 1, 2]) });
    expect(weights.at(-1)![1]).toBeGreaterThan(0.9);
  });
});
