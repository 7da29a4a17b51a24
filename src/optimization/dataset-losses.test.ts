import { describe, expect, test } from 'vitest';
import { draw } from '../engine/contract/instance.ts';
import { optimised } from '../engine/contract/runtimes.ts';
import type { ModelSpec } from '../model/index.ts';
import { type FittedTask, kindOf } from '../problem/index.ts';
import { lossesOver } from './dataset-losses.ts';
import {
  difference,
  layoutOf,
  longSample,
  modelOf,
  type Sample,
  setupOf,
  wideSample,
} from './fixture.test-support.ts';
import { Predictor } from './predictor.ts';

const plain = wideSample([
  { name: 'size', kind: 'regression', missing: 0.3 },
  { name: 'sold', kind: 'binary', missing: 0.3 },
  { name: 'price', kind: 'regression', options: { loss: 'huber' } },
  { name: 'grade', kind: 'multiclass', missing: 0.2, options: { classWeights: 'balanced' } },
]);
const rowWeights = Float32Array.from({ length: 64 }, (_, row) => 0.5 + (row % 3));
const wide: Sample = { ...plain, dataset: { ...plain.dataset, rowWeights } };
const long = longSample(['north', 'south', 'west'], 'multiclass');

const thetaOf = (sample: Sample, model: ModelSpec, seeds: number): Float32Array =>
  Float32Array.from(draw('theta', [seeds, layoutOf(setupOf(sample, model)).layout.size]));

const over = (
  { dataset, signature }: Sample,
  model: ModelSpec,
  theta: Float32Array,
  seeds: number,
  rows: Int32Array,
): Promise<number[][]> => lossesOver(optimised, model, signature, dataset, { theta, seeds }, rows);

/** The loss of one row from what the model predicts in the users' units. */
function lossOf(task: FittedTask, predicted: Float32Array, label: number): number {
  if (task.kind === 'multiclass') return -Math.log(predicted[label]!);
  if (task.kind === 'binary') return -Math.log(label === 1 ? predicted[0]! : 1 - predicted[0]!);
  const { mean, deviation, loss } = task as FittedTask & { mean: number; deviation: number; loss: string };
  const distance = Math.abs((predicted[0]! - mean) / deviation - label);
  if (loss === 'mse') return distance ** 2;
  return distance <= 1 ? 0.5 * distance ** 2 : distance - 0.5;
}

/** Σ w ℓ / Σ w of each task of one replica, row by row from predictions. */
async function byHand(sample: Sample, model: ModelSpec, theta: Float32Array): Promise<number[]> {
  const { dataset, signature, train } = sample;
  const { tasks, labels, taskOfRow } = dataset;
  const predictor = await Predictor.open(optimised, model, signature, tasks, 1, dataset, train);
  const outputs = await predictor.predict(theta).finally(() => predictor.close());
  return tasks.map((task, t) => {
    const own = labels[taskOfRow === undefined ? t : 0]!;
    const width = kindOf(task.kind).outputWidth(task);
    let [sum, total] = [0, 0];
    train.forEach((row, position) => {
      if (own.weights[row] === 0 || (taskOfRow !== undefined && taskOfRow[row] !== t)) return;
      const weight = own.weights[row]! * (dataset.rowWeights?.[row] ?? 1);
      const predicted = outputs.at(0, t, Int32Array.of(position), width);
      sum += weight * lossOf(task, predicted, own.labels[row]!);
      total += weight;
    });
    return sum / total;
  });
}

const CASES = (['shared-bottom', 'independent'] as const).flatMap((sharing) => [
  [sharing, 'wide', wide] as const,
  [sharing, 'long', long] as const,
]);

describe.each(CASES)('%s, %s', (sharing, _, sample) => {
  const model = modelOf(sharing, { tower: [3], dropout: 0.5 });

  test("is each task's weighted mean over its labelled rows, without dropout", async () => {
    const theta = thetaOf(sample, model, 1);
    const [found] = await over(sample, model, theta, 1, sample.train);
    expect(found).toHaveLength(sample.dataset.tasks.length);
    const expected = await byHand(sample, model, theta);
    for (const loss of expected) expect(loss).toBeGreaterThan(0.01);
    expect(difference(found!, expected)).toBeLessThan(1e-5);
  });

  test('of each replica, the same numbers as of it alone', async () => {
    const theta = thetaOf(sample, model, 2);
    const size = theta.length / 2;
    const [first, second] = await over(sample, model, theta, 2, sample.train);
    expect([second]).toEqual(await over(sample, model, theta.slice(size), 1, sample.train));
    expect(difference(first!, second!)).toBeGreaterThan(1e-3);
  });

  test('of more rows than one run takes, which hold other rows and weights each', async () => {
    const theta = thetaOf(sample, model, 1);
    const { train } = sample;
    const many = Int32Array.from({ length: 101 * train.length }, (_, i) => train[Math.floor(i / 101)]!);
    const [once, often] = await Promise.all([train, many].map((rows) => over(sample, model, theta, 1, rows)));
    expect(difference(often![0]!, once![0]!)).toBeLessThan(1e-5);
  });
});

test('rows without a label of a task say nothing of it', async () => {
  const model = modelOf('independent');
  const { weights } = wide.dataset.labels[0]!;
  const without = wide.train.filter((row) => weights[row] === 0);
  const [losses] = await over(wide, model, thetaOf(wide, model, 1), 1, without);
  expect(losses![0]).toBe(0);
  expect(losses![2]).toBeGreaterThan(0);
  const others = long.train.filter((row) => long.dataset.taskOfRow![row] !== 1);
  const [ofOthers] = await over(long, model, thetaOf(long, model, 1), 1, others);
  expect(ofOthers![1]).toBe(0);
  expect(ofOthers![0]).toBeGreaterThan(0);
});
