import { expect, test } from 'vitest';
import { evaluate, optimised } from '../../../engine/contract/runtimes.ts';
import { input, numbers, reduceSum, tensorData } from '../../../engine/index.ts';
import { attend } from '../../attention.ts';
import { ParameterSet } from '../../parameter.ts';
import { featureTokens } from '../../tokens.ts';
import { sharedView } from '../../view.ts';
import { expectClose, feedsOf, movedValues, numbersOf, ROWS, represent } from '../represent.test-support.ts';

test('one step of attention by hand', async () => {
  const set = new ParameterSet();
  const [from, to] = [input('from', [1, 1, 2]), input('to', [1, 2, 2])];
  const { value, weights } = attend(sharedView(set, 'at'), 'x', from, to, 1);
  const tensors = {
    from: [
      [1, 0],
      [1, 1, 2],
    ],
    to: [
      [Math.SQRT2 * Math.log(3), 5, 0, 1],
      [1, 2, 2],
    ],
    'at/x/query/weight': [
      [1, 0, 0, 1],
      [2, 2],
    ],
    'at/x/key/weight': [
      [1, 0, 0, 1],
      [2, 2],
    ],
    'at/x/value/weight': [
      [0, 0, 1, 2],
      [2, 2],
    ],
    'at/x/output/weight': [
      [1, 0, 0, 10],
      [2, 2],
    ],
    'at/x/output/bias': [
      [0.5, 0],
      [1, 2],
    ],
  } as const;
  const feeds = Object.fromEntries(
    Object.entries(tensors).map(([name, [data, shape]]) => [
      name,
      tensorData(Float32Array.from(data), shape),
    ]),
  );
  const found = await evaluate(optimised, { value, weights }, feeds);
  // Scores (√2 ln 3, 0) / √2, so that weights are (¾, ¼); values (5, 10) and (1, 2).
  expectClose(numbers(found.weights!), [0.75, 0.25]);
  expectClose(numbers(found.value!), [4 + 0.5, 80]);
});

test('heads attend apart, and their weights sum to 1', async () => {
  const set = new ParameterSet();
  const [from, to] = [input('from', [3, 2, 4]), input('to', [3, 5, 4])];
  const { weights } = attend(sharedView(set, 'at'), 'x', from, to, 2);
  expect(weights.shape).toEqual([3, 2, 2, 5]);
  const values = (shape: readonly number[], by: number) =>
    tensorData(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(by * (i + 1))),
      shape,
    );
  const feeds = Object.fromEntries([
    ['from', values([3, 2, 4], 1)],
    ['to', values([3, 5, 4], 2)],
    ...set.parameters.map(({ name, shape }, i) => [name, values(shape, i + 3)] as const),
  ]);
  const found = await evaluate(optimised, { weights, sums: reduceSum(weights, -1) }, feeds);
  expectClose(numbers(found.sums!), new Array(12).fill(1));
  const all = numbers(found.weights!);
  expect(all.slice(0, 10)).not.toEqual(all.slice(10, 20));
});

test('features become tokens: x E + b, a category’s embedding, a text’s bag', async () => {
  const set = new ParameterSet();
  const signature = { numeric: 2, categorical: [2, 3], text: [{ name: 'words', buckets: 3, length: 2 }] };
  const tokens = featureTokens(
    sharedView(set, 'in'),
    {
      numeric: input('numeric', [1, 2]),
      categorical: input('codes', [1, 2], { dtype: 'int32' }),
      text: [
        { name: 'words', ids: input('ids', [1, 2], { dtype: 'int32' }), weights: input('weights', [1, 2]) },
      ],
    },
    signature,
    2,
  );
  const found = await evaluate(
    optimised,
    { tokens },
    {
      numeric: tensorData(Float32Array.of(2, -1), [1, 2]),
      codes: tensorData(Int32Array.of(1, 2), [1, 2], 'int32'),
      ids: tensorData(Int32Array.of(2, 1), [1, 2], 'int32'),
      weights: tensorData(Float32Array.of(0.5, 2), [1, 2]),
      'in/tokens/scale': tensorData(Float32Array.of(1, 2, 3, 4), [1, 2, 2]),
      'in/tokens/shift': tensorData(Float32Array.of(0.5, 0, 0, 1), [1, 2, 2]),
      'in/tokens/categories': tensorData(
        Float32Array.from({ length: 10 }, (_, i) => i),
        [5, 2],
      ),
      'in/tokens/text/words': tensorData(Float32Array.of(0, 0, 1, 2, 4, 8), [3, 2]),
    },
  );
  expect(tokens.shape).toEqual([1, 5, 2]);
  expectClose(numbers(found.tokens!), [2.5, 4, -3, -3, 2, 3, 8, 9, 4, 8]);
});

test('in another order, tasks have the same representations', async () => {
  const read = async (tasks: readonly string[]): Promise<Record<string, number[]>> => {
    const built = represent('task-queries:width=8', { tasks, embedded: true });
    const { value } = await numbersOf({ value: built.value }, feedsOf(built));
    return Object.fromEntries(tasks.map((task, t) => [task, value!.slice(t * ROWS * 8, (t + 1) * ROWS * 8)]));
  };
  const [one, other] = [await read(['a', 'b', 'c']), await read(['c', 'a', 'b'])];
  for (const task of ['a', 'b', 'c']) expectClose(other[task]!, one[task]!);
  expect(one.a).not.toEqual(one.b);
});

test.each(['wide', 'rows'] as const)('how tasks use latents can be watched: %s', async (layout) => {
  const built = represent('task-queries:latents=3', { layout });
  const [probe] = built.probes;
  expect([probe!.kind, probe!.rows, probe!.columns]).toEqual([
    'use',
    ['a', 'b'],
    ['latent 1', 'latent 2', 'latent 3'],
  ]);
  const { use } = await numbersOf({ use: probe!.value }, feedsOf(built, movedValues(built)));
  for (const row of [use!.slice(0, 4), use!.slice(4)])
    expect(row[0]! + row[1]! + row[2]!).toBeCloseTo(row[3]!, 4);
});

test('heads must divide the width', () => {
  expect(() => represent('task-queries:width=6,heads=4')).toThrow(
    expect.objectContaining({ code: 'sharing-invalid', path: 'model.sharing.heads' }),
  );
});
