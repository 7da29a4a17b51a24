import { describe, expect, test } from 'vitest';
import { checkGradients } from '../engine/contract/numeric.ts';
import { evaluate, optimised } from '../engine/contract/runtimes.ts';
import { gradient, numbers, reduceSum, slice, type Tensor } from '../engine/index.ts';
import { partsOf } from '../model/parameter.ts';
import { longSample, type Sample, wideSample } from './fixture.test-support.ts';
import { buildLosses, doubleFeeds, inDouble, lossFeeds } from './losses.test-support.ts';

const PLANS = [
  { name: 'size', kind: 'regression', missing: 0.3 },
  { name: 'sold', kind: 'binary', missing: 0.3 },
  { name: 'price', kind: 'regression', options: { loss: 'huber' } },
  { name: 'grade', kind: 'multiclass', missing: 0.2, options: { classWeights: 'balanced' } },
];

const range = (count: number, from: number = 0): number[] =>
  Array.from({ length: count }, (_, i) => from + i);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Losses of rows by their formulas, from the logits of one task. */
const FORMULAS: Readonly<Record<string, (logits: readonly number[], label: number) => number>> = {
  regression: ([l], y) => (l! - y) ** 2,
  huber: ([l], y) => (Math.abs(l! - y) <= 1 ? 0.5 * (l! - y) ** 2 : Math.abs(l! - y) - 0.5),
  binary: ([l], y) => Math.log(1 + Math.exp(l!)) - y * l!,
  multiclass: (logits, y) => Math.log(sum(logits.map(Math.exp))) - logits[y]!,
};

/** Σ w ℓ / Σ w over the rows that count; 0 without any. */
function weightedMean(items: readonly { weight: number; loss: number }[]): number {
  const total = sum(items.map(({ weight }) => weight));
  return total === 0 ? 0 : sum(items.map(({ weight, loss }) => weight * loss)) / total;
}

describe('the loss of a task is the weighted mean over its labelled rows', () => {
  test.each(['shared-bottom', 'independent'])('wide, %s', async (sharing) => {
    const plain = wideSample(PLANS);
    const rowWeights = Float32Array.from({ length: 64 }, (_, row) => 0.5 + (row % 3));
    const sample = { ...plain, dataset: { ...plain.dataset, rowWeights } };
    const rows = [3, 3, ...range(25, 10)];
    const built = buildLosses(sample, sharing, rows);
    const outputs = { losses: built.losses, ...Object.fromEntries(built.model.logits) };
    const values = await evaluate(optimised, outputs, lossFeeds(sample, built, rows));
    const found = numbers(values.losses!);
    const { tasks, labels } = sample.dataset;
    expect(found).toHaveLength(4);
    for (const [t, task] of tasks.entries()) {
      const key = sample.signature.heads[t]!.family;
      const family = tasks.filter((_, other) => sample.signature.heads[other]!.family === key);
      const logits = numbers(values[key]!);
      const width = logits.length / rows.length / family.length;
      const place = family.indexOf(task);
      const items = rows.map((row, b) => {
        const at = (b * family.length + place) * width;
        const formula = FORMULAS[key.startsWith('regression/huber') ? 'huber' : task.kind]!;
        const { labels: encoded, weights } = labels[t]!;
        return {
          weight: weights[row]! * rowWeights[row]!,
          loss: formula(logits.slice(at, at + width), encoded[row]!),
        };
      });
      expect(items.some(({ weight }) => weight === 0)).toBe(task.name !== 'price');
      expect(found[t]).toBeCloseTo(weightedMean(items), 5);
    }
  });

  test.each(['shared-bottom', 'independent'])('long, %s', async (sharing) => {
    const sample = longSample(['north', 'south', 'west'], 'binary');
    const { taskOfRow, labels } = sample.dataset;
    const own = (t: number): number[] => range(64).filter((row) => taskOfRow![row] === t);
    const rows = sharing === 'independent' ? [0, 1, 2].flatMap((t) => own(t).slice(0, 4)) : range(10, 5);
    const built = buildLosses(sample, sharing, rows);
    const outputs = { losses: built.losses, ...Object.fromEntries(built.model.logits) };
    const values = await evaluate(optimised, outputs, lossFeeds(sample, built, rows));
    const logits = numbers(values.binary!);
    expect(logits).toHaveLength(rows.length);
    for (const t of [0, 1, 2]) {
      const items = rows.flatMap((row, b) =>
        taskOfRow![row] === t
          ? [{ weight: 1, loss: FORMULAS.binary!([logits[b]!], labels[0]!.labels[row]!) }]
          : [],
      );
      expect(items.length).toBeGreaterThan(1);
      expect(numbers(values.losses!)[t]).toBeCloseTo(weightedMean(items), 5);
    }
  });
});

describe('a task without labels in the batch', () => {
  const missing = wideSample([
    { name: 'size', kind: 'regression' },
    { name: 'sold', kind: 'binary', missing: 0.6 },
    { name: 'price', kind: 'regression', missing: 0.6 },
  ]);
  const tasks = missing.dataset.tasks.map(({ name }) => name);
  const cases: readonly [string, string, Sample, number[], number][] = [];
  for (const sharing of ['shared-bottom', 'independent']) {
    const { labels } = missing.dataset;
    const rows = range(64).filter((row) => labels[1]!.weights[row] === 0);
    (cases as unknown[]).push([sharing, 'wide', missing, rows, 1]);
  }
  const long = longSample(['north', 'south', 'west']);
  const without = range(64).filter((row) => long.dataset.taskOfRow![row] !== 1);
  (cases as unknown[]).push(['shared-bottom', 'long', long, without, 1]);

  test.each(cases)(
    '%s, %s: has loss 0 and gradient 0, and leaves the others alone',
    async (sharing, _, sample, rows, absent) => {
      const built = buildLosses(sample, sharing, rows, { dropout: 0.2 });
      const total = gradient(reduceSum(built.losses), built.leaves);
      const outputs = Object.fromEntries(built.parameters.map(({ name }, i) => [`d ${name}`, total[i]!]));
      const values = await evaluate(
        optimised,
        { losses: built.losses, ...outputs },
        lossFeeds(sample, built, rows),
      );
      const losses = numbers(values.losses!);
      losses.forEach((loss, t) => {
        if (t === absent) expect(loss).toBe(0);
        else expect(loss).toBeGreaterThan(0);
      });
      const name = sample.dataset.tasks[absent]!.name;
      for (const { name: parameter, owner } of built.parameters) {
        const own = numbers(values[`d ${parameter}`]!);
        expect(own.every(Number.isFinite)).toBe(true);
        for (const { task, count, at } of partsOf(owner, own.length)) {
          const part = Array.from({ length: count }, (_unused, i) => own[at(i)]!);
          const moves = part.some((value) => value !== 0);
          expect(moves, `${parameter} of ${task || 'all'}`).toBe(task !== name);
        }
      }
    },
  );

  test('shared parameters move as if it were not there', async () => {
    const rows = range(64).filter((row) => missing.dataset.labels[1]!.weights[row] === 0);
    const built = buildLosses(missing, 'shared-bottom', rows);
    const shared = built.parameters.flatMap(({ owner }, i) => (owner.kind === 'shared' ? [i] : []));
    const leaves = shared.map((i) => built.leaves[i]!);
    const all = gradient(reduceSum(built.losses), leaves);
    const others = [0, 2].map((t) => gradient(pickLoss(built.losses, t), leaves));
    const named = (prefix: string, list: readonly Tensor[]): Record<string, Tensor> =>
      Object.fromEntries(list.map((tensor, i) => [`${prefix}${i}`, tensor]));
    const outputs = { ...named('all', all), ...named('a', others[0]!), ...named('b', others[1]!) };
    const values = await evaluate(optimised, outputs, lossFeeds(missing, built, rows));
    expect(tasks).toEqual(['size', 'price', 'sold']);
    leaves.forEach((_, i) => {
      const [a, b] = [numbers(values[`a${i}`]!), numbers(values[`b${i}`]!)];
      numbers(values[`all${i}`]!).forEach((value, k) => {
        expect(value).toBeCloseTo(a[k]! + b[k]!, 5);
      });
    });
  });

  test('a batch without any label has losses 0', async () => {
    const nothing = { ...missing, dataset: { ...missing.dataset, rowWeights: new Float32Array(64) } };
    for (const sharing of ['shared-bottom', 'independent']) {
      const built = buildLosses(nothing, sharing, range(6));
      const values = await evaluate(optimised, { losses: built.losses }, lossFeeds(nothing, built, range(6)));
      expect(numbers(values.losses!)).toEqual([0, 0, 0]);
    }
  });
});

/** The loss of one task. */
const pickLoss = (losses: Tensor, t: number): Tensor => reduceSum(slice(losses, -1, t, t + 1));

describe('gradients of whole models are right, whatever the losses', () => {
  test.each([
    ['shared-bottom', range(7, 20)],
    ['independent', range(5, 30)],
  ])('%s', async (sharing, rows) => {
    const sample = wideSample(PLANS);
    const built = buildLosses(sample, sharing, rows, { dropout: 0.25 });
    const { outputs, image } = inDouble([built.losses]);
    const loss = reduceSum(outputs[0]!);
    const leaves = built.leaves.map((leaf) => image.get(leaf)!);
    const inputs = leaves.map((tensor, i) => ({ name: built.parameters[i]!.name, tensor }));
    const claim = { label: 'all losses', loss, gradients: gradient(loss, leaves), inputs };
    await checkGradients([claim], doubleFeeds(lossFeeds(sample, built, rows)));
  });
});
