import { describe, expect, test } from 'vitest';
import { draw } from '../../../engine/contract/instance.ts';
import { evaluate, optimised } from '../../../engine/contract/runtimes.ts';
import { topological } from '../../../engine/graph.ts';
import {
  add,
  constant,
  gradient,
  numbers,
  reduceSum,
  type Tensor,
  type TensorData,
  tensorData,
} from '../../../engine/index.ts';
import { trainingTables } from '../../../optimization/dataset.ts';
import {
  difference,
  longSample,
  modelOf,
  named,
  type Sample,
  setupOf,
  wideSample,
  withSetup,
} from '../../../optimization/fixture.test-support.ts';
import { buildLosses, lossFeeds } from '../../../optimization/losses.test-support.ts';
import { shuffledSampler } from '../../../optimization/sampling/sampler.ts';
import { train } from '../../../optimization/train.ts';
import type { Checkpoint } from '../../../optimization/training.ts';
import { inputLeaves, pickRows } from '../../inputs.ts';
import type { ModelSpec } from '../../model.ts';
import { buildModel } from '../../model.ts';
import { initialise, type Parameter, ParameterSet } from '../../parameter.ts';
import { chooseSharing } from '../registry.ts';
import { FORMS, type FormName } from './forms.ts';

const PLANS = ['size', 'price', 'weight'].map((name) => ({ name, kind: 'regression', missing: 0.1 }));
const wide = wideSample(PLANS);
const long = longSample(['north', 'south', 'west']);
const SAMPLES = [
  ['wide', wide],
  ['long', long],
] as const;
const FORM_NAMES = Object.keys(FORMS) as FormName[];
const RICH = { dropout: 0.2, norm: 'layer', tower: [4] } as const;

const soft = (options: object): ModelSpec['sharing'] => ({ name: 'soft', ...options });

interface BuiltLogits {
  readonly parameters: readonly Parameter[];
  readonly logits: Tensor;
}

/** Parameters away from where they start. */
function moved(parameters: readonly Parameter[], seeds: number): Record<string, TensorData> {
  const start = initialise(parameters, seeds === 1 ? [3] : [3, 4]);
  return Object.fromEntries(
    Object.entries(start).map(([name, { data, shape }]) => {
      const noise = draw(name, shape);
      return [
        name,
        tensorData(
          Float32Array.from(data as Float32Array, (value, i) => value + 0.3 * noise[i]!),
          shape,
        ),
      ];
    }),
  );
}

function trained(
  sample: Sample,
  model: ModelSpec,
  changes: Parameters<typeof setupOf>[2] = {},
): Promise<Checkpoint> {
  return withSetup(optimised, sample, setupOf(sample, model, changes), (setup) => train(optimised, setup));
}

describe.each(SAMPLES)('%s', (_, sample) => {
  test('strength 0 is independent, bit for bit', async () => {
    const changes = { seeds: [3, 4], units: 'replica', maxEpochs: 3 } as const;
    const like = setupOf(sample, modelOf('independent', RICH), changes);
    const model = { ...like.graph.model, sharing: soft({ strength: 0 }) };
    const [own, independent] = await Promise.all(
      [{ ...like, graph: { ...like.graph, model } }, like].map((one) =>
        withSetup(optimised, sample, one, (setup) => train(optimised, setup)),
      ),
    );
    expect(own!.state).toEqual(independent!.state);
    expect(own!.history.map(({ losses }) => losses)).toEqual(
      independent!.history.map(({ losses }) => losses),
    );
  });

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

  test.each(FORM_NAMES)('more strength, less between tasks: %s', async (form) => {
    const spreads = [];
    for (const strength of [0.01, 1, 100]) {
      const model = modelOf(soft({ form, strength }), { hidden: [4] });
      const { state } = await trained(sample, model, { maxEpochs: 12 });
      spreads.push(spread(named(setupOf(sample, model), state.theta!), strength, form));
    }
    expect(spreads[0]).toBeGreaterThan(1.3 * spreads[1]!);
    expect(spreads[1]).toBeGreaterThan(3 * spreads[2]!);
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

test.each([1, 2])('rows and blocks are the same networks, %i seeds', async (seeds) => {
  for (const sharing of ['soft', 'factorised', 'factorised:form=tt', 'factorised:form=tucker']) {
    const [rows, blocks] = (['rows', 'blocks'] as const).map((layout) => logitsIn(layout, sharing, seeds));
    expect(blocks!.parameters).toEqual(rows!.parameters);
    const feeds = moved(rows!.parameters, seeds);
    const [a, b] = await Promise.all(
      [rows!, blocks!].map(async ({ logits }) => {
        const values = await evaluate(optimised, { logits }, { ...trainingTables(long.dataset), ...feeds });
        return numbers(values.logits!);
      }),
    );
    expect(difference(b!, a!)).toBeLessThan(1e-5);
  }
});

const BLOCKS = [0, 1, 2].map((t) => indicesOf(t).slice(0, 4));

function indicesOf(task: number): number[] {
  return [...long.dataset.taskOfRow!.keys()].filter((row) => long.dataset.taskOfRow![row] === task);
}

/** The logits of four rows of each task, [seeds × tasks × rows]. */
function logitsIn(layout: 'rows' | 'blocks', sharing: ModelSpec['sharing'], seeds: number): BuiltLogits {
  const lead = seeds === 1 ? [] : [seeds];
  const set = new ParameterSet(lead);
  const { features } = long.dataset;
  const shape = layout === 'blocks' ? [3, 4] : [12];
  const picks = Int32Array.from(Array.from({ length: seeds }, () => BLOCKS.flat()).flat());
  const index = constant(picks, { shape: [...lead, ...shape], dtype: 'int32' });
  const batch = pickRows(inputLeaves(long.signature.features, features.rows, true), index);
  const spec = modelOf(sharing, { tower: [4], norm: 'layer' });
  const model = buildModel(spec, long.signature, set, batch, layout, { training: false });
  return { parameters: set.parameters, logits: [...model.logits.values()][0]! };
}

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
  const { state } = await withSetup(optimised, sample, setup, (one) => train(optimised, one));
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
  const built = buildLosses(wide, soft({ form: 'trace', about: 'zero' }), rows);
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

/** Σ ‖θₜ − θ̄‖² over the weights (or all), whose own part is s v. */
function spread(
  theta: Record<string, TensorData>,
  strength: number,
  form: FormName,
  of: string = 'weight',
): number {
  const scale = 1 / Math.sqrt(1 + FORMS[form].curvature(strength, 3));
  return Object.entries(theta)
    .filter(([name]) => name.endsWith(`${of}/deviation`))
    .reduce((sum, [, { data, shape }]) => {
      const size = data.length / shape[0]!;
      const values = Array.from(data as Float32Array, (value) => scale * value);
      const mean = (i: number): number => (values[i]! + values[size + i]! + values[2 * size + i]!) / 3;
      return sum + values.reduce((own, value, i) => own + (value - mean(i % size)) ** 2, 0);
    }, 0);
}
