import { expect, test } from 'vitest';
import { featureTensors } from '../data/index.ts';
import { draw } from '../engine/contract/instance.ts';
import { evaluate, optimised } from '../engine/contract/runtimes.ts';
import { input, numbers, reduceMean, slice, squeeze, tensorData } from '../engine/index.ts';
import { inputLeaves } from '../model/inputs.ts';
import { buildModel } from '../model/model.ts';
import { initialise, ParameterSet } from '../model/parameter.ts';
import { longSample, modelOf, type Sample, wideSample } from './fixture.test-support.ts';
import { buildLosses, layoutFor, lossFeeds } from './losses.test-support.ts';
import { taskLosses } from './losses.ts';
import { forward } from './prediction.ts';

const MEMBERS = 3;
const family = `ensemble:members=${MEMBERS}`;
const wide = wideSample([
  { name: 'sold', kind: 'binary', missing: 0.4 },
  { name: 'price', kind: 'regression' },
]);
const samples: readonly (readonly [string, Sample])[] = [
  ['wide', wide],
  ['long', longSample(['north', 'south'])],
];

test.each(samples)(
  'each member has losses of its own, of which the mean is descended: %s',
  async (_, sample) => {
    const rows = Array.from({ length: 8 }, (_, row) => row);
    const { model, losses, parameters, index } = buildLosses(sample, 'mmoe', rows, { family });
    const feeds = lossFeeds(sample, { parameters, index }, rows);
    const { taskOfRow, labels, tasks } = sample.dataset;
    const column = (part: 'labels' | 'weights'): number[] =>
      rows.flatMap((row) => labels.map((own) => own[part][row]!));
    const { members: _members, ...single } = model;
    const layout = layoutFor(sample, 'mmoe');
    const given = {
      labels: tensorData(Float32Array.from(column('labels')), [rows.length, labels.length]),
      weights: tensorData(Float32Array.from(column('weights')), [rows.length, labels.length]),
      task: tensorData(
        Int32Array.from(rows, (row) => taskOfRow?.[row] ?? 0),
        [rows.length],
        'int32',
      ),
    };
    const batch = {
      labels: input('own labels', [rows.length, labels.length]),
      weights: input('own weights', [rows.length, labels.length]),
      task: input('own task', [rows.length], { dtype: 'int32' }),
    };
    const each = Array.from({ length: MEMBERS }, (_, m) => {
      const logits = new Map(
        [...model.logits].map(([key, all]) => [key, squeeze(slice(all, 0, m, m + 1), 0)]),
      );
      return taskLosses({ ...single, logits }, tasks, batch, layout).losses;
    });
    const mean = new Map([...model.logits].map(([key, all]) => [key, reduceMean(all, 0)]));
    const ofMean = taskLosses({ ...single, logits: mean }, tasks, batch, layout).losses;
    const found = await evaluate(
      optimised,
      { losses, ofMean, ...Object.fromEntries(each.map((own, m) => [`member ${m}`, own])) },
      {
        ...feeds,
        'own labels': given.labels,
        'own weights': given.weights,
        ...(taskOfRow && { 'own task': given.task }),
      },
    );
    numbers(found.losses!).forEach((loss, t) => {
      const own = each.map((_, m) => numbers(found[`member ${m}`]!)[t]!);
      expect(new Set(own).size).toBe(MEMBERS);
      expect(loss).toBeCloseTo(own.reduce((a, b) => a + b, 0) / MEMBERS, 5);
      // The loss of the mean would be less: members would not have to predict alone.
      expect(numbers(found.ofMean!)[t]!).toBeLessThan(loss);
    });
  },
);

test('the model predicts the mean of what its members predict', async () => {
  const { signature, dataset } = wide;
  const set = new ParameterSet();
  const { outputs } = forward(modelOf('shared-bottom', { family }), signature, dataset.tasks, set);
  const feeds = {
    ...featureTensors(dataset.features),
    ...Object.fromEntries(
      Object.entries(initialise(set.parameters, [0])).map(([name, { data, shape }]) => {
        const noise = draw(name, shape);
        return [
          name,
          tensorData(
            Float32Array.from(data as Float32Array, (v, i) => v + noise[i]!),
            shape,
          ),
        ];
      }),
    ),
  };
  const found = await evaluate(optimised, outputs, feeds);
  const inputs = inputLeaves(signature.features, 'batch', false);
  const { logits } = buildModel(modelOf('shared-bottom', { family }), signature, set, inputs, 'wide', {
    training: false,
  });
  const [binary] = [...logits.keys()].filter((key) => key.startsWith('binary'));
  const members = numbers((await evaluate(optimised, { x: logits.get(binary!)! }, feeds)).x!);
  const count = members.length / MEMBERS;
  const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
  numbers(found[binary!]!).forEach((probability, i) => {
    const own = Array.from({ length: MEMBERS }, (_, m) => sigmoid(members[m * count + i]!));
    expect(probability).toBeCloseTo(own.reduce((a, b) => a + b, 0) / MEMBERS, 5);
  });
});
