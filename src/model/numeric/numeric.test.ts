import { describe, expect, test } from 'vitest';
import { evaluate, optimised } from '../../engine/contract/runtimes.ts';
import { numbers, tensorData } from '../../engine/index.ts';
import { featureReader } from '../feature-reader.ts';
import { inputLeaves } from '../inputs.ts';
import { initialise, ParameterSet } from '../parameter.ts';
import { sharedView } from '../view.ts';
import { binsOf, chooseNumeric } from './registry.ts';

/** Three columns: two bins, one bin, and one that stays a number. */
const EDGES = [[-1, 0, 2], [0, 4], []];
const X = [
  [-1, 0, 7],
  [-0.5, 1, 8],
  [1, 9, 9],
];

type Values = Readonly<Record<string, readonly number[]>>;

/** The features of some rows as a network gets them, with parameters of given values. */
async function read(numeric: string, values: Values, tokens?: number, rows = X): Promise<number[]> {
  const features = { numeric: 3, edges: EDGES, categorical: [], text: [] };
  const reader = featureReader(features, {
    numeric,
    embedding: 1,
    textEmbedding: 1,
    activation: 'relu',
  });
  const set = new ParameterSet();
  const view = sharedView(set, 'trunk');
  const batch = inputLeaves(features, rows.length, false);
  const x = tokens === undefined ? reader.inputs(view, batch) : reader.tokens(view, batch, tokens);
  const theta = Object.fromEntries(
    Object.entries(initialise(set.parameters, [0])).map(([name, { shape }]) => [
      name,
      tensorData(Float32Array.from(values[name]!), shape),
    ]),
  );
  const found = await evaluate(
    optimised,
    { x },
    { ...theta, numeric: tensorData(Float32Array.from(rows.flat()), [rows.length, 3]) },
  );
  return numbers(found.x!);
}

describe('piecewise-linear', () => {
  const values = {
    // Column by column, bin by bin; the second column has one bin, so that its last weight does nothing.
    'trunk/numeric/scale': [1, 0.5],
    'trunk/numeric/weight': [2, 10, 4, 100],
    'trunk/numeric/bias': [1.5, -2],
  };

  test('is how far a number has come through each bin, then a layer of each column; others follow as they are', async () => {
    expect(await read('piecewise-linear:width=1', values)).toEqual([
      // x v + b = 0.5 and −2; φ = (0, 0), (0)
      ...[0.5, 0, 7],
      // 1 and −1.5; φ = (½, 0), (¼)
      ...[1 + 1, 0, 8],
      // 2.5 and 2.5; φ = (1, ½), (1): beyond the last edge φ stays
      ...[2.5 + 2 + 5, 2.5 + 4, 9],
    ]);
  });

  test('the same vectors are tokens, as wide as those of other columns', async () => {
    const found = await read(
      'piecewise-linear:width=5',
      { ...values, 'trunk/tokens/scale': [2], 'trunk/tokens/shift': [1] },
      1,
    );
    expect(found).toEqual([...[0.5, 0, 15], ...[2, 0, 17], ...[9.5, 6.5, 19]]);
  });
});

test('bins are the piecewise linear encoding and, for each bin, whether a number is in it', async () => {
  const found = await read('bins:width=1', {
    'trunk/numeric/scale': [0, 0],
    // Column by column: 2 features of how far, then 3 of which; the second column has 1 and 2.
    'trunk/numeric/weight': [...[20, 40], ...[1, 2, 3], ...[20, 100], ...[4, 5, 100]],
    'trunk/numeric/bias': [0, 0],
  });
  expect(found).toEqual([
    // Both in the first bin, at its very start.
    ...[1, 4, 7],
    // Half and a quarter through the first bin.
    ...[10 + 1, 5 + 4, 8],
    // Half through the second bin; beyond the last edge.
    ...[20 + 20 + 2, 20 + 5, 9],
  ]);
});

test('what is below all bins is in the first', async () => {
  const of = (x: number): Promise<number[]> =>
    read(
      'bins:width=1',
      {
        'trunk/numeric/scale': [0, 0],
        'trunk/numeric/weight': [...[0, 0], ...[1, 2, 3], ...[0, 0], ...[4, 5, 0]],
        'trunk/numeric/bias': [0, 0],
      },
      undefined,
      [[x, x, 0]],
    );
  expect(await of(-99)).toEqual([1, 4, 0]);
  expect(await of(0)).toEqual([2, 4, 0]);
  expect(await of(99)).toEqual([3, 5, 0]);
});

test('periodic is waves of learned frequencies, then a layer of each column', async () => {
  const [f, g] = [0.25, 0.5];
  const found = await read('periodic:width=1,frequencies=1', {
    'trunk/numeric/frequency': [f, g],
    'trunk/numeric/scale': [0.25, -0.5],
    'trunk/numeric/weight': [1, 2, 3, 4],
    'trunk/numeric/bias': [5, 5],
  });
  const wave = (x: number, v: number, c: number, a: number, b: number): number =>
    Math.max(0, v * x + a * Math.sin(2 * Math.PI * c * x) + b * Math.cos(2 * Math.PI * c * x) + 5);
  const expected = X.flatMap(([x, y, z]) => [wave(x!, 0.25, f, 1, 2), wave(y!, -0.5, g, 3, 4), z!]);
  for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
});

test('plain numbers need no bins, and stay as they are', async () => {
  expect(binsOf(undefined)).toBe(0);
  expect(binsOf('piecewise-linear:bins=5')).toBe(5);
  expect(await read('plain', {})).toEqual(X.flat());
});

test('what does not exist is refused with the nearest that does', () => {
  expect(() => chooseNumeric('piecewise-liner')).toThrow(
    expect.objectContaining({
      code: 'encoder-invalid',
      path: 'model.numeric',
      help: expect.stringMatching(/piecewise-linear/),
    }),
  );
  expect(() => chooseNumeric('piecewise-linear:bins=1')).toThrow(
    expect.objectContaining({ code: 'encoder-invalid', path: 'model.numeric.bins' }),
  );
});
