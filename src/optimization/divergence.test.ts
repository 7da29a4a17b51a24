import { describe, expect, test } from 'vitest';
import type { PolytaskError } from '../common/error.ts';
import { optimised } from '../engine/contract/runtimes.ts';
import { tensorData } from '../engine/index.ts';
import { layoutOf, modelOf, setupOf, wideSample, withSetup } from './fixture.test-support.ts';
import { train } from './train.ts';
import type { Checkpoint, TrainingSetup } from './training.ts';

const wide = wideSample([
  { name: 'size', kind: 'regression' },
  { name: 'sold', kind: 'binary' },
]);

const model = modelOf('shared-bottom', { activation: 'leaky-relu', tower: [4] });

/** How a training fails, and the checkpoints before it. */
async function failure(
  changes: Parameters<typeof setupOf>[2],
  alter: (setup: TrainingSetup) => TrainingSetup = (setup) => setup,
  resume?: Checkpoint,
): Promise<{ error: PolytaskError; kept: Checkpoint[] }> {
  const kept: Checkpoint[] = [];
  const setup = setupOf(wide, model, changes);
  const onCheckpoint = async (checkpoint: Checkpoint): Promise<void> => {
    kept.push(checkpoint);
  };
  const trained = withSetup(optimised, wide, setup, (whole) =>
    train(optimised, alter(whole), { onCheckpoint, resume }),
  );
  const error = await trained.then(
    () => undefined,
    (cause) => cause,
  );
  expect(error).toMatchObject({ code: 'training-diverged', expected: 'a finite loss' });
  return { error, kept };
}

const where = (error: PolytaskError): RegExpMatchArray =>
  /^(NaN|Infinity) at step (\d+) of seed (\d+); .* at step (\d+) in (\S+) \((\w+), (\w+)\)$/.exec(
    error.found!,
  )!;

describe('a loss that is not finite', () => {
  test.each([
    ['looped', 1e9],
    ['stepwise', 1e9],
    ['looped', 1],
  ] as const)('tells task, step, seed and layer: %s, tables lazy from %d', async (driver, lazyFrom) => {
    const { error } = await failure({
      lazyFrom,
      learningRate: 1e12,
      optimiser: { kind: 'sgd' },
      seeds: [4, 5],
      driver,
    });
    expect(error.path).toMatch(/^tasks\.(size|sold)$/);
    const [, , step, seed, first, layer, , phase] = where(error);
    expect(Number(step)).toBeGreaterThan(1);
    expect(Number(first)).toBeLessThanOrEqual(Number(step));
    expect(['4', '5']).toContain(seed);
    expect(layer).toMatch(/^(trunk|heads|loss|update|clip)/);
    expect(['forward', 'backward', 'update']).toContain(phase);
  });

  test('keeps the checkpoints before it', async () => {
    const { error, kept } = await failure({ learningRate: 1e12, optimiser: { kind: 'sgd' }, batchSize: 48 });
    expect(kept.length).toBeGreaterThan(0);
    expect(Number(where(error)[2])).toBe(kept.length + 1);
    expect(kept.every(({ state }) => state.theta!.every(Number.isFinite))).toBe(true);
  });

  test.each(['trunk/mlp/0', 'trunk/mlp/1', 'heads/tower/0'])(
    'is found in the layer that overflows: %s',
    async (layer) => {
      const setup = setupOf(wide, model, { maxEpochs: 1 });
      const start = await withSetup(optimised, wide, setup, (whole) => train(optimised, whole));
      const { start: from, end } = layoutOf(setup).layout.slice(`${layer}/weight`);
      const theta = start.state.theta!.slice().fill(3e38, from, end);
      const resume = { ...start, finished: false, state: { ...start.state, theta } };
      const { error } = await failure({ maxEpochs: 2 }, (whole) => whole, resume);
      const [, , step, , first, found, operator, phase] = where(error);
      expect([found, phase, step, first]).toEqual([layer, 'forward', '5', '5']);
      expect(operator).toMatch(/gemm|matmul/);
    },
  );

  test('is found in the loss of the task and at the step of a label that is too large', async () => {
    const { error } = await failure({ maxEpochs: 1 }, (setup) => {
      const { data, shape } = setup.tables.labels!;
      const row = setup.sampler.epoch(0, 0).rows[2 * setup.sampler.rowsPerStep + 1]!;
      const labels = tensorData(
        (data as Float32Array).map((y, i) => (i === 2 * row ? 1e30 : y)),
        shape,
      );
      return { ...setup, tables: { ...setup.tables, labels } };
    });
    expect(error.path).toBe('tasks.size');
    const [, value, step, , first, layer] = where(error);
    expect([value, step, first]).toEqual(['Infinity', '3', '3']);
    expect(layer).toMatch(/^loss\/regression/);
  });

  test('of an input that is not finite names the input', async () => {
    const { error } = await failure({ maxEpochs: 1 }, (setup) => {
      const { data, shape } = setup.tables.numeric!;
      const numeric = tensorData(
        (data as Float32Array).map((x, i) => (i === 7 ? Number.NaN : x)),
        shape,
      );
      return { ...setup, tables: { ...setup.tables, numeric } };
    });
    expect(error.found).toContain('the input "numeric" is not finite');
    expect(error.help).toContain('numeric');
  });
});
