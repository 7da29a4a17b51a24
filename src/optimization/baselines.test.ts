import { describe, expect, test } from 'vitest';
import { optimised } from '../engine/contract/runtimes.ts';
import { chooseObjective } from '../objective/index.ts';
import { modelOf, setupOf, wideSample, withSetup } from './fixture.test-support.ts';
import { train } from './train.ts';
import type { Checkpoint, TrainingSetup } from './training.ts';

const sample = wideSample([
  { name: 'size', kind: 'regression' },
  { name: 'price', kind: 'regression' },
]);

function run(changes: Partial<TrainingSetup>): Promise<Checkpoint> {
  const setup = setupOf(sample, modelOf('shared-bottom'), {
    objective: chooseObjective('excess:eta=2,floor=0'),
    maxEpochs: 3,
    ...changes,
  });
  return withSetup(optimised, sample, setup, (whole) => train(optimised, whole));
}

describe('what independent models reach', () => {
  test('reaches the replica that it belongs to', async () => {
    const [first, second] = [
      [0, 9],
      [9, 0],
    ];
    const { history } = await run({ seeds: [0, 1], baselines: [first!, second!] });
    const { weights } = history.at(-1)!;
    // Only the task with a loss above its own model's gains weight.
    expect(weights![0]![0]).toBeGreaterThan(0.9);
    expect(weights![1]![1]).toBeGreaterThan(0.9);
    const alone = await run({ seeds: [1], baselines: [second!] });
    expect(alone.history.at(-1)!.weights![0]![1]).toBeCloseTo(weights![1]![1]!, 4);
  });

  test('a task that sharing does not set back gains nothing', async () => {
    const { history } = await run({ baselines: [[100, 100]] });
    for (const { weights } of history) expect(weights![0]).toEqual([0.5, 0.5]);
  });

  test.each<[string, TrainingSetup['baselines']]>([
    ['nothing', undefined],
    ['too few replicas', []],
    ['too few tasks', [[0.1]]],
    ['no number', [[0.1, Number.NaN]]],
  ])('%s is refused', async (_, baselines) => {
    await expect(run({ baselines })).rejects.toMatchObject({
      code: 'objective-invalid',
      path: 'baselines',
      expected: expect.stringContaining('2 tasks in each of 1 replicas'),
      help: expect.stringContaining('independent models'),
    });
  });

  test('nobody asks for what the objective does not need', async () => {
    await expect(run({ objective: chooseObjective('hedge'), maxEpochs: 1 })).resolves.toMatchObject({
      epoch: 1,
    });
  });
});
