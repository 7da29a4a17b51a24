import { describe, expect, test } from 'vitest';
import { type FittedTask, kindOf } from '../problem/index.ts';
import { type Dataset, taskTargets, trainingTables } from './dataset.ts';
import { longSample, type Sample, wideSample } from './fixture.test-support.ts';
import { Outputs } from './predictor.ts';
import { Scorer } from './scoring.ts';

const wide = wideSample([
  { name: 'size', kind: 'regression', missing: 0.3 },
  { name: 'sold', kind: 'binary', missing: 0.3 },
]);
const long = longSample(['north', 'south', 'west']);

/** Predictions of rows: what the best constant says, or what `of` makes of the target. */
function outputsOf(
  { dataset, validation }: Sample,
  of: (target: number, constant: number, task: number) => number,
): Outputs {
  const { tasks, labels, taskOfRow } = dataset;
  const predict = (task: FittedTask, t: number): Float32Array =>
    Float32Array.from(validation, (row) => {
      const own = taskOfRow === undefined ? t : taskOfRow[row]!;
      const [constant] = kindOf(task.kind).baseline(tasks[own]!);
      return of(labels[taskOfRow === undefined ? t : 0]!.targets[row]!, constant!, own);
    });
  return new Outputs([tasks.map(predict), tasks.map(predict)]);
}

const scorerOf = ({ dataset, validation }: Sample): Scorer => new Scorer(dataset, validation);
const constants = (_: number, constant: number): number => constant;
const truth = (target: number): number => target;
/** The sample without labels of one task among the validation rows. */
function withoutLabels(sample: Sample, t: number): Sample {
  const labels = sample.dataset.labels.map((own, i) => {
    if (i !== t) return own;
    return { ...own, weights: own.weights.map((weight, row) => (row >= sample.validation[0]! ? 0 : weight)) };
  });
  return { ...sample, dataset: { ...sample.dataset, labels } };
}

describe('scores', () => {
  test.each([
    ['wide', wide],
    ['long', long],
  ])('%s: 0 for the best constant, 1 for the truth', (_, sample) => {
    const scorer = scorerOf(sample);
    for (const [of, score] of [
      [constants, 0],
      [truth, 1],
    ] as const) {
      const { replicaScores, taskScores } = scorer.evaluate(outputsOf(sample, of), 2);
      expect(replicaScores).toHaveLength(2);
      expect(taskScores).toHaveLength(2 * sample.dataset.tasks.length);
      for (const value of [...replicaScores, ...taskScores]) expect(value).toBeCloseTo(score, 5);
    }
  });

  test('what matters more counts for more', () => {
    const good = outputsOf(wide, (target, constant, t) => (t === 0 ? target : constant));
    for (const [importance, score] of [
      [[3, 1], 0.75],
      [[0, 2], 0],
    ] as const) {
      const scorer = new Scorer(wide.dataset, wide.validation, importance);
      const { replicaScores, taskScores } = scorer.evaluate(good, 2);
      for (const value of replicaScores) expect(value).toBeCloseTo(score, 5);
      expect(taskScores[0]).toBeCloseTo(1, 5);
    }
  });

  test('unlabelled rows count for nothing', () => {
    const { weights } = wide.dataset.labels[0]!;
    const wild = outputsOf(wide, truth)
      .of(0, 0)
      .map((value, i) => (weights[wide.validation[i]!]! > 0 ? value : 1e9));
    const outputs = new Outputs([[wild, outputsOf(wide, truth).of(0, 1)]]);
    expect(weights.subarray(wide.validation[0]!).some((weight) => weight === 0)).toBe(true);
    const { metrics, taskScores } = scorerOf(wide).evaluate(outputs, 1);
    expect(metrics[0]![0]).toBeCloseTo(0, 5);
    expect(taskScores[0]).toBeCloseTo(1, 5);
    expect(scorerOf(wide).counts[0]).toBe(
      weights.subarray(wide.validation[0]!).filter((weight) => weight > 0).length,
    );
  });

  test('a task that the rows cannot judge goes with its replica', () => {
    const sample = withoutLabels(wide, 1);
    const half = outputsOf(sample, (target, constant) => (target + constant) / 2);
    const { metrics, replicaScores, taskScores } = scorerOf(sample).evaluate(half, 1);
    expect(metrics[0]![1]).toBeNull();
    expect(replicaScores[0]).toBeCloseTo(0.5, 5);
    expect(taskScores).toEqual([replicaScores[0], replicaScores[0]]);
  });

  test('where nothing can be judged, every state scores alike', () => {
    const sample = withoutLabels(withoutLabels(wide, 0), 1);
    const { replicaScores, taskScores } = scorerOf(sample).evaluate(outputsOf(sample, truth), 1);
    expect([...replicaScores, ...taskScores]).toEqual([0, 0, 0]);
  });

  test('predictions that are not finite are the worst', () => {
    const broken = outputsOf(wide, (target, _, t) => (t === 0 ? Number.NaN : target));
    const { metrics, replicaScores, taskScores } = scorerOf(wide).evaluate(broken, 1);
    expect(metrics[0]).toEqual([null, expect.closeTo(1, 5)]);
    expect(replicaScores).toEqual([Number.NEGATIVE_INFINITY]);
    expect(taskScores).toEqual([Number.NEGATIVE_INFINITY, expect.closeTo(1, 5)]);
    const half = outputsOf(long, (target, _, t) => (t === 0 ? Number.NaN : target));
    expect(scorerOf(long).evaluate(half, 1).replicaScores).toEqual([Number.NEGATIVE_INFINITY]);
  });

  test('one class among the rows: judged by the first metric that they define', () => {
    const { labels } = wide.dataset;
    const ones = { ...labels[1]!, targets: labels[1]!.targets.map(() => 1) };
    const sample = { ...wide, dataset: { ...wide.dataset, labels: [labels[0]!, ones] } };
    const { metric, baseline } = scorerOf(sample).references[1]!;
    expect(metric.name).not.toBe('auc');
    expect(baseline).not.toBeNull();
    expect(scorerOf(sample).evaluate(outputsOf(sample, constants), 1).taskScores[1]).toBeCloseTo(0, 5);
    expect(scorerOf(wide).references[1]!.metric.name).toBe('auc');
  });
});

describe('training tables', () => {
  test('labels side by side; a weight is that of the label times that of the row', () => {
    const rowWeights = Float32Array.from({ length: 64 }, (_, row) => row / 10);
    const dataset: Dataset = { ...wide.dataset, rowWeights };
    const { labels, 'label-weights': weights } = trainingTables(dataset);
    expect([labels!.shape, weights!.shape]).toEqual([
      [64, 2],
      [64, 2],
    ]);
    for (let row = 0; row < 64; row++)
      dataset.labels.forEach((own, t) => {
        expect(labels!.data[row * 2 + t]).toBe(own.labels[row]);
        expect(weights!.data[row * 2 + t]).toBeCloseTo(own.weights[row]! * rowWeights[row]!, 6);
      });
  });

  test('targets of the labelled rows of each task', () => {
    const rows = Int32Array.of(9, 2, 40, 41, 42);
    const { taskOfRow, labels } = long.dataset;
    taskTargets(long.dataset, rows).forEach(({ positions, targets, weights }, t) => {
      const own = [...rows].flatMap((row, i) => (taskOfRow![row] === t ? [i] : []));
      expect([...positions]).toEqual(own);
      expect([...targets]).toEqual(own.map((i) => labels[0]!.targets[rows[i]!]));
      expect([...weights]).toEqual(own.map(() => 1));
    });
    const missing = taskTargets(wide.dataset, rows)[0]!;
    expect([...missing.positions]).toEqual(
      [...rows].flatMap((row, i) => (wide.dataset.labels[0]!.weights[row]! > 0 ? [i] : [])),
    );
  });
});
