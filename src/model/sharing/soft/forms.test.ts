import { describe, expect, test } from 'vitest';
import { draw } from '../../../engine/contract/instance.ts';
import { evaluate, optimised } from '../../../engine/contract/runtimes.ts';
import { gradient, input, numbers, reduceSum, type Tensor, tensorData } from '../../../engine/index.ts';
import { fromMean } from './deviation.ts';
import { FORMS, type FormName } from './forms.ts';
import { matrixRoots } from './matrix-root.ts';

const NAMES = Object.keys(FORMS) as FormName[];

/** A form's penalty, gradient and covariance at D. */
async function at(
  form: FormName,
  shape: readonly number[],
  values: readonly number[],
): Promise<Record<'penalty' | 'gradient' | 'covariance', number[]>> {
  const d = input('d', shape, { role: 'state' });
  const covariances: Tensor[] = [];
  const penalty = FORMS[form].penalty(d, (covariance) => covariances.push(covariance));
  const outputs = { penalty, gradient: gradient(reduceSum(penalty), [d])[0]!, covariance: covariances[0] };
  const known = Object.entries(outputs).filter((entry): entry is [string, Tensor] => entry[1] !== undefined);
  const result = await evaluate(optimised, Object.fromEntries(known), { d: tensorData(values, shape) });
  const of = (name: string): number[] => (result[name] === undefined ? [] : numbers(result[name]));
  return { penalty: of('penalty'), gradient: of('gradient'), covariance: of('covariance') };
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!), `element ${i}: ${value}, ${expected[i]}`).toBeLessThan(tolerance);
  });
}

test('mean is the sum of squares', async () => {
  const { penalty, gradient: slope } = await at('mean', [2, 1, 2], [1, 2, 3, -4]);
  expectClose(penalty, [30], 1e-5);
  expectClose(slope, [2, 4, 6, -8], 1e-5);
});

test.each([2, 3, 7])('pairs are T times the distances to the mean: %i tasks', async (tasks) => {
  const values = draw('weights', [tasks, 2, 3]);
  const weights = Array.from({ length: tasks }, (_, t) => values.slice(6 * t, 6 * t + 6));
  let distances = 0;
  for (let t = 0; t < tasks; t++)
    for (let u = 0; u < t; u++)
      weights[t]!.forEach((value, i) => {
        distances += (value - weights[u]![i]!) ** 2;
      });
  const stack = input('stack', [tasks, 2, 3], { role: 'state' });
  const d = fromMean(stack, 0);
  const result = await evaluate(
    optimised,
    { pairs: FORMS.pairs.penalty(d), mean: FORMS.mean.penalty(d) },
    { stack: tensorData(values, [tasks, 2, 3]) },
  );
  expect(numbers(result.pairs!)[0]).toBeCloseTo(distances, 4);
  expect(numbers(result.mean!)[0]).toBeCloseTo(distances / tasks, 4);
});

describe('trace', () => {
  // D = Σ σᵢ uᵢ vᵢᵀ with unit vectors u in the space of four weights, v in that of three tasks.
  const singular = [3, 1.5, 0.4];
  const left = [
    [0.5, 0.5, 0.5, 0.5],
    [0.5, 0.5, -0.5, -0.5],
    [0.5, -0.5, 0.5, -0.5],
  ];
  const right = [
    [2 / 3, 2 / 3, 1 / 3],
    [-2 / 3, 1 / 3, 2 / 3],
    [1 / 3, -2 / 3, 2 / 3],
  ];
  const sum = (scales: readonly number[]): number[] =>
    [0, 1, 2].flatMap((task) =>
      [0, 1, 2, 3].map((weight) =>
        scales.reduce((total, scale, i) => total + scale * left[i]![weight]! * right[i]![task]!, 0),
      ),
    );

  test('is the sum of singular values, and its gradient U Vᵀ', async () => {
    const { penalty, gradient: slope } = await at('trace', [3, 2, 2], sum(singular));
    expectClose(penalty, [Math.sqrt(3) * 4.9], 1e-3);
    expectClose(
      slope,
      sum([1, 1, 1]).map((value) => Math.sqrt(3) * value),
      1e-3,
    );
  });

  test('of few directions pulls nowhere else', async () => {
    const { penalty, gradient: slope } = await at('trace', [3, 2, 2], sum([2, 0, 0]));
    expectClose(penalty, [Math.sqrt(3) * 2], 2e-2);
    expectClose(
      slope,
      sum([1, 0, 0]).map((value) => Math.sqrt(3) * value),
      1e-3,
    );
  });
});

test('joint features are norms over tasks and units of each input', async () => {
  // Input 0 has weights (3, 4) in task 0 and (0, 12) in task 1; input 1 has none.
  const { penalty, gradient: slope } = await at('joint-features', [2, 2, 2], [3, 4, 0, 0, 0, 12, 0, 0]);
  const root = Math.SQRT2;
  expectClose(penalty, [13 * root], 1e-3);
  expectClose(
    slope,
    [3, 4, 0, 0, 0, 12, 0, 0].map((value) => (value / 13) * root),
    1e-5,
  );
});

describe('relationship', () => {
  test('learns who goes with whom', async () => {
    const d = [1, -2, 0.5, 1, -2, 0.5, -1, 2, -0.5];
    const { covariance } = await at('relationship', [3, 3, 1], d);
    const third = 1 / 3;
    const expected = [third, third, -third, third, third, -third, -third, -third, third];
    expectClose(covariance, expected, 5e-3);
  });

  test('is the mean form for unrelated tasks that are alike', async () => {
    const d = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    const { penalty, gradient: slope, covariance } = await at('relationship', [3, 3, 1], d);
    expectClose(
      covariance,
      [1, 0, 0, 0, 1, 0, 0, 0, 1].map((value) => value / 3),
      1e-4,
    );
    expectClose(penalty, [3], 1e-3);
    expectClose(
      slope,
      d.map((value) => 2 * value),
      1e-3,
    );
  });

  test('is the squared trace norm over T once Σ fits', async () => {
    const d = draw('deviations', [3, 2, 3]);
    const [norm, fitted] = [await at('trace', [3, 2, 3], d), await at('relationship', [3, 2, 3], d)];
    expectClose(fitted.penalty, [(norm.penalty[0]! / 3) ** 2], 1e-2);
    expect(fitted.covariance[0]! + fitted.covariance[4]! + fitted.covariance[8]!).toBeCloseTo(1, 5);
  });
});

test.each(NAMES)('%s is 0 and flat where tasks are equal, and seeds stand side by side', async (form) => {
  const none = await at(form, [3, 2, 2], new Array<number>(12).fill(0));
  expectClose(none.penalty, [0], 1e-3);
  expect(none.gradient.every((value) => value === 0)).toBe(true);
  const [one, other] = [draw('one', [3, 2, 2]), draw('other', [3, 2, 2])];
  const both = await at(form, [2, 3, 2, 2], [...one, ...other]);
  const [first, second] = [await at(form, [3, 2, 2], one), await at(form, [3, 2, 2], other)];
  for (const key of ['penalty', 'gradient', 'covariance'] as const)
    expectClose(both[key], [...first[key], ...second[key]], 1e-4);
});

test('roots of matrices that are close to singular', async () => {
  const gram = input('gram', [2, 2, 2]);
  const { root, inverse } = matrixRoots(gram);
  const values = await evaluate(
    optimised,
    { root, inverse },
    { gram: tensorData([4, 0, 0, 1e-12, 2.5, 1.5, 1.5, 2.5], [2, 2, 2]) },
  );
  const ridge = 4e-5;
  const [big, small] = [Math.sqrt(4 + ridge), Math.sqrt(ridge + 1e-8)];
  expectClose(numbers(values.root!), [big, 0, 0, small, 1.5, 0.5, 0.5, 1.5], 1e-4);
  const inverses = numbers(values.inverse!);
  expect(inverses[0]! * big).toBeCloseTo(1, 3);
  expect(inverses[3]! * small).toBeCloseTo(1, 3);
  expectClose(inverses.slice(4), [0.75, -0.25, -0.25, 0.75], 1e-4);
});
