import { describe, expect, test } from 'vitest';
import { draw } from '../engine/contract/instance.ts';
import { optimised } from '../engine/contract/runtimes.ts';
import { numbers } from '../engine/index.ts';
import type { ModelSpec } from '../model/index.ts';
import { kindOf } from '../problem/index.ts';
import {
  difference,
  layoutOf,
  longSample,
  modelOf,
  named,
  only,
  type Sample,
  setupOf,
  wideSample,
} from './fixture.test-support.ts';
import { type Outputs, Predictor } from './predictor.ts';

const PLANS = [
  { name: 'size', kind: 'regression' },
  { name: 'sold', kind: 'binary' },
  { name: 'price', kind: 'regression' },
  { name: 'grade', kind: 'multiclass' },
];
const wide = wideSample(PLANS);
const long = longSample(['north', 'south', 'west'], 'multiclass');

async function predict(
  sample: Sample,
  model: ModelSpec,
  theta: Float32Array,
  rows: Int32Array,
  seeds: number = 1,
): Promise<Outputs> {
  const { dataset, signature } = sample;
  const predictor = await Predictor.open(optimised, model, signature, dataset.tasks, seeds, dataset, rows);
  try {
    return await predictor.predict(theta);
  } finally {
    await predictor.close();
  }
}

function thetaOf(sample: Sample, model: ModelSpec, seeds: number = 1): Float32Array {
  return Float32Array.from(draw('theta', [seeds, layoutOf(setupOf(sample, model)).layout.size]));
}

const CASES = (['shared-bottom', 'independent'] as const).flatMap((sharing) => [
  [sharing, 'wide', wide] as const,
  [sharing, 'long', long] as const,
]);

describe.each(CASES)('%s, %s', (sharing, _, sample) => {
  const model = modelOf(sharing, { tower: [3] });
  const { tasks } = sample.dataset;

  test('any rows in any order, each as it would be alone', async () => {
    const theta = thetaOf(sample, model);
    const rows = Int32Array.of(60, 3, 3, 17, 41);
    const together = await predict(sample, model, theta, rows);
    for (const [i, row] of rows.entries()) {
      const alone = await predict(sample, model, theta, Int32Array.of(row));
      for (const [t, task] of tasks.entries()) {
        const width = kindOf(task.kind).outputWidth(task);
        expect(together.of(0, t)).toHaveLength(rows.length * width);
        expect(difference(together.at(0, t, Int32Array.of(i), width), alone.of(0, t))).toBeLessThan(1e-5);
      }
    }
  });

  test('replicas predict as each alone', async () => {
    const theta = thetaOf(sample, model, 3);
    const size = theta.length / 3;
    const together = await predict(sample, model, theta, sample.validation, 3);
    for (let s = 0; s < 3; s++) {
      const alone = await predict(sample, model, theta.slice(s * size, (s + 1) * size), sample.validation);
      for (const t of tasks.keys()) expect(difference(together.of(s, t), alone.of(0, t))).toBeLessThan(1e-5);
    }
  });
});

test('more rows than one run takes keep their order', async () => {
  const many = wideSample(PLANS, 9000);
  const model = modelOf('shared-bottom');
  const theta = thetaOf(many, model);
  const rows = Int32Array.from({ length: 9000 }, (_, i) => 8999 - i);
  const all = await predict(many, model, theta, rows);
  const picked = Int32Array.of(0, 4095, 4096, 8191, 8192, 8999);
  const few = await predict(
    many,
    model,
    theta,
    picked.map((i) => rows[i]!),
  );
  for (const [t, task] of many.dataset.tasks.entries()) {
    const width = kindOf(task.kind).outputWidth(task);
    expect(difference(all.at(0, t, picked, width), few.of(0, t))).toBeLessThan(1e-5);
  }
});

test('rows that take large networks of their own are predicted a few at a time', async () => {
  const many = longSample(['north', 'south'], 'regression', 40);
  const model = modelOf('independent', { hidden: [1500, 1500] });
  const theta = thetaOf(many, model).map((value) => value / 30);
  const all = await predict(
    many,
    model,
    theta,
    Int32Array.from({ length: 40 }, (_, i) => i),
  );
  const picked = Int32Array.of(0, 13, 14, 15, 39);
  const few = await predict(many, model, theta, picked);
  expect(difference(all.at(0, 0, picked, 1), few.of(0, 0))).toBeLessThan(1e-5);
});

test('no rows, no predictions', async () => {
  const none = await predict(
    wide,
    modelOf('shared-bottom'),
    thetaOf(wide, modelOf('shared-bottom')),
    new Int32Array(0),
  );
  expect(none.of(0, 0)).toHaveLength(0);
});

test('independent networks predict as single models with their parameters', async () => {
  const model = modelOf('independent', { norm: 'layer', tower: [3] });
  const theta = thetaOf(wide, model);
  const all = await predict(wide, model, theta, wide.validation);
  const values = named(setupOf(wide, model), theta);
  for (const [t, task] of wide.dataset.tasks.entries()) {
    const single = only(wide, t);
    const { layout, parameters } = layoutOf(setupOf(single, model));
    const together = layoutOf(setupOf(wide, model)).parameters;
    const own = parameters.map(({ name }) => {
      const { owner } = together.find((one) => one.name === name)!;
      const names = owner.kind === 'task' ? owner.tasks : [];
      const data = values[name]!.data as Float32Array;
      const size = data.length / names.length;
      const at = names.indexOf(task.name) * size;
      return [name, { data: data.slice(at, at + size) }] as const;
    });
    const alone = await predict(single, model, layout.write(Object.fromEntries(own)), wide.validation);
    expect(difference(all.of(0, t), alone.of(0, 0))).toBeLessThan(1e-5);
  }
});

test('a linear model of numbers, written out', async () => {
  const sample = wideSample([{ name: 'size', kind: 'regression' }]);
  const { features } = sample.dataset;
  const model = modelOf('shared-bottom', { hidden: [] });
  const theta = thetaOf(sample, model);
  const values = named(setupOf(sample, model), theta);
  const weight = numbers(values['heads/weight']!);
  const table = numbers(values['trunk/categories']!);
  const words = numbers(values['trunk/text/words']!);
  const outputs = await predict(sample, model, theta, sample.validation);
  const [task] = sample.dataset.tasks as unknown as [{ mean: number; deviation: number }];
  const { categorical, text, numeric } = features;
  const expected = [...sample.validation].map((row) => {
    const x = [...numeric.data.subarray(row * 3, row * 3 + 3)];
    for (const code of [categorical.codes[row * 2]!, 4 + categorical.codes[row * 2 + 1]!])
      x.push(...table.slice(code * 3, code * 3 + 3));
    const bag = [0, 0];
    for (let l = 0; l < 3; l++)
      for (const k of [0, 1])
        bag[k]! += text[0]!.weights[row * 3 + l]! * words[text[0]!.ids[row * 3 + l]! * 2 + k]!;
    const logit = [...x, ...bag].reduce(
      (sum, value, i) => sum + value * weight[i]!,
      numbers(values['heads/bias']!)[0]!,
    );
    return logit * task.deviation + task.mean;
  });
  expect(difference(outputs.of(0, 0), expected)).toBeLessThan(1e-5);
});
