import { describe, expect, test } from 'vitest';
import { evaluate, optimised } from '../../engine/contract/runtimes.ts';
import {
  gradient,
  input,
  numbers,
  reduceSum,
  slice,
  type TensorData,
  tensorData,
} from '../../engine/index.ts';
import { buildFlow, labelLeaves, ROWS, type Setting, sigmoidOf } from './flow.test-support.ts';
import { SIGNALS } from './signals.ts';

const NO_LAYERS = { activation: 'tanh', dropout: 0, norm: 'none', hidden: [] } as const;
const tasks: Setting['tasks'] = {
  click: { kind: 'binary' },
  spend: { kind: 'regression' },
  buy: { kind: 'binary' },
  other: { kind: 'binary' },
};
const binary = (built: ReturnType<typeof buildFlow>, t: number) =>
  slice(built.logits.get('binary')!, -2, t, t + 1);

const zeros = (count: number): number[] => new Array<number>(count).fill(0);
const feed = (data: number[], shape: number[]): TensorData => tensorData(Float32Array.from(data), shape);

describe('a head sees what its parents predict', () => {
  const flow = 'conditional:parents=click>buy+click>spend';

  test('as further columns of its input', async () => {
    const built = buildFlow({ tasks, spec: { flow, tower: NO_LAYERS } });
    const weight = built.set.parameters.find(({ name }) => name === 'heads/level 1/weight')!;
    // 5 of the representation and one of the click; the columns belong to buy and spend, by family.
    expect(weight.shape).toEqual([6, 2]);
    const clickAlone = [...zeros(10), 2, -3];
    const values = await built.read(
      { click: binary(built, 0), buy: binary(built, 1), spend: built.logits.get('regression')! },
      { [weight.name]: feed(clickAlone, [6, 2]), 'heads/level 1/bias': feed([0.5, 0.25], [1, 2]) },
    );
    for (let row = 0; row < ROWS; row++) {
      const click = sigmoidOf(values.click![row]!);
      const [first, second] = weight.owner.kind === 'task-columns' ? weight.owner.tasks : [];
      const expected = { [first!]: 2 * click + 0.5, [second!]: -3 * click + 0.25 };
      expect(values.buy![row]).toBeCloseTo(expected.buy!, 5);
      expect(values.spend![row]).toBeCloseTo(expected.spend!, 5);
    }
  });

  test('and nothing of tasks that are not its parents', async () => {
    const mixed = 'conditional:parents=click>buy+other>spend';
    const built = buildFlow({ tasks, spec: { flow: mixed } });
    const level = (part: 'binary' | 'regression', at: number): Promise<string[]> =>
      built.moved(part === 'binary' ? binary(built, at) : built.logits.get('regression')!);
    const parts = built.set.parameters.map(({ name }) => name);
    expect(parts).toContain('heads/level 0/binary/weight');
    // Only click's slice of the first level is moved by buy, only that of the other by spend.
    const slices = async (loss: Parameters<typeof built.moved>[0]) => {
      const at = built.set.parameters.findIndex(({ name }) => name === 'heads/level 0/binary/bias');
      return (await built.read({ g: gradient(reduceSum(loss), [built.set.leaves[at]!])[0]! })).g!.map(
        (value) => value !== 0,
      );
    };
    expect(await slices(binary(built, 1))).toEqual([true, false]);
    expect(await slices(built.logits.get('regression')!)).toEqual([false, true]);
    expect((await level('binary', 0)).some((name) => name.includes('level 1'))).toBe(false);
  });

  test('gradients flow into the parents, or are stopped', async () => {
    for (const gradients of [true, false]) {
      const built = buildFlow({ tasks, spec: { flow: `${flow},gradients=${gradients}` } });
      const moved = await built.moved(binary(built, 1));
      expect(moved.some((name) => name.startsWith('heads/level 0'))).toBe(gradients);
    }
  });

  test('through any number of levels', async () => {
    const chain = 'conditional:parents=click>spend+spend>buy';
    const built = buildFlow({ tasks, spec: { flow: chain } });
    const moved = await built.moved(binary(built, 1));
    expect(moved.some((name) => name.startsWith('heads/level 0'))).toBe(true);
    expect(moved.some((name) => name.startsWith('heads/level 1'))).toBe(true);
  });
});

describe('labels in place of predictions', () => {
  const spec = { flow: 'conditional:parents=click>buy,given=labels', tower: NO_LAYERS };
  const leaves = labelLeaves({ binary: { tasks: 3, width: 1 }, regression: { tasks: 1, width: 1 } });
  const clicks = [1, 0, 1, 0, 1, 0, 1];
  const known = [1, 1, 0.5, 1, 0, 1, 0];
  const labels = feed(
    clicks.flatMap((click) => [click, 0, 0]),
    [ROWS, 3, 1],
  );
  const weights = feed(
    known.flatMap((weight) => [weight, 1, 1]),
    [ROWS, 3],
  );
  const more = {
    'labels/binary': labels,
    'weights/binary': weights,
    'heads/level 1/weight': feed([...zeros(5), 1], [6, 1]),
    'heads/level 1/bias': feed([0], [1, 1]),
  };

  test('in training, where there is one', async () => {
    const built = buildFlow({ tasks, spec, training: true, labels: leaves });
    const { click, buy } = await built.read({ click: binary(built, 0), buy: binary(built, 1) }, more);
    for (let row = 0; row < ROWS; row++)
      expect(buy![row]).toBeCloseTo(known[row]! > 0 ? clicks[row]! : sigmoidOf(click![row]!), 5);
  });

  test('never when predicting', async () => {
    const built = buildFlow({ tasks, spec, labels: leaves });
    const { 'labels/binary': _, 'weights/binary': __, ...parameters } = more;
    const { click, buy } = await built.read({ click: binary(built, 0), buy: binary(built, 1) }, parameters);
    for (let row = 0; row < ROWS; row++) expect(buy![row]).toBeCloseTo(sigmoidOf(click![row]!), 5);
  });
});

test.each(['shared-bottom', 'independent', 'shared-bottom:heads=shared'])(
  'any sharing, with towers and without, one seed and two: %s',
  async (sharing) => {
    for (const tower of [NO_LAYERS, { ...NO_LAYERS, hidden: [4] }])
      for (const flow of [
        'conditional:parents=click>buy+click>spend',
        'conditional:parents=click>buy+spend>other+other>buy',
      ]) {
        const read = async (seeds: number): Promise<Record<string, number[]>> => {
          const built = buildFlow({ tasks, spec: { flow, sharing, tower }, seeds });
          return built.read({ l: built.logits.get('binary')!, r: built.logits.get('regression')! }, {}, 0);
        };
        const [alone, both] = [await read(1), await read(2)];
        expect(both.l).toHaveLength(2 * alone.l!.length);
        alone.l!.forEach((value, i) => {
          expect(both.l![i]).toBeCloseTo(value, 5);
        });
        alone.r!.forEach((value, i) => {
          expect(both.r![i]).toBeCloseTo(value, 5);
        });
      }
  },
);

test('every kind of task can be a parent: labels and predictions have one form', async () => {
  const widths: Record<string, number> = { multiclass: 3, multilabel: 2, ordinal: 2, regression: 2 };
  for (const kind of Object.keys(SIGNALS)) {
    const width = widths[kind] ?? 1;
    const family = width === 1 ? kind : `${kind}/${width}`;
    const labelWidth = kind === 'multilabel' ? 2 : 1;
    const leaves = labelLeaves({ [family]: { tasks: 1, width: labelWidth } });
    const built = buildFlow({
      tasks: { first: { kind, width }, next: { kind: kind === 'binary' ? 'regression' : 'binary' } },
      spec: { flow: 'conditional:parents=first>next,given=labels' },
      training: true,
      labels: leaves,
    });
    const next = built.logits.get(kind === 'binary' ? 'regression' : 'binary')!;
    const label = feed(new Array<number>(ROWS * labelWidth).fill(1), [ROWS, 1, labelWidth]);
    const read = (weight: number) =>
      built.read(
        { next },
        {
          [`labels/${family}`]: label,
          [`weights/${family}`]: feed(new Array<number>(ROWS).fill(weight), [ROWS, 1]),
        },
      );
    const [given, predicted] = [await read(1), await read(0)];
    expect(given.next!.every(Number.isFinite), kind).toBe(true);
    expect(given.next, kind).not.toEqual(predicted.next);
  }
});

test('signals by hand', async () => {
  const read = async (kind: string, logits: number[], label: number): Promise<number[][]> => {
    const { ofLogits, ofLabels } = SIGNALS[kind]!;
    const [l, y] = [input('l', [1, logits.length]), input('y', [1, 1])];
    const values = await evaluate(
      optimised,
      { predicted: ofLogits(l), given: ofLabels(y, logits.length) },
      { l: feed(logits, [1, logits.length]), y: feed([label], [1, 1]) },
    );
    return [numbers(values.predicted!), numbers(values.given!)];
  };
  const [above, class1] = await read('ordinal', [0, 0], 1);
  // c₀ = 0, c₁ = −ln 2: P(y > 0) = 1/2, P(y > 1) = 1/3.
  expect(above![0]).toBeCloseTo(1 / 2, 6);
  expect(above![1]).toBeCloseTo(1 / 3, 6);
  expect(class1).toEqual([1, 0]);
  expect((await read('multiclass', [1, 1, 1], 2))[1]).toEqual([0, 0, 1]);
  const [rate, counted] = await read('count', [Math.log(3)], 3);
  expect(rate![0]).toBeCloseTo(Math.log(4), 6);
  expect(counted![0]).toBeCloseTo(Math.log(4), 6);
  expect(await read('regression', [0.5, 0.75], 2)).toEqual([
    [0.5, 0.75],
    [2, 2],
  ]);
});
