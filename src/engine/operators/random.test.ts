import { beforeAll, describe, expect, test } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import { optimised, wasm } from '../contract/runtimes.ts';
import { input } from '../leaf.ts';
import { compile } from '../program.ts';
import { compileStep } from '../step.ts';
import { numbers, type TensorData, tensorData } from '../tensor-data.ts';
import { add, cast, dropout, randomBits } from './index.ts';

const STEPS = 200;
const WIDTH = 400;
const RATE = 0.3;

const keys = [0, 1].map((i) => input(`k${i}`, [], { dtype: 'int32', role: 'step' })) as [
  ReturnType<typeof input>,
  ReturnType<typeof input>,
];
const draws = (from: number, steps: number): Record<string, TensorData> => {
  const random = new RandomStream(1, 'dropout');
  const words = (offset: number): Int32Array =>
    Int32Array.from({ length: steps }, (_, k) => random.bits(2 * (from + k) + offset) | 0);
  return { k0: tensorData(words(0), [steps], 'int32'), k1: tensorData(words(1), [steps], 'int32') };
};

describe('dropout over many steps', () => {
  let masks: number[][];

  const run = async (runtime: typeof optimised, parts: readonly number[]): Promise<number[][]> => {
    const total = input('total', [WIDTH], { role: 'state' });
    const ones = add(input('ones', [WIDTH]), 0);
    const kept = dropout(ones, RATE, keys, 'trunk/0');
    const program = compileStep(
      { state: [{ leaf: total, next: add(total, kept) }], outputs: { kept } },
      { driver: 'looped' },
    );
    const stepper = await runtime.loadStep(program);
    await stepper.bind({ ones: tensorData(new Float32Array(WIDTH).fill(1), [WIDTH]) });
    await stepper.write({ total: tensorData(new Float32Array(WIDTH), [WIDTH]) });
    const rows: number[][] = [];
    let from = 0;
    for (const steps of parts) {
      const values = numbers((await stepper.advance(steps, draws(from, steps))).kept!);
      for (let k = 0; k < steps; k++) rows.push(values.slice(k * WIDTH, (k + 1) * WIDTH));
      from += steps;
    }
    await stepper.close();
    return rows;
  };

  beforeAll(async () => {
    masks = await run(optimised, [STEPS]);
  });

  test('the same on native, on wasm and when resumed in the middle', async () => {
    expect(await run(wasm, [STEPS])).toEqual(masks);
    expect(await run(optimised, [77, STEPS - 77])).toEqual(masks);
  });

  test('keeps its share and scales the rest', () => {
    const values = masks.flat();
    const kept = values.filter((value) => value !== 0);
    for (const value of kept) expect(value).toBeCloseTo(1 / (1 - RATE), 6);
    // Four standard deviations of a binomial share.
    const spread = Math.sqrt((RATE * (1 - RATE)) / values.length);
    expect(Math.abs(kept.length / values.length - (1 - RATE))).toBeLessThan(4 * spread);
  });

  test('every position keeps its share over the steps, every step over the positions', () => {
    const share = (values: number[]): number => values.filter((value) => value !== 0).length / values.length;
    const bound = (n: number): number => 5 * Math.sqrt((RATE * (1 - RATE)) / n);
    for (let i = 0; i < WIDTH; i++)
      expect(Math.abs(share(masks.map((row) => row[i]!)) - (1 - RATE))).toBeLessThan(bound(STEPS));
    for (const row of masks) expect(Math.abs(share(row) - (1 - RATE))).toBeLessThan(bound(WIDTH));
  });

  /** Correlations of many pairs: their mean square is 1 / n when the pairs are independent. */
  const meanSquare = (pairs: [number[], number[]][]): number => {
    const centre = (values: number[]): number[] => {
      const mean = values.reduce((a, b) => a + b) / values.length;
      return values.map((value) => value - mean);
    };
    const squares = pairs.map(([a, b]) => {
      const [p, q] = [centre(a), centre(b)];
      const dot = (x: number[], y: number[]): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
      return dot(p, q) ** 2 / (dot(p, p) * dot(q, q));
    });
    return squares.reduce((a, b) => a + b) / squares.length;
  };

  test('positions are uncorrelated over the steps', () => {
    const columns = Array.from({ length: 60 }, (_, i) => masks.map((row) => row[i]!));
    const pairs = columns.flatMap((a, i) => columns.slice(i + 1).map((b): [number[], number[]] => [a, b]));
    expect(meanSquare(pairs) * STEPS).toBeGreaterThan(0.85);
    expect(meanSquare(pairs) * STEPS).toBeLessThan(1.15);
  });

  test('steps are uncorrelated over the positions', () => {
    const rows = masks.slice(0, 60);
    const pairs = rows.flatMap((a, i) => rows.slice(i + 1).map((b): [number[], number[]] => [a, b]));
    expect(meanSquare(pairs) * WIDTH).toBeGreaterThan(0.85);
    expect(meanSquare(pairs) * WIDTH).toBeLessThan(1.15);
  });
});

test('sites differ, and bits are uniform in every place', async () => {
  const [a, b] = ['trunk/0', 'trunk/1'].map((site) => randomBits(keys, site, [64, 64]));
  const session = await optimised.load(compile({ a: a!, b: b! }));
  const scalar = (value: number): TensorData => tensorData(Int32Array.of(value), [], 'int32');
  const outputs = await session.run({ k0: scalar(0x12345679), k1: scalar(-99) });
  await session.close();
  const [one, other] = [numbers(outputs.a!), numbers(outputs.b!)];
  expect(one.filter((word, i) => word === other[i]).length).toBeLessThan(3);
  for (let bit = 0; bit < 32; bit++) {
    const share = one.filter((word) => (word >>> bit) & 1).length / one.length;
    expect(Math.abs(share - 0.5), `bit ${bit}`).toBeLessThan(5 / (2 * Math.sqrt(one.length)));
  }
});

test('a rate of 0 leaves no node, a rate next to 1 drops all', async () => {
  const x = input('x', [1000]);
  expect(dropout(x, 0, keys, 'site')).toBe(x);
  const session = await optimised.load(compile({ y: cast(dropout(x, 1 - 1e-12, keys, 'site'), 'float32') }));
  const scalar = (value: number): TensorData => tensorData(Int32Array.of(value), [], 'int32');
  const { y } = await session.run({
    x: tensorData(new Float32Array(1000).fill(1), [1000]),
    k0: scalar(5),
    k1: scalar(6),
  });
  await session.close();
  expect(numbers(y!).filter((value) => value !== 0).length).toBe(0);
});
