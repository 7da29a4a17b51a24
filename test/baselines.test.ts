import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { RandomStream } from '../src/common/random.ts';
import { parseConfig, prepare, RunFolder, resumeFit, runFit } from '../src/experiment/index.ts';
import { renderVerdict } from '../src/experiment/report/index.ts';
import { modelSpec } from '../src/experiment/trial.ts';
import type { RunConfigInput, RunResult } from '../src/index.ts';
import { Predictor } from '../src/optimization/index.ts';
import { openRuntime } from '../src/platform/node/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'polytask-baselines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const random = new RandomStream(7, 'baselines');
/** What one unit learns of x serves calm and other and half of noisy; apart needs z. */
const ROWS = Array.from({ length: 900 }, (_, i) => {
  const [x, z, noise] = [random.normal(i, 0), random.normal(i, 1), random.normal(i, 2)];
  return {
    x,
    z,
    row: i,
    calm: x,
    other: x + 0.05 * random.normal(i, 3),
    noisy: 0.5 * x + noise,
    apart: z,
    sold: i % 3 === 0 ? null : x + z > 0,
    importance: 1 + (i % 3),
  };
});
const regressions = (...names: string[]): RunConfigInput['tasks'] =>
  Object.fromEntries(names.map((name) => [name, { kind: 'regression' }]));
const SHORT = {
  data: ROWS.slice(0, 300),
  tasks: { ...regressions('noisy', 'apart'), sold: { kind: 'binary', classWeights: 'balanced' } },
  inputs: ['x', 'z'],
  weight: 'importance',
  objective: 'excess:eta=0.1',
  model: { hidden: [4], dropout: 0.2 },
  training: { maxEpochs: 8, learningRate: 0.01, batchSize: 64 },
  seeds: 2,
  threads: 1,
} as const satisfies RunConfigInput;

const run = (name: string, config: Partial<RunConfigInput>): Promise<RunResult> =>
  runFit({ ...SHORT, ...config, out: join(folder, name) });
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const lastWeights = ({ multi }: RunResult): number[] =>
  multi.curve.at(-1)!.weights![0]!.map((_, t) => mean(multi.curve.at(-1)!.weights!.map((own) => own[t]!)));
/** All numbers that training leaves. */
const numbersOf = ({ multi: { baselines, test: reached, validation, curve } }: RunResult) => ({
  baselines,
  reached,
  validation,
  curve: curve.map(({ seconds: _, ...point }) => point),
});

test('the task that sharing sets back is weighed above the one that is merely noisy', async () => {
  const problem: Partial<RunConfigInput> = {
    data: ROWS,
    tasks: regressions('calm', 'other', 'noisy', 'apart'),
    model: { hidden: [1], activation: 'tanh', dropout: 0 },
    training: { maxEpochs: 60, patience: 60, learningRate: 0.01, batchSize: 64 },
  };
  const [excess, hedge] = [
    await run('sense', problem),
    await run('hedge', { ...problem, objective: 'hedge:eta=0.1' }),
  ];
  expect(excess.tasks.map(({ task }) => task.name)).toEqual(['calm', 'other', 'noisy', 'apart']);
  const [, , noisy, apart] = lastWeights(excess);
  expect(apart).toBeGreaterThan(5 * noisy!);
  // Who looks at losses alone does the opposite.
  const [, , byLoss, least] = lastWeights(hedge);
  expect(byLoss).toBeGreaterThan(least!);
  for (const own of excess.multi.baselines!) {
    expect(own[2]).toBeGreaterThan(0.6);
    expect(own[3]).toBeLessThan(0.1);
  }
  expect(hedge.multi.baselines).toBeUndefined();
});

describe('what is weighed by', () => {
  test("is the mean training loss of each task's own network, seed by seed", async () => {
    const result = await run('hand', {});
    const config = parseConfig(SHORT);
    const prepared = await prepare(config, '.');
    const { dataset, signature, split } = prepared;
    const { best } = (await (
      await RunFolder.open(join(folder, 'hand'))
    ).folder.readCheckpoint('independent'))!;
    const runtime = await openRuntime({ worker: false });
    const spec = modelSpec({ sharing: 'independent', config });
    const predictor = await Predictor.open(runtime, spec, signature, dataset.tasks, 2, dataset, split.train);
    const outputs = await predictor.predict(best.theta);
    await predictor.close();
    await runtime.close();
    for (const [s, own] of result.multi.baselines!.entries())
      for (const [t, task] of dataset.tasks.entries()) {
        const { mean: centre = 0, deviation = 1 } = task as { mean?: number; deviation?: number };
        let [sum, total] = [0, 0];
        split.train.forEach((row, position) => {
          const { labels, weights } = dataset.labels[t]!;
          const weight = weights[row]! * ROWS[row]!.importance;
          const [y, predicted] = [labels[row]!, outputs.of(s, t)[position]!];
          const loss =
            task.kind === 'binary'
              ? -Math.log(y === 1 ? predicted : 1 - predicted)
              : ((predicted - centre) / deviation - y) ** 2;
          sum += weight * loss;
          total += weight;
        });
        expect(own[t], `${task.name}, seed ${s}`).toBeCloseTo(sum / total, 5);
      }
    expect(result.multi.baselines![0]).not.toEqual(result.multi.baselines![1]);
    expect(result.independent).toBeDefined();
    expect(result.diagnosis).toBeDefined();
  });

  test('is found as well where nothing is compared, which the run says', async () => {
    const [with_, without] = [await run('with', {}), await run('without', { baseline: false })];
    expect(numbersOf(without)).toEqual(numbersOf(with_));
    expect(without.independent).toBeUndefined();
    expect(without.best.sharing).toBe('shared-bottom');
    const words = renderVerdict(without, { colour: false, width: 80 }).replaceAll('\n', ' ');
    expect(words).toContain(
      'Each task alone was trained for excess to weigh by what that reaches, and was not compared with.',
    );
  });

  test('is found again by a run that goes on with the second model', async () => {
    const whole = await run('whole', { baseline: false });
    for (const gone of [['result.json'], ['result.json', join('checkpoints', 'shared-bottom+excess.ckpt')]]) {
      for (const name of gone) rmSync(join(folder, 'whole', name));
      const resumed = await resumeFit(join(folder, 'whole'), {}, SHORT.data);
      expect(numbersOf(resumed)).toEqual(numbersOf(whole));
    }
  });

  test.each<[string, Partial<RunConfigInput>]>([
    ['separate networks', { model: { sharing: 'independent', hidden: [4] } }],
    ['a flow', { model: { flow: { name: 'conditional', parents: { sold: ['apart'] } }, hidden: [4] } }],
    ['z', { model: { conditioning: 'concat', hidden: [4] } }],
    ['an aggregation', { objective: 'excess+mgda' }],
    ['one task', { tasks: regressions('noisy') }],
  ])('is there with %s', async (name, config) => {
    const { multi } = await run(name, { baseline: false, seeds: 1, ...config });
    expect(multi.baselines).toHaveLength(1);
    for (const loss of multi.baselines![0]!) expect(loss).toBeGreaterThan(0);
    expect(multi.objective).toMatch(/^excess/);
  });

  test('is there for the tasks of a long table that training sees, and 0 for the others', async () => {
    const data = ROWS.slice(0, 480).map(({ x, z, row }) => {
      const t = row % 8;
      return { x, task: `t${t}`, size: t, y: row % 11 === 0 ? null : x * t + z };
    });
    const result = await run('long', {
      data,
      tasks: regressions('y'),
      by: 'task',
      inputs: ['x'],
      weight: undefined,
      split: { group: 'task', ratio: '0.5/0.25/0.25' },
      model: {
        sharing: 'shared-bottom:heads=shared',
        conditioning: 'concat',
        descriptor: 'columns:columns=size',
        hidden: [4],
      },
    });
    const losses = result.multi.baselines!;
    result.tasks.forEach(({ labelled }, t) => {
      for (const own of losses) {
        if (labelled.train > 0) expect(own[t]).toBeGreaterThan(0);
        else expect(own[t]).toBe(0);
      }
    });
    expect(new Set(result.tasks.map(({ labelled }) => labelled.train > 0))).toEqual(new Set([true, false]));
    expect(result.independent).toBeUndefined();
  });
});
