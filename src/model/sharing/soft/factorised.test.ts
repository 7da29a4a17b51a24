import { describe, expect, test } from 'vitest';
import { evaluate, optimised } from '../../../engine/contract/runtimes.ts';
import { topological } from '../../../engine/graph.ts';
import { gradient, numbers, reduceSum, type TensorData, tensorData } from '../../../engine/index.ts';
import {
  difference,
  longSample,
  modelOf,
  named,
  setupOf,
  wideSample,
  withSetup,
} from '../../../optimization/fixture.test-support.ts';
import { buildLosses, lossFeeds } from '../../../optimization/losses.test-support.ts';
import { train } from '../../../optimization/train.ts';
import { initialise, ParameterSet } from '../../parameter.ts';
import { taskAxis } from '../../task-axis.ts';
import type { SharingContext } from '../sharing.ts';
import { type FactorForm, mixture } from './mixture.ts';

const FORMS: readonly FactorForm[] = ['laf', 'tt', 'tucker'];
const TASKS = ['a', 'b', 'c'];
const wide = wideSample(TASKS.map((name) => ({ name, kind: 'regression' })));
const ROWS = [0, 1, 2, 3, 4, 5];

/** The weights [2, 2] of three tasks, mixed from two cores. */
async function mixed(
  form: FactorForm,
  scale: number,
  values: Readonly<Record<string, readonly number[]>>,
): Promise<number[]> {
  const set = new ParameterSet();
  const context = { set, tasks: TASKS, axis: taskAxis(set, 'wide', TASKS) } as unknown as SharingContext;
  const options = { initialiser: { kind: 'uniform', fanIn: 2, gain: 1 } } as const;
  const { stack } = mixture(context, 'w', [2, 2], options, { form, rank: form === 'laf' ? 2 : 1, scale });
  const feeds = Object.fromEntries(
    set.parameters.map(({ name, shape }) => [name, tensorData(values[name.slice(2)]!, shape)]),
  );
  return numbers((await evaluate(optimised, { stack }, feeds)).stack!);
}

describe('weights by hand', () => {
  // Factors start at 1/√K and deviate by s v.
  const half = Math.SQRT1_2;

  test('laf: Wₜ = Σₖ sₜₖ Gₖ', async () => {
    const cores = [1, 2, 3, 4, 10, 20, 30, 40];
    const wanted = [1, 0, 0, 1, 2, -1];
    const factors = wanted.map((value) => (value - half) / 0.5);
    const weights = [1, 2, 3, 4, 10, 20, 30, 40, -8, -16, -24, -32];
    expect(difference(await mixed('laf', 0.5, { factors, cores }), weights)).toBeLessThan(1e-6);
  });

  test('tt: Wₜ = sₜ A G', async () => {
    const values = { factors: [0, 1, -2], cores: [5, 7], rows: [1, 3] };
    const common = [5, 7, 15, 21];
    const weights = [1, 2, -1].flatMap((own) => common.map((value) => own * value));
    expect(difference(await mixed('tt', 1, values), weights)).toBeLessThan(1e-6);
  });

  test('tucker: Wₜ = sₜ A G Bᵀ', async () => {
    const values = { factors: [0, 1, -2], cores: [2], rows: [1, 3], units: [5, 7] };
    const common = [10, 14, 30, 42];
    const weights = [1, 2, -1].flatMap((own) => common.map((value) => own * value));
    expect(difference(await mixed('tucker', 1, values), weights)).toBeLessThan(1e-6);
  });
});

test('laf with as many cores as tasks and identity factors is independent', async () => {
  const factorised = buildLosses(wide, 'factorised:rank=3,embeddings=own', ROWS);
  const independent = buildLosses(wide, 'independent', ROWS);
  const own = lossFeeds(wide, independent, ROWS);
  const none = Object.entries(initialise(factorised.parameters, [3])).map(
    ([name, value]): [string, TensorData] => {
      const weight = name.slice(0, name.lastIndexOf('/'));
      const { shape } = value;
      if (own[name] !== undefined) return [name, own[name]];
      if (name.endsWith('/cores') || name.endsWith('/deviation'))
        return [name, tensorData(own[weight]!.data, shape)];
      if (name.endsWith('/common')) return [name, tensorData(new Float32Array(value.data.length), shape)];
      const identity = Array.from({ length: 9 }, (_, i) => Number(i % 4 === 0) - 1 / Math.sqrt(3));
      return [name, tensorData(identity, shape)];
    },
  );
  const [a, b] = await Promise.all([
    evaluate(optimised, { losses: factorised.losses }, { ...own, ...Object.fromEntries(none) }),
    evaluate(optimised, { losses: independent.losses }, own),
  ]);
  expect(difference(numbers(a.losses!), numbers(b.losses!))).toBeLessThan(1e-6);
});

test.each(FORMS)(
  '%s: weights start alike for all tasks, with the variance of their initialiser',
  async (form) => {
    const set = new ParameterSet();
    const context = { set, tasks: TASKS } as unknown as SharingContext;
    const options = { initialiser: { kind: 'uniform', fanIn: 60, gain: 2 } } as const;
    const { stack } = mixture(context, 'w', [60, 80], options, { form, rank: 'auto', scale: 1 });
    const weights = numbers((await evaluate(optimised, { stack }, initialise(set.parameters, [0]))).stack!);
    expect(weights.slice(4800, 9600)).toEqual(weights.slice(0, 4800));
    const variance = weights.reduce((sum, value) => sum + value * value, 0) / weights.length;
    expect(Math.abs(variance * 30 - 1)).toBeLessThan(0.15);
  },
);

test('the penalty is λ Σ ‖sₜ − s̄‖², over the factors of weights and the deviations of biases', async () => {
  const strength = 3;
  const built = buildLosses(wide, { name: 'factorised', strength }, ROWS);
  const feeds = lossFeeds(wide, built, ROWS);
  const { penalty } = await evaluate(optimised, { penalty: built.model.penalty! }, feeds);
  let distances = 0;
  for (const { name } of built.parameters.filter((own) => /\/(factors|deviation)$/.test(own.name))) {
    const values = numbers(feeds[name]!);
    const size = values.length / 3;
    values.forEach((value, i) => {
      const mean = (values[i % size]! + values[size + (i % size)]! + values[2 * size + (i % size)]!) / 3;
      distances += (value - mean) ** 2;
    });
  }
  expect(numbers(penalty!)[0]! / ((strength / (1 + strength)) * distances)).toBeCloseTo(1, 5);
});

test.each(FORMS)('%s: more strength, less between tasks', async (form) => {
  const spreads = [];
  for (const strength of [0, 1, 1000]) {
    const sharing = { name: 'factorised', form, strength };
    const setup = setupOf(wide, modelOf(sharing, { hidden: [4] }), { maxEpochs: 12 });
    const { state } = await withSetup(optimised, wide, setup, (one) => train(optimised, one));
    const scale = 1 / Math.sqrt(1 + strength);
    const own = Object.entries(named(setup, state.theta!)).filter(([name]) => name.endsWith('/factors'));
    expect(own).toHaveLength(1);
    spreads.push(Math.hypot(...own.flatMap(([, value]) => numbers(value).map((factor) => scale * factor))));
  }
  expect(spreads[0]).toBeGreaterThan(1.3 * spreads[1]!);
  expect(spreads[1]).toBeGreaterThan(10 * spreads[2]!);
});

test.each(FORMS)('%s: the graph does not grow with tasks', (form) => {
  const nodes = (count: number): number => {
    const sample = longSample(Array.from({ length: count }, (_, t) => `task ${t}`));
    const rows = Array.from({ length: count }, (_, t) => t);
    const { losses, leaves } = buildLosses(sample, { name: 'factorised', form }, rows);
    return topological(gradient(reduceSum(losses), leaves)).length;
  };
  expect(nodes(9)).toBe(nodes(4));
});
