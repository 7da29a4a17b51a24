import { describe, expect, test } from 'vitest';
import { topological } from '../graph.ts';
import { reference } from './reference.test-support.ts';
import { type OptimiserName, type OptimiserSpec, optimisers, parseOptimiser } from './registry.ts';
import { run, runtime, stepOf, type Trial, wave } from './run.test-support.ts';

const CASES: OptimiserSpec[] = [
  { kind: 'sgd' },
  { kind: 'sgd', weightDecay: 0.1 },
  { kind: 'sgd', momentum: 0.9 },
  { kind: 'sgd', momentum: 0.9, dampening: 0.3, weightDecay: 0.1 },
  { kind: 'sgd', momentum: 0.8, nesterov: true, weightDecay: 0.1 },
  { kind: 'adagrad' },
  { kind: 'adagrad', learningRateDecay: 0.1, initialAccumulator: 0.2, epsilon: 1e-3, weightDecay: 0.1 },
  { kind: 'rmsprop' },
  { kind: 'rmsprop', momentum: 0.9, weightDecay: 0.1 },
  { kind: 'rmsprop', centred: true, smoothing: 0.9, epsilon: 1e-3, weightDecay: 0.1 },
  { kind: 'rmsprop', centred: true, momentum: 0.5, epsilon: 1e-3 },
  { kind: 'adam' },
  { kind: 'adam', beta1: 0.5, beta2: 0, epsilon: 1e-2, weightDecay: 0.1 },
  { kind: 'adamw' },
  { kind: 'adamw', beta1: 0, beta2: 0.9, weightDecay: 0 },
  { kind: 'adamw', weightDecay: 0.5 },
];
const STEPS = 20;
const SHAPE = [2, 9];
const MASK = [1, 1, 0, 1, 0, 0, 1, 1, 0];
const RATES = Array.from({ length: STEPS }, (_, k) => 0.02 * 0.95 ** k);
const label = (spec: OptimiserSpec): string => JSON.stringify(spec);

function trialOf(spec: OptimiserSpec): Trial {
  return {
    optimiser: parseOptimiser(spec),
    shape: SHAPE,
    start: wave(18, 1),
    gradients: wave(STEPS * 18),
    rates: RATES,
    mask: MASK,
  };
}

function expected(spec: OptimiserSpec, { start, gradients }: Trial): number[] {
  const theta = start.slice();
  const updates = theta.map(() => reference(spec));
  const path: number[] = [];
  for (let k = 0; k < STEPS; k++) {
    updates.forEach((update, i) => {
      theta[i] = update(theta[i]!, gradients[k * 18 + i]!, k + 1, RATES[k]!, MASK[i % 9] === 1);
    });
    path.push(...theta);
  }
  return path;
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), a.length === b.length ? 0 : 1 / 0);

describe.each(CASES)('$kind', (spec) => {
  test(`follows the written-out update for 20 steps: ${label(spec)}`, async () => {
    const trial = trialOf(spec);
    const path = expected(spec, trial);
    const double = await run({ ...trial, dtype: 'float64' });
    expect(distance(double.theta, path)).toBeLessThan(1e-13);
    const single = await run(trial);
    expect(distance(single.theta, path)).toBeLessThan(1e-6);
  });

  test(`looped and stepwise agree bit for bit, and a fed mask with a constant one: ${label(spec)}`, async () => {
    const trial = trialOf(spec);
    const looped = await run(trial);
    expect(await run({ ...trial, driver: 'stepwise' })).toEqual(looped);
    const fed = await run({ ...trial, maskAs: 'input' });
    expect(distance(fed.theta, looped.theta)).toBeLessThan(1e-6);
  });

  test(`without a mask everything decays, with zero gradients nothing else moves: ${label(spec)}`, async () => {
    const { mask: _, ...trial } = { ...trialOf(spec), gradients: new Array<number>(STEPS * 18).fill(0) };
    const { theta } = await run(trial);
    const decay =
      parseOptimiser(spec).name === 'adamw' ? (spec.weightDecay ?? 0.01) : (spec.weightDecay ?? 0);
    const last = theta.slice(-18);
    expect(last.every(Number.isFinite)).toBe(true);
    last.forEach((value, i) => {
      if (decay === 0) expect(value).toBe(Math.fround(trial.start[i]!));
      else expect(value).not.toBe(Math.fround(trial.start[i]!));
    });
    const spared = await run({ ...trial, mask: MASK.map(() => 0) });
    expect(spared.theta.slice(-18)).toEqual(trial.start.map(Math.fround));
  });
});

test('every registered optimiser has a case', () => {
  expect(new Set(CASES.map(({ kind }) => kind))).toEqual(new Set(Object.keys(optimisers)));
});

test('the passes over memory of a step do not grow unnoticed', () => {
  const passes = (spec: OptimiserSpec, extra: Partial<Trial> = {}): number => {
    const { mask: _, ...trial } = trialOf(spec);
    const step = stepOf({ ...trial, ...extra });
    const nodes = topological(step.state.map(({ next }) => next));
    return nodes.filter(({ inputs, outputs }) => inputs.length > 0 && outputs[0]!.shape.length > 0).length;
  };
  const plain = Object.keys(optimisers).map((kind) => [kind, passes({ kind: kind as OptimiserName })]);
  expect(Object.fromEntries(plain)).toEqual({ sgd: 2, adagrad: 7, rmsprop: 8, adam: 10, adamw: 11 });
  expect(passes({ kind: 'sgd', momentum: 0.9 })).toBe(4);
  expect(passes({ kind: 'sgd', momentum: 0.9, dampening: 0.5 })).toBe(5);
  expect(passes({ kind: 'sgd', momentum: 0.9, nesterov: true })).toBe(6);
  expect(passes({ kind: 'rmsprop', momentum: 0.9 })).toBe(10);
  expect(passes({ kind: 'rmsprop', centred: true })).toBe(14);
  expect(passes({ kind: 'adam', weightDecay: 0.1 })).toBe(12);
  // With a mask, one and two of these passes are over the mask, which has no replica axis.
  expect(passes({ kind: 'adam', weightDecay: 0.1 }, { mask: MASK })).toBe(13);
  expect(passes({ kind: 'adamw' }, { mask: MASK })).toBe(13);
});

test('values known by hand: a gradient of 1 throughout, learning rate 0.1, from θ = 1', async () => {
  const path = async (spec: OptimiserSpec): Promise<number[]> => {
    const optimiser = parseOptimiser(spec);
    const trial = { optimiser, shape: [1], start: [1], gradients: [1, 1], rates: [0.1, 0.1] };
    return (await run({ ...trial, dtype: 'float64' })).theta;
  };
  const close = (actual: number[], known: number[]): void =>
    expect(distance(actual, known)).toBeLessThan(1e-6);
  close(await path({ kind: 'sgd' }), [0.9, 0.8]);
  close(await path({ kind: 'sgd', momentum: 0.9 }), [0.9, 0.71]);
  close(await path({ kind: 'sgd', momentum: 0.9, nesterov: true }), [0.81, 0.539]);
  close(await path({ kind: 'sgd', momentum: 0.9, dampening: 0.5 }), [0.9, 0.76]);
  close(await path({ kind: 'adagrad' }), [0.9, 0.9 - 0.1 / Math.SQRT2]);
  close(await path({ kind: 'rmsprop' }), [0, -0.1 / Math.sqrt(0.0199)]);
  close(await path({ kind: 'adam' }), [0.9, 0.8]);
  close(await path({ kind: 'adamw', weightDecay: 0.1 }), [0.89, 0.7811]);
});

test('a centred mean square of a steady gradient, which rounding can make negative, has a root', async () => {
  const optimiser = optimisers.rmsprop({ centred: true, smoothing: 0.5 });
  const rates = new Array<number>(100).fill(1e-3);
  const gradients = rates.flatMap(() => wave(64));
  const { theta } = await run({ optimiser, shape: [64], start: wave(64), gradients, rates });
  expect(theta.every(Number.isFinite)).toBe(true);
});

test('a spec that makes no sense names the option and the fix', () => {
  const parse = (spec: object) => () => parseOptimiser(spec as OptimiserSpec);
  expect(parse({ kind: 'adm' })).toThrow('Did you mean "adam"?');
  expect(parse({ kind: 'adam', beta: 0.9 })).toThrow('optimiser-invalid at adam.beta');
  expect(parse({ kind: 'adam', beta1: 1 })).toThrow('a number in [0, 1)');
  expect(parse({ kind: 'adam', epsilon: 0 })).toThrow('adam.epsilon');
  expect(parse({ kind: 'sgd', nesterov: true })).toThrow('momentum above 0');
  expect(parse({ kind: 'rmsprop', centred: 'yes' })).toThrow('true or false');
  expect(parse({ kind: 'toString' })).toThrow('optimiser-invalid');
  expect(parseOptimiser('adamw').defaultLearningRate).toBe(1e-3);
});

test('sessions close', () => runtime.close());
