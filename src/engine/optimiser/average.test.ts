import { expect, test } from 'vitest';
import { input } from '../leaf.ts';
import { compileStep } from '../step.ts';
import { numbers, tensorData } from '../tensor-data.ts';
import { averageWeight, movingAverage } from './average.ts';
import { runtime } from './run.test-support.ts';

test('the weight warms up: 1 − min(d, (1 + t)/(10 + t))', () => {
  expect(averageWeight(1, 0.999)).toBeCloseTo(1 - 2 / 11, 15);
  expect(averageWeight(8, 0.999)).toBeCloseTo(0.5, 15);
  expect(averageWeight(8, 0.4)).toBeCloseTo(0.6, 15);
  expect(averageWeight(1e6, 0.999)).toBeCloseTo(0.001, 15);
  expect(averageWeight(5, 0)).toBe(1);
  expect(() => averageWeight(1, 1)).toThrow('optimiser-invalid at average.decay');
});

test('the average follows d·ema + (1 − d)·θ, and rests where θ rests', async () => {
  const leaf = (name: string, role: 'state' | 'step') => input(name, [2], { dtype: 'float64', role });
  const ema = leaf('ema', 'state');
  const weight = input('weight', [], { dtype: 'float64', role: 'step' });
  const next = movingAverage(ema, leaf('theta', 'step'), weight);
  const step = { state: [{ leaf: ema, next }], outputs: { average: next } };
  const stepper = await runtime.loadStep(compileStep(step, { driver: 'looped' }));
  await stepper.bind({});
  await stepper.write({ ema: tensorData([1, 0.3], [2], 'float64') });
  const theta = [2, 3, -1, 0.5];
  const weights = theta.map((_, k) => averageWeight(k + 1, 0.3));
  const { average } = await stepper.advance(4, {
    theta: tensorData(
      theta.flatMap((value) => [value, 0.3]),
      [4, 2],
      'float64',
    ),
    weight: tensorData(weights, [4], 'float64'),
  });
  let expected = 1;
  theta.forEach((value, k) => {
    const decay = Math.min(0.3, (2 + k) / (11 + k));
    expected = decay * expected + (1 - decay) * value;
    expect(numbers(average!)[2 * k]).toBeCloseTo(expected, 14);
    expect(numbers(average!)[2 * k + 1]).toBe(0.3);
  });
  await stepper.close();
});
