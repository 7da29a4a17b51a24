import { expect, test } from 'vitest';
import { RandomStream } from '../common/random.ts';
import { evaluate, optimised } from '../engine/contract/runtimes.ts';
import { input, numbers, randomBits, type Tensor, type TensorData, tensorData } from '../engine/index.ts';
import { gumbelNoise, uniformNoise } from './noise.ts';

type Noise = (keys: readonly [Tensor, Tensor], site: string, shape: readonly number[]) => Tensor;

const random = new RandomStream(3, 'keys');

/** Noise of some steps, a row a step; a step draws its two keys. */
async function draws(noise: Noise, steps: number, positions: number): Promise<number[][]> {
  const keys = ['k0', 'k1'].map((name) => input(name, [steps, 1], { dtype: 'int32' })) as [Tensor, Tensor];
  const words = (offset: number): TensorData =>
    tensorData(
      Int32Array.from({ length: steps }, (_, i) => random.bits(2 * i + offset) | 0),
      [steps, 1],
      'int32',
    );
  const feeds = { k0: words(0), k1: words(1) };
  const { drawn } = await evaluate(optimised, { drawn: noise(keys, 'site', [positions]) }, feeds);
  const all = numbers(drawn!);
  return Array.from({ length: steps }, (_, i) => all.slice(i * positions, (i + 1) * positions));
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;
function variance(values: readonly number[]): number {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
}

test('uniform noise has the moments of its distribution', async () => {
  const values = (await draws(uniformNoise, 200, 200)).flat();
  expect(Math.abs(mean(values) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / values.length));
  // The fourth central moment is 1.8 times the squared variance.
  expect(Math.abs(variance(values) - 1 / 12)).toBeLessThan((5 / 12) * Math.sqrt(0.8 / values.length));
});

test('the least and the largest word are inside of (0, 1), so that Gumbel noise is finite', async () => {
  const keys = ['k0', 'k1'].map((name) => input(name, [1], { dtype: 'int32' })) as [Tensor, Tensor];
  const at = async (offset: number): Promise<number[]> => {
    const [bits, uniform, gumbel] = [randomBits, uniformNoise, gumbelNoise].map((noise) =>
      noise(keys, 's', [1]),
    );
    const feeds = {
      k0: tensorData(Int32Array.of(0), [1], 'int32'),
      k1: tensorData(Int32Array.of(offset), [1], 'int32'),
    };
    const found = await evaluate(optimised, { bits: bits!, uniform: uniform!, gumbel: gumbel! }, feeds);
    return [found.bits!, found.uniform!, found.gumbel!].map((value) => numbers(value)[0]!);
  };
  const [plain] = await at(0);
  for (const word of [-(2 ** 31), 2 ** 31 - 1]) {
    const [bits, uniform, gumbel] = await at((word - plain!) | 0);
    expect(bits).toBe(word);
    expect(uniform).toBeGreaterThan(0);
    expect(uniform).toBeLessThan(1);
    expect(Number.isFinite(gumbel)).toBe(true);
  }
});

test.each([
  [2, 20000],
  [4000, 10],
])('Gumbel noise has the moments of its distribution: %i steps of %i', async (steps, positions) => {
  const [euler, spread] = [0.5772156649, Math.PI ** 2 / 6];
  const values = (await draws(gumbelNoise, steps, positions)).flat();
  expect(Math.abs(mean(values) - euler)).toBeLessThan(5 * Math.sqrt(spread / values.length));
  // The fourth central moment is 5.4 times the squared variance.
  expect(Math.abs(variance(values) - spread)).toBeLessThan(5 * spread * Math.sqrt(4.4 / values.length));
});

test('the largest of noisy log probabilities is drawn with these probabilities', async () => {
  const probabilities = [0.6, 0.3, 0.1];
  const counts = [0, 0, 0];
  const rows = await draws(gumbelNoise, 4000, 3);
  for (const row of rows) {
    const noisy = row.map((value, i) => value + Math.log(probabilities[i]!));
    counts[noisy.indexOf(Math.max(...noisy))]!++;
  }
  probabilities.forEach((p, i) => {
    expect(Math.abs(counts[i]! / rows.length - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / rows.length));
  });
});
