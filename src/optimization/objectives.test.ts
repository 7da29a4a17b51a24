import * as native from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { LocalRuntime, type Ort } from '../engine/index.ts';
import { AGGREGATIONS, chooseObjective, LOSS_WEIGHTINGS, MEDIATORS } from '../objective/index.ts';
import { difference, modelOf, setupOf, wideSample, withSetup } from './fixture.test-support.ts';
import { train } from './train.ts';
import type { Checkpoint, TrainingHooks } from './training.ts';
import { THETA } from './training-step.ts';

const runtime: LocalRuntime = new LocalRuntime(native as unknown as Ort, {
  name: 'native',
  mediators: MEDIATORS,
});
const sample = wideSample([
  { name: 'size', kind: 'regression', missing: 0.5 },
  { name: 'sold', kind: 'binary', missing: 0.3 },
  { name: 'price', kind: 'regression' },
]);

function run(
  objective: string,
  changes: Parameters<typeof setupOf>[2] = {},
  hooks: TrainingHooks = {},
): Promise<Checkpoint> {
  const setup = setupOf(sample, modelOf('shared-bottom', { dropout: 0.2 }), {
    objective: chooseObjective(objective),
    maxEpochs: 3,
    ...changes,
  });
  return withSetup(runtime, sample, setup, (whole) => train(runtime, whole, hooks));
}

/** Methods that draw several batches a step are refused, and say so. */
const SEVERAL = Object.values(AGGREGATIONS)
  .filter(({ batches }) => batches !== undefined)
  .map(({ name }) => name);
const METHODS = [
  ...Object.keys(LOSS_WEIGHTINGS),
  ...Object.keys(AGGREGATIONS).filter((name) => !SEVERAL.includes(name)),
  'uncertainty+cagrad',
  'cagrad:over=last',
  'pcgrad:over=representation',
  'dwa+gradnorm',
];

describe.each(METHODS)('%s', (objective) => {
  test('learns; resumed it ends bit for bit where it would have; seeds side by side are each what they are alone', async () => {
    const kept: Checkpoint[] = [];
    const whole = await run(objective, {}, { onCheckpoint: async (at) => void kept.push(at) });
    const { theta } = whole.state;
    expect(theta!.every(Number.isFinite)).toBe(true);
    expect(difference(theta!, kept[0]!.state[THETA]!)).toBeGreaterThan(1e-4);
    const resume = JSON.parse(
      JSON.stringify({ ...kept[0], state: undefined, best: undefined }),
    ) as Checkpoint;
    const resumed = await run(
      objective,
      {},
      { resume: { ...resume, state: kept[0]!.state, best: kept[0]!.best } },
    );
    expect(resumed.state).toEqual(whole.state);
    expect(resumed.objective).toEqual(whole.objective);
    const both = await run(objective, { seeds: [1, 0] });
    const size = theta!.length;
    expect(difference(both.state[THETA]!.slice(size), theta!)).toBeLessThan(2e-4);
  });
});

test.each(SEVERAL)('%s draws several batches a step: refused', (name) => {
  expect(() => chooseObjective(name)).toThrow(expect.objectContaining({ code: 'objective-invalid' }));
});

describe('equal things', () => {
  test('the sum of gradients is the gradient of the sum', async () => {
    const [summed, equal] = [await run('sum'), await run('equal')];
    expect(difference(summed.state[THETA]!, equal.state[THETA]!)).toBeLessThan(1e-4);
  });

  test('the mean of gradients is the sum at a smaller rate, for what tasks share', async () => {
    const sgd = { optimiser: { kind: 'sgd' } as const, clipNorm: 1e9 };
    const mean = await run('mean', { ...sgd, learningRate: 0.03, maxEpochs: 1 });
    const sum = await run('sum', { ...sgd, learningRate: 0.01, maxEpochs: 1 });
    // The first layers see heads that move three times as fast: close, but not the same.
    expect(difference(mean.state[THETA]!, sum.state[THETA]!)).toBeLessThan(0.2);
  });
});

test('weights, norms, cosines and conflicts are kept along the curve', async () => {
  const { history } = await run('mgda');
  const { weights, gradients } = history.at(-1)!;
  const total = weights![0]!.reduce((a, b) => a + b, 0);
  expect(total).toBeGreaterThan(0.9);
  expect(total).toBeLessThan(1.3);
  expect(gradients!.norms).toHaveLength(3);
  expect(gradients!.norms.every((norm) => norm > 0)).toBe(true);
  gradients!.cosines.forEach((row, t) => {
    expect(row[t]!).toBeGreaterThan(0.9);
    row.forEach((cosine, u) => {
      expect(Math.abs(cosine)).toBeLessThanOrEqual(1.0001);
      expect(cosine).toBeCloseTo(gradients!.cosines[u]![t]!, 5);
    });
  });
  expect(gradients!.conflicts).toBeGreaterThanOrEqual(0);
  expect(gradients!.conflicts).toBeLessThanOrEqual(1);
  expect((await run('equal')).history.at(-1)).not.toHaveProperty('weights');
});
