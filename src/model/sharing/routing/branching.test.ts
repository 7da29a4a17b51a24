import { describe, expect, test } from 'vitest';
import { evaluate, optimised } from '../../../engine/contract/runtimes.ts';
import {
  constant,
  gradient,
  input,
  mul,
  numbers,
  reduceSum,
  type Tensor,
  tensorData,
} from '../../../engine/index.ts';
import type { Mode } from '../../layers.ts';
import {
  expectClose,
  feedsOf,
  movedValues,
  numbersOf,
  represent,
  type Values,
} from '../represent.test-support.ts';
import { type Annealing, choose, likeliest, temperatureAt } from './choice.ts';

const ANNEALING: Annealing = { temperature: 5, floor: 0.1, warmup: 1, sample: 'soft' };

describe('a prediction goes along the likeliest parents', () => {
  /** The blocks of each task, first layer first. */
  const PATHS = { a: [2, 1], b: [1, 0], c: [1, 0] };
  /** Block 0 of the second layer sits on block 1 of the first, block 1 on block 2; a picks block 1, b and c block 0. */
  const LOGITS: Values = {
    'branches/layer 1': [0.1, 2, 0.3, -1, -2, 0, 9, 0, 0],
    'branches/tasks': [0, 0.2, -1, 3, 1, 2, 5, 4, 4.5],
  };

  test.each(
    (['wide', 'rows'] as const).flatMap((layout) => [[0], [0, 5]].map((seeds) => [layout, seeds] as const)),
  )('%s, seeds %j', async (layout, seeds) => {
    const setting = { layout, seeds, tasks: ['a', 'b', 'c'], hidden: [3, 4] };
    const [branched, alone] = [represent('branching', setting), represent('independent', setting)];
    const moved = movedValues(branched);
    const logits = Object.fromEntries(
      Object.entries(LOGITS).map(([name, values]) => [name, seeds.flatMap(() => values)]),
    );
    const copied = Object.fromEntries(
      alone.set.parameters.map(({ name, shape }) => {
        const layer = Number(name.split('/')[2]);
        const size = shape.slice(1).reduce((a, b) => a * b, 1);
        const part = (s: number, block: number): number[] =>
          moved[name]!.slice((s * 3 + block) * size, (s * 3 + block + 1) * size);
        return [name, seeds.flatMap((_, s) => Object.values(PATHS).flatMap((path) => part(s, path[layer]!)))];
      }),
    );
    const { value } = await numbersOf({ value: branched.value }, feedsOf(branched, { ...moved, ...logits }));
    const { value: expected } = await numbersOf({ value: alone.value }, feedsOf(alone, copied));
    expect(branched.value.shape).toEqual(alone.value.shape);
    expectClose(value!, expected!);
  });

  test('the probabilities of parents can be watched', async () => {
    const { probes, ...built } = represent('branching', { tasks: ['a', 'b', 'c'] });
    expect(probes.map(({ name, rows }) => [name, rows])).toEqual([
      ['parents of layer 1', ['block 1', 'block 2', 'block 3']],
      ['parents of tasks', ['a', 'b', 'c']],
    ]);
    const { picked } = await numbersOf({ picked: probes[1]!.value }, feedsOf({ ...built, probes }, LOGITS));
    const row = [3, 1, 2].map(Math.exp);
    expectClose(
      picked!.slice(3, 6),
      row.map((e) => e / row.reduce((a, b) => a + b)),
    );
  });
});

const keys = [0, 1].map((i) => input(`k${i}`, [1, 1], { dtype: 'int32' })) as [Tensor, Tensor];
const KEYS = Object.fromEntries(
  [0x1234567, -98765431].map((key, i) => [`k${i}`, tensorData(Int32Array.of(key), [1, 1], 'int32')]),
);
const training: Mode = { training: true, keys, epoch: input('epoch', [1]) };
const draw = async (
  logits: number[],
  rows: number,
  epoch: number,
  annealing: Annealing,
): Promise<number[]> => {
  const columns = logits.length;
  const all = constant(
    Float32Array.from({ length: rows * columns }, (_, i) => logits[i % columns]!),
    {
      shape: [rows, columns],
    },
  );
  const feeds = { ...KEYS, epoch: tensorData(Float32Array.of(epoch), [1]) };
  const { picks } = await evaluate(optimised, { picks: choose(all, 'site', training, annealing) }, feeds);
  return numbers(picks!);
};
const rowsOf = (values: readonly number[], width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));

describe('a drawn choice', () => {
  test('sums to 1, and is sharp where the temperature is low', async () => {
    const hot = rowsOf(await draw([1, 0, 0], 500, 1, ANNEALING), 3);
    for (const row of hot) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(Math.max(...hot.flat())).toBeLessThan(0.98);
    const cold = rowsOf(await draw([1, 0, 0], 500, 1e6, { ...ANNEALING, floor: 0.01 }), 3);
    const sharp = cold.filter((row) => Math.max(...row) > 0.999).length;
    expect(sharp).toBeGreaterThan(450);
  });

  test('a hard one is one-hot at any temperature, with the probabilities of the softmax', async () => {
    const rows = rowsOf(
      await draw([Math.log(0.7), Math.log(0.2), Math.log(0.1)], 4000, 1, { ...ANNEALING, sample: 'hard' }),
      3,
    );
    for (const row of rows) expect([...row].sort()).toEqual([0, 0, 1]);
    [0.7, 0.2, 0.1].forEach((p, i) => {
      const share = rows.filter((row) => row[i] === 1).length / rows.length;
      expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / rows.length));
    });
  });

  test('all parents are equally likely while it warms up', async () => {
    const hard: Annealing = { ...ANNEALING, warmup: 3, sample: 'hard' };
    const first = async (epoch: number): Promise<number> =>
      rowsOf(await draw([50, 0], 2000, epoch, hard), 2).filter((row) => row[0] === 1).length / 2000;
    expect(Math.abs((await first(2)) - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / 2000));
    expect(await first(3)).toBe(1);
  });

  test('draws differ between the steps', async () => {
    const logits = constant(new Float32Array(20), { shape: [10, 2] });
    const picks = choose(logits, 'site', { training: true, keys }, { ...ANNEALING, sample: 'hard' });
    const at = async (key: number): Promise<number[]> =>
      numbers(
        (
          await evaluate(
            optimised,
            { picks },
            { ...KEYS, k1: tensorData(Int32Array.of(key), [1, 1], 'int32') },
          )
        ).picks!,
      );
    expect(await at(1)).not.toEqual(await at(2 ** 30));
  });

  test('its temperature falls with the square root of the epochs, down to the floor', async () => {
    const epoch = input('epoch', [1]);
    const tau = temperatureAt(epoch, ANNEALING) as Tensor;
    const at = async (e: number): Promise<number> =>
      numbers((await evaluate(optimised, { tau }, { epoch: tensorData(Float32Array.of(e), [1]) })).tau!)[0]!;
    expect(await at(0)).toBeCloseTo(5);
    expect(await at(99)).toBeCloseTo(0.5);
    expect(await at(1e6)).toBeCloseTo(0.1);
    expect(temperatureAt(undefined, ANNEALING)).toBe(1);
  });
});

test.each(['wide', 'rows'] as const)(
  'in training, seeds side by side draw what each draws alone: %s',
  async (layout) => {
    const words = [7, -1234567, 2 ** 30, 99991];
    const read = async (seeds: number[], of: number[]): Promise<number[]> => {
      const shape = seeds.length === 1 ? [1, 1] : [seeds.length, 1, 1];
      const own = [0, 1].map((i) => input(`k${i}`, shape, { dtype: 'int32' })) as [Tensor, Tensor];
      const mode = { training: true, keys: own };
      const built = represent('branching:sample=soft', { layout, seeds, mode, tasks: ['a', 'b', 'c'] });
      const feeds = Object.fromEntries(
        [0, 1].map((i) => [
          `k${i}`,
          tensorData(
            Int32Array.from(of, (s) => words[2 * s + i]!),
            shape,
            'int32',
          ),
        ]),
      );
      return (await numbersOf({ value: built.value }, { ...feedsOf(built), ...feeds })).value!;
    };
    const [first, second] = [await read([3], [0]), await read([8], [1])];
    expectClose(await read([3, 8], [0, 1]), [...first, ...second]);
    expect(await read([3], [1])).not.toEqual(first);
  },
);

test('the likeliest choice is one-hot with the gradient of the softmax by hand', async () => {
  const scores = input('scores', [1, 2]);
  const loss = reduceSum(mul(likeliest(scores), constant([3, 5])));
  const [slope] = gradient(loss, [scores]);
  const feeds = { scores: tensorData(Float32Array.of(Math.log(3), 0), [1, 2]) };
  const found = await evaluate(optimised, { picks: likeliest(scores), slope: slope! }, feeds);
  expect(numbers(found.picks!)).toEqual([1, 0]);
  // p = (¾, ¼): p₁ p₂ (3 − 5) and its opposite.
  expectClose(numbers(found.slope!), [-3 / 8, 3 / 8]);
});

test('branching needs a trunk with layers', () => {
  expect(() => represent('branching', { hidden: [] })).toThrow(
    expect.objectContaining({ code: 'sharing-invalid' }),
  );
});
