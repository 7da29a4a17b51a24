import { describe, expect, test } from 'vitest';
import { optimised } from '../engine/contract/runtimes.ts';
import { chooseObjective } from '../objective/index.ts';
import { longSample, modelOf, type Sample, setupOf, wideSample, withSetup } from './fixture.test-support.ts';
import { taskSampler } from './sampling/sampler.ts';
import { train } from './train.ts';
import type { Checkpoint, TrainingHooks, TrainingProgress, TrainingSetup } from './training.ts';

const wide = wideSample([
  { name: 'size', kind: 'regression', missing: 0.2 },
  { name: 'sold', kind: 'binary', missing: 0.3 },
  { name: 'grade', kind: 'multiclass' },
]);
const long = longSample(['north', 'south', 'west']);
const RICH = { dropout: 0.3, norm: 'layer', tower: [4] } as const;
const ONE_TASK: TrainingSetup['sampler'] = taskSampler(
  [wide.train, wide.train, wide.train],
  ['size', 'sold', 'grade'],
  { name: 'annealed', batches: 'single' },
  12,
  5,
);

type Changes = Parameters<typeof setupOf>[2];
const run = (sample: Sample, sharing: string, changes: Changes, hooks?: TrainingHooks): Promise<Checkpoint> =>
  withSetup(optimised, sample, setupOf(sample, modelOf(sharing, RICH), changes), (setup) =>
    train(optimised, setup, hooks),
  );

/** What a checkpoint becomes in a file and back. */
function revived({ state, best, ...rest }: Checkpoint): Checkpoint {
  const { theta, ...facts } = best;
  const json = JSON.parse(JSON.stringify({ ...rest, ...facts, scores: facts.scores.map(String) }));
  const { scores, evaluations, ...others } = json;
  return {
    ...others,
    state: Object.fromEntries(Object.entries(state).map(([name, data]) => [name, data.slice()])),
    best: { scores: scores.map(Number), evaluations, theta: theta.slice() },
  };
}

/** All but the seconds that it took. */
const timeless = ({ seconds: _, history, ...rest }: Checkpoint): object => ({
  ...rest,
  history: history.map(({ seconds: _own, ...point }) => point),
});

const EVERYTHING: Changes = {
  seeds: [1, 2],
  optimiser: { kind: 'adamw', weightDecay: 0.1 },
  schedule: { kind: 'plateau', goal: 'max', patience: 0, factor: 0.5, warmup: 3 },
  clipNorm: 0.5,
  maxEpochs: 3,
};
const RUNS: readonly [string, Sample, string, Changes][] = [
  ['shared-bottom, wide', wide, 'shared-bottom', EVERYTHING],
  ['independent, wide', wide, 'independent', EVERYTHING],
  ['shared-bottom, long', long, 'shared-bottom', EVERYTHING],
  ['independent, long', long, 'independent', EVERYTHING],
  ['shared-bottom, lazy tables', wide, 'shared-bottom', { ...EVERYTHING, lazyFrom: 1 }],
  ['independent, lazy tables', wide, 'independent', { ...EVERYTHING, lazyFrom: 1 }],
  ['independent, long, lazy tables', long, 'independent', { ...EVERYTHING, lazyFrom: 1 }],
  ['a moving average', wide, 'shared-bottom', { ...EVERYTHING, average: 0.9, lazyFrom: 1 }],
  ['single-task batches', wide, 'shared-bottom', { ...EVERYTHING, sampler: ONE_TASK }],
  [
    'fixed weights, copies',
    wide,
    'shared-bottom',
    {
      objective: chooseObjective({ name: 'fixed', weights: { sold: 0.5 } }),
      units: 'copy',
      epochsPerEvaluation: 2,
    },
  ],
];

describe.each(RUNS)('%s', (_, sample, sharing, changes) => {
  test('the same twice; resumed from any evaluation it ends bit for bit where it would have', async () => {
    const kept: Checkpoint[] = [];
    const whole = await run(sample, sharing, changes, {
      onCheckpoint: async (checkpoint) => {
        kept.push(checkpoint);
      },
    });
    expect(timeless(await run(sample, sharing, changes))).toEqual(timeless(whole));
    expect(kept.at(-1)).toEqual(whole);
    expect(kept.map(({ finished }) => finished)).toEqual(kept.map((_own, i) => i === kept.length - 1));
    for (const checkpoint of kept.slice(0, -1)) {
      const resumed = await run(sample, sharing, changes, { resume: revived(checkpoint) });
      expect(timeless(resumed)).toEqual(timeless(whole));
    }
    const theta = whole.state.theta!;
    expect(kept[0]!.state.theta).not.toEqual(theta);
    expect(theta.every(Number.isFinite)).toBe(true);
  });
});

describe('what is trained', () => {
  test('a moving average changes what is judged and kept, and nothing of what is trained', async () => {
    const plain = await run(wide, 'shared-bottom', { learningRate: 0.05 });
    const mean = await run(wide, 'shared-bottom', { learningRate: 0.05, average: 0.99 });
    expect(mean.state.theta).toEqual(plain.state.theta);
    expect(mean.history.map(({ losses }) => losses)).toEqual(plain.history.map(({ losses }) => losses));
    expect(mean.history.at(-1)!.metrics).not.toEqual(plain.history.at(-1)!.metrics);
    const setup = setupOf(wide, modelOf('shared-bottom', RICH), { learningRate: 0.05, average: 0.99 });
    await withSetup(optimised, wide, setup, async ({ evaluate }) => {
      expect((await evaluate(mean.state.average!)).metrics).toEqual(mean.history.at(-1)!.metrics);
    });
  });

  test('losses fall, and the best state is the one that scored best', async () => {
    const result = await run(wide, 'shared-bottom', { maxEpochs: 40, learningRate: 0.02 });
    const total = (i: number): number => result.history.at(i)!.losses[0]!.reduce((a, b) => a + b, 0);
    expect(total(-1)).toBeLessThan(0.9 * total(0));
    expect(result.best.scores[0]).toBeGreaterThan(0);
    expect(result.history).toHaveLength(40);
    expect(result).toMatchObject({ epoch: 40, step: 40 * 4, finished: true });
  });

  test('the best state scores what was noted', async () => {
    for (const [sharing, units] of [
      ['shared-bottom', 'replica'],
      ['independent', 'task'],
    ] as const) {
      const setup = setupOf(wide, modelOf(sharing, RICH), {
        seeds: [1, 2],
        maxEpochs: 8,
        learningRate: 0.05,
        units,
      });
      await withSetup(optimised, wide, setup, async (whole) => {
        const { best } = await train(optimised, whole);
        const { replicaScores, taskScores } = await whole.evaluate(best.theta);
        expect(units === 'replica' ? replicaScores : taskScores).toEqual(best.scores);
      });
    }
  });

  test('a copy for each task is the state in which that task was best', async () => {
    const setup = setupOf(wide, modelOf('shared-bottom'), {
      seeds: [1, 2],
      maxEpochs: 8,
      learningRate: 0.05,
      units: 'copy',
    });
    await withSetup(optimised, wide, setup, async (whole) => {
      const { best, state } = await train(optimised, whole);
      const size = state.theta!.length / 2;
      expect(best.theta).toHaveLength(2 * 3 * size);
      for (let unit = 0; unit < 6; unit++) {
        const s = Math.floor(unit / 3);
        const theta = new Float32Array(2 * size);
        theta.set(best.theta.subarray(unit * size, (unit + 1) * size), s * size);
        expect((await whole.evaluate(theta)).taskScores[unit]).toBe(best.scores[unit]);
      }
    });
  });

  test('where epochs begin is nothing to the steps', async () => {
    const setup = setupOf(wide, modelOf('shared-bottom', RICH), {
      optimiser: { kind: 'adamw' },
      schedule: { kind: 'cosine', steps: 16, warmup: 3 },
      seeds: [1, 2],
      maxEpochs: 4,
    });
    const { sampler } = setup;
    const double: TrainingSetup['sampler'] = {
      ...sampler,
      stepsPerEpoch: 2 * sampler.stepsPerEpoch,
      epoch: (epoch, seed) => ({
        rows: Int32Array.from([0, 1].flatMap((half) => [...sampler.epoch(2 * epoch + half, seed).rows])),
      }),
    };
    const [four, two] = await Promise.all(
      [setup, { ...setup, sampler: double, maxEpochs: 2 }].map((one) =>
        withSetup(optimised, wide, one, (whole) => train(optimised, whole)),
      ),
    );
    expect(two!.state).toEqual(four!.state);
  });

  test('a task of weight 0 does not learn', async () => {
    const objective = chooseObjective({ name: 'fixed', weights: { sold: 0 } });
    const result = await run(wide, 'independent', { objective, optimiser: { kind: 'sgd' } });
    const before = await run(wide, 'independent', {
      objective,
      optimiser: { kind: 'sgd' },
      learningRate: 1e-30,
    });
    const t = wide.dataset.tasks.findIndex(({ name }) => name === 'sold');
    const metrics = ({ history }: Checkpoint): unknown[] => history.at(-1)!.metrics[0]!.slice();
    expect(metrics(result)[t]).toBe(metrics(before)[t]);
    expect(metrics(result)[0]).not.toBe(metrics(before)[0]);
  });
});

describe('how it ends', () => {
  test('when patience is over', async () => {
    const result = await run(wide, 'shared-bottom', { patience: 2, maxEpochs: 50, learningRate: 1e-30 });
    expect(result.history).toHaveLength(3);
    expect(result.finished).toBe(true);
  });

  test('at the deadline, after a whole evaluation', async () => {
    const result = await run(wide, 'shared-bottom', { maxEpochs: 50 }, { deadline: performance.now() - 1 });
    expect(result).toMatchObject({ epoch: 1, finished: true });
    expect(result.history).toHaveLength(1);
  });

  test('with all epochs taken, where evaluations do not divide them', async () => {
    const result = await run(wide, 'shared-bottom', { maxEpochs: 5, epochsPerEvaluation: 2 });
    expect(result.history.map(({ epoch }) => epoch)).toEqual([2, 4, 5]);
  });

  test('what is finished is not trained again', async () => {
    const result = await run(wide, 'shared-bottom', { maxEpochs: 1 });
    expect(await run(wide, 'shared-bottom', { maxEpochs: 50 }, { resume: result })).toBe(result);
  });

  test('cancelled in the middle: the last checkpoint goes on to the same end', async () => {
    const whole = await run(wide, 'shared-bottom', {});
    const abort = new AbortController();
    let last: Checkpoint | undefined;
    const cancelled = run(
      wide,
      'shared-bottom',
      {},
      {
        signal: abort.signal,
        onCheckpoint: async (checkpoint) => {
          last = checkpoint;
        },
        onProgress: ({ step, point }: TrainingProgress) => {
          if (step > 8 && point === undefined) abort.abort(new Error('enough'));
        },
      },
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(last).toMatchObject({ epoch: 2, finished: false });
    expect(timeless(await run(wide, 'shared-bottom', {}, { resume: revived(last!) }))).toEqual(
      timeless(whole),
    );
  });

  test('progress is told: steps as they are taken, a point at each evaluation', async () => {
    const told: TrainingProgress[] = [];
    await run(wide, 'shared-bottom', { maxEpochs: 2 }, { onProgress: (progress) => told.push(progress) });
    const steps = told.map(({ step }) => step);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(told.flatMap(({ point }) => (point ? [point.step] : []))).toEqual([4, 8]);
    expect(told.at(-1)).toMatchObject({ epoch: 2, maxEpochs: 2, step: 8, stepsPerEpoch: 4 });
  });
});
