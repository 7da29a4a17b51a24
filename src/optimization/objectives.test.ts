import * as native from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { LocalRuntime, type Ort } from '../engine/index.ts';
import { AGGREGATIONS, chooseObjective, LOSS_WEIGHTINGS, MEDIATORS } from '../objective/index.ts';
import { taskTargets } from './dataset.ts';
import {
  difference,
  layoutOf,
  longSample,
  modelOf,
  setupOf,
  wideSample,
  withSetup,
} from './fixture.test-support.ts';
import { blockSampler } from './sampling/sampler.ts';
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
    validation: sample.validation,
    // Of each seed its own, whoever stands beside it.
    baselines: (changes.seeds ?? [0]).map((seed) => [0.2 + 0.3 * seed, 0.3, 0.1]),
    ...changes,
  });
  return withSetup(runtime, sample, setup, (whole) => train(runtime, whole, hooks));
}

const METHODS = [
  ...Object.keys(LOSS_WEIGHTINGS),
  ...Object.keys(AGGREGATIONS),
  'uncertainty+cagrad',
  'cagrad:over=last',
  'cagrad:over=trunk/mlp/0',
  'gradvac:by=layer',
  'pcgrad:over=representation',
  'cagrad:every=5,warmup=3',
  'modo:every=2',
  'dwa+gradnorm',
  'auto-lambda+cagrad',
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

describe('rows of one task each, in blocks', () => {
  const long = longSample(['north', 'south', 'west']);
  const go = (objective: string, changes: Parameters<typeof setupOf>[2] = {}): Promise<Checkpoint> => {
    const rows = taskTargets(long.dataset, long.train).map(({ positions }) =>
      positions.map((at) => long.train[at]!),
    );
    const setup = setupOf(long, modelOf('mmoe:experts=2', { dropout: 0.2 }), {
      objective: chooseObjective(objective),
      optimiser: { kind: 'sgd' },
      sampler: blockSampler(rows, ['north', 'south', 'west'], 6),
      maxEpochs: 2,
      ...changes,
    });
    const graph = { ...setup.graph, layout: 'blocks' } as const;
    return withSetup(runtime, long, { ...setup, graph }, (whole) => train(runtime, whole));
  };

  test.each(['mgda', 'cagrad:every=2', 'db-mtl', 'gradvac:by=layer', 'cagrad:over=last', 'modo'])(
    '%s learns; seeds side by side are each what they are alone',
    async (objective) => {
      const { theta } = (await go(objective)).state;
      expect(theta!.every(Number.isFinite)).toBe(true);
      const both = await go(objective, { seeds: [1, 0] });
      expect(difference(both.state[THETA]!.slice(theta!.length), theta!)).toBeLessThan(2e-4);
    },
  );

  test('the sum of gradients is the gradient of the sum', async () => {
    const [sum, equal] = [await go('sum'), await go('equal')];
    expect(difference(sum.state[THETA]!, equal.state[THETA]!)).toBeLessThan(1e-5);
  });
});

describe('equal things', () => {
  test('the sum of gradients is the gradient of the sum; their mean moves what is shared a third as far, and nothing else', async () => {
    const step = async (objective: string, learningRate: number): Promise<Float32Array> => {
      const changes = { optimiser: { kind: 'sgd' }, maxEpochs: 1, batchSize: 48, learningRate } as const;
      return (await run(objective, changes)).state[THETA]!;
    };
    const [start, equal] = [await step('equal', 1e-30), await step('equal', 0.1)];
    const [sum, mean] = [await step('sum', 0.1), await step('mean', 0.3)];
    const setup = setupOf(sample, modelOf('shared-bottom', { dropout: 0.2 }));
    const { parameters, layout } = layoutOf(setup);
    for (const { name, owner } of parameters) {
      const { start: from, end } = layout.slice(name);
      const moved = (theta: Float32Array): number[] =>
        Array.from(theta.slice(from, end), (value, i) => value - start[from + i]!);
      const factor = owner.kind === 'shared' ? 1 : 3;
      expect(difference(moved(sum), moved(equal)), name).toBeLessThan(1e-3);
      const expected = moved(equal).map((value) => factor * value);
      expect(Math.max(...expected.map(Math.abs)), name).toBeGreaterThan(1e-5);
      expect(difference(moved(mean), expected), name).toBeLessThan(1e-3);
    }
  });
});

test('a loss that is not finite is told with its layer under an aggregation, too', async () => {
  const wild = { optimiser: { kind: 'sgd' }, learningRate: 1e30 } as const;
  await expect(run('cagrad', wild)).rejects.toMatchObject({
    code: 'training-diverged',
    found: expect.stringMatching(/arose at step \d+ in /),
  });
});

test('a preference reaches the gradients of the tasks that it names', async () => {
  const { history } = await run('mean:preference=price=3+sold=6');
  const shares: Readonly<Record<string, number>> = { size: 0.1, sold: 0.6, price: 0.3 };
  const [weights] = history.at(-1)!.weights!;
  sample.dataset.tasks.forEach(({ name }, t) => {
    expect(weights![t]).toBeCloseTo(shares[name]!, 5);
  });
});

test('weights, norms, cosines and conflicts are kept along the curve', async () => {
  const { history } = await run('mgda');
  const { weights, gradients } = history.at(-1)!;
  const total = weights![0]!.reduce((a, b) => a + b, 0);
  expect(total).toBeCloseTo(1, 2);
  expect(gradients!.norms).toHaveLength(3);
  expect(gradients!.norms.every((norm) => norm > 0)).toBe(true);
  gradients!.cosines.forEach((row, t) => {
    expect(row[t]!).toBeGreaterThan(0.9);
    row.forEach((cosine, u) => {
      expect(Math.abs(cosine!)).toBeLessThanOrEqual(1.0001);
      expect(cosine).toBeCloseTo(gradients!.cosines[u]![t]!, 5);
    });
  });
  expect(gradients!.conflicts).toBeGreaterThanOrEqual(0);
  expect(gradients!.conflicts).toBeLessThanOrEqual(1);
  expect((await run('equal')).history.at(-1)).not.toHaveProperty('weights');
});
