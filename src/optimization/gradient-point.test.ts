import fc from 'fast-check';
import * as native from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../common/random.ts';
import { LocalRuntime, type Ort, type TensorData, tensorData } from '../engine/index.ts';
import { chooseObjective, MEDIATORS } from '../objective/index.ts';
import { modelOf, setupOf, wideSample, withSetup } from './fixture.test-support.ts';
import { type GradientPoint, gradientPoint } from './gradient-point.ts';
import { train } from './train.ts';

type Square = readonly (readonly number[])[];
type Told = Readonly<Record<string, TensorData>>;

/** A chunk of steps of one replica; a task whose loss is not given has labels. */
function chunk(gramians: readonly Square[], losses?: Square): Told {
  const [steps, tasks] = [gramians.length, gramians[0]!.length];
  return {
    losses: tensorData(Float32Array.from(losses?.flat() ?? new Array(steps * tasks).fill(1)), [steps, tasks]),
    gramian: tensorData(Float32Array.from(gramians.flat(2)), [steps, tasks, tasks]),
  };
}

const point = (gramians: readonly Square[], losses?: Square): GradientPoint =>
  gradientPoint([chunk(gramians, losses)])!;
const diagonal = (...squares: readonly number[]): Square =>
  squares.map((square, t) => squares.map((_, u) => (t === u ? square : 0)));
const ORTHOGONAL = diagonal(1, 4);
const APART = [
  [1, -0.6],
  [-0.6, 1],
];
const ZERO = diagonal(1, 0);

describe('by hand', () => {
  test('orthogonal gradients of lengths 1 and 2', () => {
    expect(point([ORTHOGONAL])).toEqual({
      norms: [1, 2],
      cosines: [
        [1, 0],
        [0, 1],
      ],
      conflicts: 0,
      similarity: 0.8,
      condition: 2,
    });
  });

  test('equally long ones that point apart', () => {
    expect(point([APART])).toEqual({
      norms: [1, 1],
      cosines: [
        [1, -0.6],
        [-0.6, 1],
      ],
      conflicts: 1,
      similarity: 1,
      condition: 2,
    });
  });

  test('means over steps, of all chunks alike', () => {
    const whole = point([ORTHOGONAL, APART, diagonal(9, 4)]);
    expect(whole).toMatchObject({ norms: [5 / 3, 5 / 3].map((norm) => Number(norm.toPrecision(6))) });
    expect(whole).toMatchObject({ conflicts: 0.333333, condition: 2 });
    expect(whole.similarity).toBeCloseTo((0.8 + 1 + 12 / 13) / 3, 5);
    expect(whole.cosines[0]![1]).toBeCloseTo(-0.2, 5);
    expect(gradientPoint([chunk([ORTHOGONAL]), chunk([APART, diagonal(9, 4)])])).toEqual(whole);
  });
});

describe('what has no value', () => {
  test('a gradient of 0 has no angle, is nothing beside any other, and makes the condition infinite', () => {
    expect(point([ZERO])).toEqual({
      norms: [1, 0],
      cosines: [
        [1, null],
        [null, null],
      ],
      conflicts: 0,
      similarity: 0,
      condition: null,
    });
    expect(point([diagonal(0, 0, 1)])).toMatchObject({ similarity: 0, conflicts: 0, condition: null });
  });

  test('dependent gradients: an infinite condition', () => {
    const same = [
      [1, 2],
      [2, 4],
    ];
    expect(point([same])).toMatchObject({ similarity: 0.8, condition: null });
  });

  test('a step counts the tasks that have labels in it, and no others', () => {
    const third = [
      [1, 0, 0.5],
      [0, 4, 0],
      [0.5, 0, 1],
    ];
    const losses = [
      [1, 1, 0],
      [0, 0, 1],
    ];
    expect(point([third, third], losses)).toEqual({
      norms: [1, 2, 1],
      cosines: [
        [1, 0, null],
        [0, 1, null],
        [null, null, 1],
      ],
      conflicts: 0,
      similarity: 0.8,
      condition: 2,
    });
    expect(point([third], [[0, 1, 0]])).toMatchObject({
      norms: [0, 2, 0],
      similarity: null,
      condition: null,
    });
  });

  test('a step whose gradients are too long for float32 does not count', () => {
    const overflown = diagonal(Number.POSITIVE_INFINITY, 1);
    expect(point([overflown, ORTHOGONAL])).toEqual(point([ORTHOGONAL]));
    expect(point([overflown])).toBeUndefined();
  });

  test('a step that compared nothing does not count', () => {
    const none = diagonal(0, 0);
    expect(point([none, ORTHOGONAL, none])).toEqual(point([ORTHOGONAL]));
    expect(point([none])).toBeUndefined();
  });

  test('gradients of two batches: cosines stay in their bounds, and an indefinite Gramian has no condition', () => {
    const wild = [
      [1, -3],
      [-3, 1],
    ];
    expect(point([wild])).toMatchObject({ conflicts: 1, similarity: 1, condition: null });
    expect(point([wild]).cosines[0]).toEqual([1, -1]);
  });

  test('no gradients: no point', () => {
    const { losses } = chunk([APART]);
    expect(gradientPoint([{ losses: losses! }])).toBeUndefined();
  });
});

describe('the condition number', () => {
  test('is a median: a few steps that are infinite do not matter, half of them do', () => {
    expect(point([APART, ZERO, APART]).condition).toBe(2);
    expect(point([APART, ZERO]).condition).toBeNull();
  });

  test('comes from 16 steps, evenly spaced', () => {
    const steps = Array.from({ length: 48 }, (_, i) => (i % 3 === 1 ? diagonal(1, i * i) : ZERO));
    // 16 odd ones out of 48: the middle two of 1, 4, …, 46.
    expect(point(steps).condition).toBe(23.5);
  });

  test('of fewer steps where there are many tasks', () => {
    const many = (first: number): Square => diagonal(first, ...new Array<number>(639).fill(1));
    expect(point([many(0), many(4), many(0)]).condition).toBe(2);
  });
});

test('cosines are kept pair by pair up to 20 tasks', () => {
  expect(point([diagonal(...new Array<number>(20).fill(1))]).cosines).toHaveLength(20);
  expect(point([diagonal(...new Array<number>(21).fill(1))])).toMatchObject({ cosines: [], condition: 1 });
});

test('the first of several replicas is told', () => {
  const labels = [
    [1, 1],
    [0, 0],
    [0, 1],
    [1, 1],
  ];
  const { gramian, losses } = chunk([ORTHOGONAL, APART, diagonal(9, 16), APART], labels);
  const told = {
    gramian: { ...gramian!, shape: [2, 2, 2, 2] },
    losses: { ...losses!, shape: [2, 2, 2] },
  };
  const [first, , second] = labels as [number[], number[], number[]];
  expect(gradientPoint([told])).toEqual(point([ORTHOGONAL, diagonal(9, 16)], [first, second]));
});

describe('properties', () => {
  const drawn = fc.record({
    seed: fc.integer({ min: 0, max: 10_000 }),
    tasks: fc.integer({ min: 2, max: 6 }),
    steps: fc.integer({ min: 1, max: 4 }),
  });
  type Drawn = typeof drawn extends fc.Arbitrary<infer D> ? D : never;

  const gramiansOf = ({ seed, tasks, steps }: Drawn, scale = 1): Square[] =>
    Array.from({ length: steps }, (_, k) => {
      const random = new RandomStream(seed, `step ${k}`);
      const rows = Array.from({ length: tasks }, (_row, t) =>
        Array.from({ length: 8 }, (_x, i) => scale * random.normal(t, i)),
      );
      return rows.map((a) => rows.map((b) => a.reduce((sum, x, i) => sum + x * b[i]!, 0)));
    });

  const near = (actual: number | null, expected: number | null): void => {
    if (expected === null || actual === null) expect(actual).toBe(expected);
    else expect(Math.abs(actual - expected)).toBeLessThan(1e-4 * Math.max(1, Math.abs(expected)));
  };

  test('longer gradients in the same ratio: longer norms, all else the same', () => {
    fc.assert(
      fc.property(drawn, fc.integer({ min: -6, max: 6 }), (given, exponent) => {
        const scale = 10 ** exponent;
        const [before, after] = [point(gramiansOf(given)), point(gramiansOf(given, scale))];
        after.norms.forEach((norm, t) => {
          near(norm / scale, before.norms[t]!);
        });
        after.cosines.flat().forEach((cosine, i) => {
          near(cosine, before.cosines.flat()[i]!);
        });
        for (const name of ['conflicts', 'similarity', 'condition'] as const) near(after[name], before[name]);
      }),
    );
  });

  test('tasks in another order: their norms and cosines in that order, all else the same; it is JSON', () => {
    fc.assert(
      fc.property(drawn, (given) => {
        const gramians = gramiansOf(given);
        const turned = gramians.map((g) => g.toReversed().map((row) => row.toReversed()));
        const [before, after] = [point(gramians), point(turned)];
        expect(after.norms).toEqual(before.norms.toReversed());
        expect(after.cosines).toEqual(before.cosines.toReversed().map((row) => row.toReversed()));
        for (const name of ['conflicts', 'similarity', 'condition'] as const) near(after[name], before[name]);
        expect(JSON.parse(JSON.stringify(after))).toEqual(after);
      }),
    );
  });
});

test.each(['mgda', 'mgda:every=3', 'krum'])('a run of %s keeps them along its curve', async (objective) => {
  const runtime = new LocalRuntime(native as unknown as Ort, { name: 'native', mediators: MEDIATORS });
  const sample = wideSample([
    { name: 'size', kind: 'regression', missing: 0.5 },
    { name: 'sold', kind: 'binary', missing: 0.3 },
    { name: 'price', kind: 'regression' },
  ]);
  const setup = setupOf(sample, modelOf('shared-bottom'), {
    objective: chooseObjective(objective),
    maxEpochs: 2,
    seeds: [0, 1],
  });
  const { history } = await withSetup(runtime, sample, setup, (whole) => train(runtime, whole));
  expect(history).toHaveLength(2);
  for (const { gradients } of history) {
    const { norms, cosines, conflicts, similarity, condition } = gradients!;
    expect(norms.every((norm) => norm > 0)).toBe(true);
    expect(condition).toBeGreaterThanOrEqual(1);
    expect(similarity).toBeGreaterThan(0);
    expect(similarity).toBeLessThanOrEqual(1);
    expect(conflicts).toBeGreaterThanOrEqual(0);
    cosines.forEach((row, t) => {
      expect(row[t]).toBe(1);
      row.forEach((cosine, u) => {
        expect(Math.abs(cosine!)).toBeLessThanOrEqual(1);
        expect(cosine).toBe(cosines[u]![t]);
      });
    });
    expect(JSON.parse(JSON.stringify(gradients))).toEqual(gradients);
  }
});
