import { expect, test } from 'vitest';
import { draw } from '../engine/contract/instance.ts';
import { optimised } from '../engine/contract/runtimes.ts';
import { unshare } from '../model/index.ts';
import { kindOf } from '../problem/index.ts';
import {
  difference,
  layoutOf,
  longSample,
  modelOf,
  type Sample,
  setupOf,
  wideSample,
} from './fixture.test-support.ts';
import { type Outputs, Predictor } from './predictor.ts';

const wide = wideSample([
  { name: 'size', kind: 'regression' },
  { name: 'sold', kind: 'binary' },
  { name: 'price', kind: 'regression' },
  { name: 'grade', kind: 'multiclass' },
]);
const long = longSample(['north', 'south', 'west'], 'multiclass');
const SEEDS = 2;

async function predict(
  sample: Sample,
  model: ReturnType<typeof modelOf>,
  theta: Float32Array,
  seeds: number,
): Promise<Outputs> {
  const { dataset, signature, validation } = sample;
  const predictor = await Predictor.open(
    optimised,
    model,
    signature,
    dataset.tasks,
    seeds,
    dataset,
    validation,
  );
  try {
    return await predictor.predict(theta);
  } finally {
    await predictor.close();
  }
}

test.each([
  ['wide, heads alone', wide, modelOf('shared-bottom', { norm: 'layer' })],
  ['wide, towers', wide, modelOf('shared-bottom', { tower: [4, 3] })],
  ['long', long, modelOf('shared-bottom')],
])('every task predicts what it predicted in its own state: %s', async (_, sample, model) => {
  const { tasks, taskOfRow } = sample.dataset;
  const { size } = layoutOf(setupOf(sample, model)).layout;
  const rows = SEEDS * tasks.length;
  const states = Float32Array.from(draw('states', [rows, size]));
  const { spec, theta } = unshare(model, sample.signature, states, SEEDS);
  expect(spec).toEqual({ ...model, sharing: 'independent' });
  const together = await predict(sample, spec, theta, SEEDS);
  for (let s = 0; s < SEEDS; s++)
    for (const [t, task] of tasks.entries()) {
      const row = (s * tasks.length + t) * size;
      const alone = await predict(sample, model, states.slice(row, row + size), 1);
      const width = kindOf(task.kind).outputWidth(task);
      const own = Int32Array.from(
        [...sample.validation.keys()].filter(
          (i) => taskOfRow === undefined || taskOfRow[sample.validation[i]!] === t,
        ),
      );
      expect(own.length).toBeGreaterThan(1);
      expect(difference(together.at(s, t, own, width), alone.at(0, t, own, width))).toBeLessThan(2e-6);
    }
});

test.each([
  [wide, modelOf('independent')],
  [long, modelOf('shared-bottom', { tower: [3] })],
])('what cannot be taken apart is refused', (sample, model) => {
  expect(() => unshare(model, sample.signature, new Float32Array(0), 1)).toThrow(
    expect.objectContaining({ code: 'training-invalid', path: 'training.checkpoint' }),
  );
});
