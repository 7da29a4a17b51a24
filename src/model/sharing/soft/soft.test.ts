import { describe, expect, test } from 'vitest';
import { evaluate, optimised } from '../../../engine/contract/runtimes.ts';
import { topological } from '../../../engine/graph.ts';
import { add, gradient, numbers, reduceSum } from '../../../engine/index.ts';
import { longSample, wideSample } from '../../../optimization/fixture.test-support.ts';
import { buildLosses, lossFeeds } from '../../../optimization/losses.test-support.ts';
import type { ModelSpec } from '../../model.ts';
import { initialise } from '../../parameter.ts';
import { chooseSharing } from '../registry.ts';
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

describe.each(SAMPLES)('%s', (_, sample) => {
  test.each(FORM_NAMES)('the penalty of %s is 0 where tasks start, and so is its gradient', async (form) => {
    const rows = Array.from({ length: 12 }, (_, i) => i);
    const built = buildLosses(sample, soft({ form }), rows);
    const parts = gradient(reduceSum(built.model.penalty!), built.leaves);
    const outputs = Object.fromEntries(built.parameters.map((own, i) => [`d ${own.name}`, parts[i]!]));
    const values = await evaluate(
      optimised,
      { penalty: built.model.penalty!, ...outputs },
      { ...lossFeeds(sample, built, rows), ...initialise(built.parameters, [3]) },
    );
    expect(Math.abs(numbers(values.penalty!)[0]!)).toBeLessThan(1e-2);
    for (const { name } of built.parameters)
      expect(
        numbers(values[`d ${name}`]!).every((value) => value === 0),
        name,
      ).toBe(true);
  });
});

test('the penalty is λ Σ ‖θₜ − θ̄‖² over weights, biases and norms', async () => {
  const strength = 3;
  const rows = Array.from({ length: 12 }, (_, i) => i);
  const built = buildLosses(long, soft({ strength }), rows);
  const feeds = lossFeeds(long, built, rows);
  const { penalty } = await evaluate(optimised, { penalty: built.model.penalty! }, feeds);
  const own = built.parameters.filter(({ name }) => name.endsWith('/deviation'));
  expect(own.map(({ name }) => name)).toContain('heads/weight/deviation');
  const theta = Object.fromEntries(own.map(({ name }) => [name, feeds[name]!]));
  expect(numbers(penalty!)[0]).toBeCloseTo(strength * spread(theta, strength, 'mean', ''), 3);
});

test.each(FORM_NAMES)('%s: the graph does not grow with tasks', (form) => {
  const nodes = (count: number): number => {
    const sample = wideSample(
      PLANS.slice(0, 1).flatMap((plan) =>
        Array.from({ length: count }, (_, t) => ({ ...plan, name: `task ${t}` })),
      ),
    );
    const { losses, model, leaves } = buildLosses(sample, soft({ form }), [0, 1, 2]);
    return topological(gradient(add(reduceSum(losses), reduceSum(model.penalty!)), leaves)).length;
  };
  expect(nodes(9)).toBe(nodes(4));
});

test('the covariance of tasks is recorded for every layer', () => {
  const { model } = buildLosses(wide, soft({ form: 'relationship' }), [0, 1, 2]);
  expect(model.probes.map(({ name, rows, columns, value }) => [name, rows, columns, value.shape])).toEqual(
    [0, 1].map((layer) => [
      `task covariance ${layer}`,
      ...[0, 1].map(() => wide.dataset.tasks.map(({ name }) => name)),
      [3, 3],
    ]),
  );
});

test('tables are shared, unless they are each task’s own', () => {
  const owner = (embeddings: string): string =>
    buildLosses(wide, soft({ embeddings }), [0, 1]).parameters.find(
      ({ name }) => name === 'trunk/categories',
    )!.owner.kind;
  expect(owner('shared')).toBe('shared');
  expect(owner('own')).toBe('task');
});

test.each(['mean', 'pairs'])('%s about zero is refused', (form) => {
  const { sharing, options } = chooseSharing(`soft:form=${form},about=zero`);
  expect(() => sharing.check!(options, { tasks: ['a', 'b'], widths: [4] })).toThrow(
    expect.objectContaining({ code: 'sharing-invalid', path: 'model.sharing.about' }),
  );
});

test('a norm about zero takes the weights themselves', async () => {
  const rows = [0, 1, 2, 3];
  const built = buildLosses(wide, soft({ form: 'trace', about: 'zero', strength: 0.3 }), rows);
  const penalty = { penalty: built.model.penalty! };
  const start = await evaluate(optimised, penalty, {
    ...lossFeeds(wide, built, rows),
    ...initialise(built.parameters, [3]),
  });
  // Equal tasks: √3 ‖W‖_* = 3 ‖W‖ for each of both weights.
  const weights = Object.entries(initialise(built.parameters, [3])).filter(([name]) =>
    name.endsWith('weight/common'),
  );
  const norms = weights.map(([, { data }]) => Math.hypot(...(data as Float32Array)));
  expect(numbers(start.penalty!)[0]! / (0.3 * 3 * norms.reduce((a, b) => a + b))).toBeCloseTo(1, 1);
});
