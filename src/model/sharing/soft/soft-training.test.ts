import { describe, expect, test } from 'vitest';
import { optimised } from '../../../engine/contract/runtimes.ts';
import { numbers } from '../../../engine/index.ts';
import {
  longSample,
  modelOf,
  named,
  type Sample,
  setupOf,
  wideSample,
  withSetup,
} from '../../../optimization/fixture.test-support.ts';
import { shuffledSampler } from '../../../optimization/sampling/sampler.ts';
import { train } from '../../../optimization/train.ts';
import type { Checkpoint } from '../../../optimization/training.ts';
import type { ModelSpec } from '../../model.ts';
import { FORMS, type FormName } from './forms.ts';
import { spread } from './spread.test-support.ts';

const PLANS = ['size', 'price', 'weight'].map((name) => ({ name, kind: 'regression', missing: 0.1 }));
const wide = wideSample(PLANS);
const long = longSample(['north', 'south', 'west']);
const SAMPLES = [
  ['wide', wide],
  ['long', long],
] as const;
const FORM_NAMES = Object.keys(FORMS) as FormName[];

const soft = (options: object): ModelSpec['sharing'] => ({ name: 'soft', ...options });

const RICH = { dropout: 0.2, norm: 'layer', tower: [4] } as const;

type Setup = ReturnType<typeof setupOf>;
const trained = (sample: Sample, setup: Setup): Promise<Checkpoint> =>
  withSetup(optimised, sample, setup, (one) => train(optimised, one));

describe.each(SAMPLES)('%s', (_, sample) => {
  test('strength 0 is independent, bit for bit', async () => {
    const changes = { seeds: [3, 4], units: 'replica', maxEpochs: 3 } as const;
    const like = setupOf(sample, modelOf('independent', RICH), changes);
    const model = { ...like.graph.model, sharing: soft({ strength: 0 }) };
    const [own, independent] = await Promise.all(
      [{ ...like, graph: { ...like.graph, model } }, like].map((setup) => trained(sample, setup)),
    );
    expect(own!.state).toEqual(independent!.state);
    expect(own!.history.map(({ losses }) => losses)).toEqual(
      independent!.history.map(({ losses }) => losses),
    );
  });

  test.each(FORM_NAMES)('more strength, less between tasks: %s', async (form) => {
    const spreads = [];
    for (const strength of [0.01, 1, 100]) {
      const model = modelOf(soft({ form, strength }), { hidden: [4] });
      const setup = setupOf(sample, model, { maxEpochs: 12 });
      const { state } = await trained(sample, setup);
      spreads.push(spread(named(setup, state.theta!), strength, form));
    }
    expect(spreads[0]).toBeGreaterThan(1.3 * spreads[1]!);
    expect(spreads[1]).toBeGreaterThan(3 * spreads[2]!);
  });
});

test('a large strength finds the one linear model that fits all tasks best, each with its own constant', async () => {
  const { dataset, signature } = long;
  const { numeric, rows } = dataset.features;
  const nothing = { codes: new Int32Array(0), cardinalities: [], names: [] };
  const sample: Sample = {
    ...long,
    dataset: { ...dataset, features: { rows, numeric, categorical: nothing, text: [] } },
    signature: { ...signature, features: { numeric: 3, categorical: [], text: [] } },
  };
  const model = modelOf(soft({ strength: 1e6 }), { hidden: [] });
  const changes = {
    optimiser: { kind: 'sgd' },
    learningRate: 0.2,
    maxEpochs: 300,
    epochsPerEvaluation: 300,
    sampler: shuffledSampler(sample.train, sample.train.length),
  } as const;
  const blocks = setupOf(sample, model, changes);
  const setup = { ...blocks, graph: { ...blocks.graph, layout: 'rows' as const } };
  const { state } = await trained(sample, setup);
  const theta = named(setup, state.theta!);
  const read = (name: string): number[] =>
    numbers(theta[Object.keys(theta).find((key) => key.endsWith(name))!]!);
  expect(Math.sqrt(spread(theta, 1e6, 'mean'))).toBeLessThan(1e-5);
  const [weight, bias] = [read('weight/common'), read('bias')];
  // The slope of Σₜ Lₜ at the pooled model: zero nowhere but at its minimum, for the sum is convex.
  const slope = new Array<number>(6).fill(0);
  for (const row of sample.train) {
    const task = dataset.taskOfRow![row]!;
    const x = [0, 1, 2].map((i) => numeric.data[row * 3 + i]!);
    const predicted = bias[task]! + x.reduce((sum, value, i) => sum + value * weight[i]!, 0);
    const count = sample.train.filter((other) => dataset.taskOfRow![other] === task).length;
    const error = (predicted - dataset.labels[0]!.labels[row]!) / count;
    x.forEach((value, i) => {
      slope[i]! += error * value;
    });
    slope[3 + task]! += error;
  }
  for (const value of slope) expect(Math.abs(value)).toBeLessThan(1e-5);
});
