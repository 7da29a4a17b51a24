import * as native from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { LocalRuntime, type Mediators, numbers, type Ort, type TensorData } from '../engine/index.ts';
import { CROSS, chooseObjective, GRAMIAN, MEDIATORS, WEIGHTS } from '../objective/index.ts';
import {
  difference,
  modelOf,
  setupOf,
  type TaskPlan,
  wideSample,
  withSetup,
} from './fixture.test-support.ts';
import type { Sampler } from './sampling/sampler.ts';
import { train } from './train.ts';
import { THETA } from './training-step.ts';

interface Told {
  readonly theta: Float32Array;
  /** What the mediator was asked and what it answered, step by step. */
  readonly asked: readonly Readonly<Record<string, TensorData>>[];
  readonly answers: readonly number[][];
  /** Steps that it answered beforehand. */
  readonly ahead: readonly number[];
}

const PLANS: readonly TaskPlan[] = [
  { name: 'size', kind: 'regression', missing: 0.2 },
  { name: 'sold', kind: 'binary', missing: 0.3 },
  { name: 'price', kind: 'regression' },
];

/** Trains, and listens to what is asked of the host. */
async function listen(
  objective: string,
  { plans = PLANS, ...changes }: Parameters<typeof setupOf>[2] & { plans?: readonly TaskPlan[] } = {},
): Promise<Told> {
  const [asked, answers, ahead]: [Record<string, TensorData>[], number[][], number[]] = [[], [], []];
  const mediators: Mediators = Object.fromEntries(
    Object.entries(MEDIATORS).map(([name, open]) => [
      name,
      (settings) => {
        const inner = open(settings);
        return {
          get state() {
            return inner.state;
          },
          set state(value) {
            inner.state = value;
          },
          answer: (questions) => {
            const found = inner.answer(questions);
            asked.push(
              Object.fromEntries(
                Object.entries(questions).map(([key, value]) => [key, structuredClone(value)]),
              ),
            );
            answers.push(numbers(found[WEIGHTS]!));
            return found;
          },
          ahead: (most) => {
            const held = inner.ahead?.(most);
            if (held !== undefined) ahead.push(held.steps);
            return held;
          },
        };
      },
    ]),
  );
  const runtime = new LocalRuntime(native as unknown as Ort, { name: 'native', mediators });
  const sample = wideSample(plans);
  const setup = setupOf(sample, modelOf('shared-bottom'), {
    objective: chooseObjective(objective),
    optimiser: { kind: 'sgd' },
    maxEpochs: 1,
    ...changes,
  });
  const { state } = await withSetup(runtime, sample, setup, (whole) => train(runtime, whole));
  await runtime.close();
  return { theta: state[THETA]!, asked, answers, ahead };
}

/** One step of given rows. */
const stepOf = (...rows: readonly number[]): Sampler => ({
  stepsPerEpoch: 1,
  rowsPerStep: rows.length,
  epoch: () => ({ rows: Int32Array.from(rows) }),
});

const [a, b, c] = [
  [0, 5, 9, 13],
  [1, 6, 22, 30],
  [2, 7, 11, 40],
];
const transposed = (matrix: readonly number[], size: number): number[] =>
  matrix.map((_, k) => matrix[(k % size) * size + Math.floor(k / size)]!);

describe('several batches', () => {
  test('of the same rows, their Gramian is that of one batch', async () => {
    const one = await listen('mgda', { sampler: stepOf(...a!) });
    const three = await listen('modo', { sampler: stepOf(...a!, ...a!, ...a!) });
    const expected = numbers(one.asked[0]![GRAMIAN]!);
    expect(difference(numbers(three.asked[0]![CROSS]!), expected)).toBeLessThan(1e-5);
    expect(difference(numbers(three.asked[0]![GRAMIAN]!), expected)).toBeLessThan(1e-5);
  });

  test('the first two give the weights, the third the direction', async () => {
    const whole = await listen('modo', { sampler: stepOf(...a!, ...b!, ...c!) });
    const turned = await listen('modo', { sampler: stepOf(...b!, ...a!, ...c!) });
    const cross = numbers(whole.asked[0]![CROSS]!);
    expect(difference(numbers(turned.asked[0]![CROSS]!), transposed(cross, 3))).toBeLessThan(1e-5);
    const other = await listen('modo', { sampler: stepOf(...a!, ...b!, ...a!) });
    expect(difference(numbers(other.asked[0]![CROSS]!), cross)).toBeLessThan(1e-6);
    expect(difference(other.theta, whole.theta)).toBeGreaterThan(1e-4);
    // With equal weights of the third batch the step is the mean's on these rows alone.
    const mean = await listen('mean', { sampler: stepOf(...c!) });
    const still = await listen('modo:gamma=0', { sampler: stepOf(...a!, ...b!, ...c!) });
    expect(difference(still.theta, mean.theta)).toBeLessThan(1e-5);
  });

  test('rows too few for all batches are refused', async () => {
    await expect(listen('modo', { sampler: stepOf(1, 2) })).rejects.toMatchObject({
      code: 'objective-invalid',
      path: 'training.batchSize',
    });
  });
});

describe('what is compared', () => {
  const sampler = stepOf(...a!, ...b!);

  test('the Gramian of all is the sum over layers, and over parameters', async () => {
    const whole = numbers((await listen('mgda', { sampler })).asked[0]![GRAMIAN]!);
    for (const by of ['layer', 'tensor']) {
      const { shape, data } = (await listen(`mgda:by=${by}`, { sampler })).asked[0]![GRAMIAN]!;
      const groups = shape[0]!;
      expect(groups).toBeGreaterThan(by === 'layer' ? 2 : 4);
      const sums = whole.map((_, k) =>
        Array.from({ length: groups }, (_g, g) => Number(data[g * whole.length + k])).reduce((x, y) => x + y),
      );
      expect(difference(sums, whole)).toBeLessThan(1e-5);
    }
  });

  test('each layer has its own weights, and goes its own way by them', async () => {
    const layers = await listen('mgda:by=layer', { sampler });
    const [answer] = layers.answers as [number[]];
    const rows = Array.from({ length: answer.length / 3 }, (_, g) => answer.slice(3 * g, 3 * g + 3));
    for (const row of rows) expect(row.reduce((x, y) => x + y)).toBeCloseTo(1, 5);
    expect(new Set(rows.map((row) => row.map((value) => value.toFixed(4)).join())).size).toBeGreaterThan(1);
    const whole = await listen('mgda', { sampler });
    expect(difference(layers.theta, whole.theta)).toBeGreaterThan(1e-5);
    expect(
      difference(
        (await listen('sum:by=tensor', { sampler })).theta,
        (await listen('sum', { sampler })).theta,
      ),
    ).toBeLessThan(1e-6);
  });

  test('layers can be named, one or several', async () => {
    const of = async (over: string): Promise<number[]> =>
      numbers((await listen(`mgda:over=${over}`, { sampler })).asked[0]![GRAMIAN]!);
    const [first, second] = [await of('trunk/mlp/0'), await of('trunk/mlp/1')];
    const both = await of('trunk/mlp/0+trunk/mlp/1');
    expect(difference(first, second)).toBeGreaterThan(1e-3);
    expect(
      difference(
        first.map((value, i) => value + second[i]!),
        both,
      ),
    ).toBeLessThan(1e-5);
    expect(await of('last')).toEqual(second);
    await expect(listen('mgda:over=trunk/mlp/7', { sampler })).rejects.toMatchObject({
      code: 'objective-invalid',
      path: 'objective.over',
      found: 'trunk/mlp/7',
    });
  });

  test('with more tasks than a Jacobian is kept for, the sum of gradients is still the gradient of the sum', async () => {
    const plans = Array.from({ length: 20 }, (_, t) => ({
      name: `task${t}`,
      kind: 'regression',
      missing: 0.1,
    }));
    const [sum, equal] = [await listen('sum', { plans, sampler }), await listen('equal', { plans, sampler })];
    expect(sum.asked[0]![GRAMIAN]!.shape).toEqual([20, 20]);
    expect(difference(sum.theta, equal.theta)).toBeLessThan(1e-6);
  });
});

describe('steps between those that compare', () => {
  test('are taken with the weights that were found, and nothing is asked', async () => {
    const { answers, ahead } = await listen('cagrad:every=3', { maxEpochs: 2 });
    // 48 rows by 12: four steps an epoch, asked at steps 0, 3 and 6.
    expect(answers).toHaveLength(3);
    expect(ahead.reduce((x, y) => x + y)).toBe(5);
  });

  test('warm-up asks nothing, and trains as the sum does', async () => {
    const warm = await listen('cagrad:warmup=100', { maxEpochs: 2 });
    expect(warm.asked).toHaveLength(0);
    const equal = await listen('equal', { maxEpochs: 2 });
    expect(difference(warm.theta, equal.theta)).toBeLessThan(1e-6);
  });

  test('however steps come in chunks, the same bits', async () => {
    const [looped, stepwise] = [
      await listen('cagrad:every=3', { maxEpochs: 3 }),
      await listen('cagrad:every=3', { maxEpochs: 3, driver: 'stepwise' }),
    ];
    expect(stepwise.theta).toEqual(looped.theta);
  });
});
