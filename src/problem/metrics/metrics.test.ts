import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import type { FittedTask } from '../fitted.ts';
import { accuracy, balancedAccuracy, exactMatch } from './accuracy.ts';
import { auc, aucMetric, pairInformation } from './auc.ts';
import { averagePrecision } from './average-precision.ts';
import { calibrationError } from './calibration-error.ts';
import { f1, macroF1, microF1 } from './f1.ts';
import { brier, logLoss } from './log-loss.ts';
import { evaluate, type Metric, type MetricInput, normalised } from './metric.ts';
import type { PairMetric } from './pairs.ts';
import { poissonDeviance } from './poisson-deviance.ts';
import { quadraticKappa, rankError } from './quadratic-kappa.ts';
import { coverageError, pinball } from './quantiles.ts';
import { explainedVariance, mae, normalisedMse, r2, rmse, rmsle } from './regression-errors.ts';

const task = (extra: object = {}): FittedTask => ({
  name: 't',
  kind: 'k',
  column: 't',
  labelled: 1,
  options: {},
  ...extra,
});
const ones = (n: number): number[] => new Array<number>(n).fill(1);
const compute = (
  metric: Metric,
  outputs: readonly number[],
  targets: readonly number[],
  weights: readonly number[] = ones(targets.length),
  fitted: FittedTask = task(),
): number | null => metric.compute({ outputs, targets, weights }, fitted);
const pairs = (build: PairMetric): Metric =>
  build((scored) => ({ predicted: scored.outputs, actual: scored.targets, weights: scored.weights }));
/** Rows of probabilities that put everything on the decided class. */
const decided = (classes: readonly number[], width: number): number[] =>
  classes.flatMap((k) => Array.from({ length: width }, (_, i) => Number(i === k)));

describe('area under the curve', () => {
  const scored = fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.boolean()), {
    minLength: 2,
    maxLength: 60,
  });

  test('by hand, with ties by mid-rank', () => {
    expect(auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75);
    expect(auc([1, 1, 1], [0, 1, 1])).toBe(0.5);
    expect(auc([1, 2, 2, 3], [0, 1, 0, 1])).toBe(0.875);
    expect(auc([1, 2], [1, 1])).toBeNull();
    expect(auc([], [])).toBeNull();
  });

  test('rows know as much of an AUC as they have pairs: over all orders its variance is (n + 1) / (12 n₊ n₋)', () => {
    for (const [positives, negatives] of [
      [1, 4],
      [2, 3],
      [3, 3],
    ] as const) {
      const n = positives + negatives;
      const scores = Array.from({ length: n }, (_, i) => i);
      const values = Array.from({ length: 2 ** n }, (_, bits) => scores.map((i) => (bits >> i) & 1))
        .filter((truth) => truth.reduce((a, b) => a + b, 0) === positives)
        .map((truth) => auc(scores, truth)!);
      const variance = values.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / values.length;
      const truth = scores.map((i) => Number(i < positives));
      expect(pairInformation(truth, n) * variance).toBeCloseTo((n + 1) / (12 * n), 12);
    }
    // Two labels: one of two rows has the first, none the second.
    expect(pairInformation([1, 0, 0, 0], 2)).toBe(0.25);
  });

  test('counts pairs, keeps under a rising transform, is the complement under flipped labels', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const scores = rows.map(([score]) => score);
        const truth = rows.map(([, label]) => Number(label));
        const value = auc(scores, truth);
        const against = (rows: readonly number[], label: number): number[] =>
          rows.filter((_, i) => truth[i] === label);
        const [up, down] = [against(scores, 1), against(scores, 0)];
        if (up.length * down.length === 0) {
          expect(value).toBeNull();
          return;
        }
        const wins = up.flatMap((a) => down.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
        expect(value).toBeCloseTo(wins.reduce<number>((a, b) => a + b, 0) / wins.length, 10);
        expect(
          auc(
            scores.map((s) => Math.atan(s) * 3 - 1),
            truth,
          ),
        ).toBeCloseTo(value!, 10);
        expect(
          auc(
            scores,
            truth.map((y) => 1 - y),
          ),
        ).toBeCloseTo(1 - value!, 10);
      }),
    );
  });

  test('a row of weight 2 is two rows', () => {
    expect(auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], [1, 2, 1, 1])).toBe(
      auc([0.1, 0.4, 0.4, 0.35, 0.8], [0, 0, 0, 1, 1]),
    );
    expect(averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], [1, 2, 1, 1])).toBe(
      averagePrecision([0.1, 0.4, 0.4, 0.35, 0.8], [0, 0, 0, 1, 1]),
    );
  });

  test('of several classes is the mean against the rest, of those that occur', () => {
    const outputs = [0.7, 0.2, 0.1, 0.3, 0.6, 0.1, 0.5, 0.4, 0.1];
    const each = [auc([0.7, 0.3, 0.5], [1, 0, 0]), auc([0.2, 0.6, 0.4], [0, 1, 1])];
    expect(compute(aucMetric, outputs, [0, 1, 1])).toBe((each[0]! + each[1]!) / 2);
  });

  test('two hundred thousand rows take no time', () => {
    const random = new RandomStream(1, 'auc');
    const scores = Float64Array.from({ length: 200_000 }, (_, i) => random.uniform(i));
    const start = performance.now();
    const value = auc(
      scores,
      scores.map((s, i) => Number(random.uniform(i + 1e6) < s)),
    )!;
    expect(performance.now() - start).toBeLessThan(3000);
    // For P(y = 1 | s) = s and uniform s the area is 5/6.
    expect(value).toBeCloseTo(5 / 6, 2);
  });
});

test('average precision by hand', () => {
  expect(averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBeCloseTo(0.5 * 1 + 0.5 * (2 / 3), 12);
  expect(averagePrecision([1, 1, 1, 1], [0, 1, 0, 0])).toBe(0.25);
  expect(averagePrecision([1, 2], [0, 0])).toBeNull();
});

describe('probabilities', () => {
  test('log-loss and Brier score', () => {
    expect(compute(logLoss, [0.8, 0.4], [1, 0])).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 12);
    expect(compute(logLoss, [0.2, 0.5, 0.3], [1])).toBeCloseTo(Math.log(2), 12);
    expect(compute(logLoss, [1], [0])).toBeCloseTo(-Math.log(1e-7), 6);
    expect(compute(brier, [0.8, 0.4], [1, 0])).toBeCloseTo((0.04 + 0.16) / 2, 12);
    expect(compute(brier, [0.2, 0.5, 0.3], [1])).toBeCloseTo(0.04 + 0.25 + 0.09, 12);
    expect(compute(logLoss, [0.8, 0.4], [1, 0], [3, 1])).toBeCloseTo(
      -(3 * Math.log(0.8) + Math.log(0.6)) / 4,
      12,
    );
  });

  test('labels that do not exclude each other', () => {
    const input: MetricInput = { outputs: [0.9, 0.2, 0.6, 0.4], targets: [1, 0, 0, 1], weights: [1, 1] };
    expect(logLoss.compute(input, task())).toBeCloseTo(
      -(Math.log(0.9) + Math.log(0.8) + Math.log(0.4) + Math.log(0.4)) / 4,
      12,
    );
    expect(exactMatch.compute(input, task())).toBe(0.5);
    expect(microF1.compute(input, task())).toBeCloseTo(2 / (2 + 1 + 1), 12);
    expect(macroF1.compute(input, task())).toBeCloseTo((2 / 3 + 0) / 2, 12);
  });

  test('calibration error', () => {
    const random = new RandomStream(2, 'calibration');
    const outputs = Array.from({ length: 40_000 }, (_, i) => random.uniform(i));
    const targets = outputs.map((p, i) => Number(random.uniform(i + 1e6) < p));
    expect(compute(calibrationError, outputs, targets)).toBeLessThan(0.01);
    expect(compute(calibrationError, [0.9, 0.9, 0.9, 0.9], [1, 1, 0, 0])).toBeCloseTo(0.4, 12);
    expect(compute(calibrationError, [0.2, 0.7, 0.1, 0.2, 0.1, 0.7], [1, 0])).toBeCloseTo(0.2, 12);
  });
});

describe('decisions', () => {
  const truth = [0, 0, 0, 1, 1, 2];
  const outputs = decided([0, 0, 1, 1, 2, 2], 3);

  test('accuracy, balanced accuracy, F1', () => {
    expect(compute(accuracy, outputs, truth)).toBeCloseTo(4 / 6, 12);
    expect(compute(balancedAccuracy, outputs, truth)).toBeCloseTo((2 / 3 + 1 / 2 + 1) / 3, 12);
    expect(compute(macroF1, outputs, truth)).toBeCloseTo((0.8 + 0.5 + 2 / 3) / 3, 12);
    expect(compute(microF1, outputs, truth)).toBeCloseTo(4 / 6, 12);
    expect(compute(accuracy, outputs, truth, [1, 1, 0, 1, 0, 1])).toBe(1);
  });

  test('of two classes, by threshold', () => {
    expect(compute(f1, [0.9, 0.6, 0.2, 0.4], [1, 0, 0, 1])).toBe(0.5);
    const early = task({ options: { threshold: 0.3 } });
    expect(compute(f1, [0.9, 0.6, 0.2, 0.4], [1, 0, 0, 1], ones(4), early)).toBeCloseTo(0.8, 12);
    expect(compute(accuracy, [0.9, 0.6, 0.2, 0.4], [1, 0, 0, 1], ones(4), early)).toBe(0.75);
    expect(compute(f1, [0.1, 0.2], [0, 0])).toBeNull();
  });

  test('quadratic kappa is 1 for agreement, 0 for a constant, near 0 for chance', () => {
    expect(compute(quadraticKappa, decided(truth, 3), truth)).toBe(1);
    expect(compute(quadraticKappa, decided(ones(6), 3), truth)).toBeCloseTo(0, 12);
    expect(compute(quadraticKappa, decided([1, 1], 3), [1, 1])).toBeNull();
    // Observed disagreement 1 + 1; expected, from margins 3 2 1 and 2 2 2, (2·4 + 3·2·… ) / 6 as below.
    const expected = (3 * (2 + 4 * 2) + 2 * (2 + 2) + 1 * (4 * 2 + 2)) / 6;
    expect(compute(quadraticKappa, outputs, truth)).toBeCloseTo(1 - 2 / expected, 12);
    const random = new RandomStream(5, 'kappa');
    const draw = (offset: number): number[] =>
      Array.from({ length: 20_000 }, (_, i) => random.integer(4, i + offset));
    expect(Math.abs(compute(quadraticKappa, decided(draw(0), 4), draw(1e6))!)).toBeLessThan(0.02);
    expect(compute(rankError, outputs, truth)).toBeCloseTo(2 / 6, 12);
  });
});

describe('numbers', () => {
  const actual = [1, 2, 3, 6];
  const predicted = [2, 2, 4, 4];

  test('errors', () => {
    expect(compute(pairs(rmse), predicted, actual)).toBeCloseTo(Math.sqrt(6 / 4), 12);
    expect(compute(pairs(mae), predicted, actual)).toBe(1);
    expect(compute(pairs(rmsle), [Math.E - 1], [0])).toBeCloseTo(1, 12);
    expect(compute(pairs(r2), predicted, actual)).toBeCloseTo(1 - 6 / 14, 12);
    expect(compute(pairs(normalisedMse), predicted, actual)).toBeCloseTo(6 / 14, 12);
    expect(compute(pairs(explainedVariance), predicted, actual)).toBeCloseTo(1 - 6 / 14, 12);
    expect(
      compute(
        pairs(explainedVariance),
        predicted.map((y) => y + 10),
        actual,
      ),
    ).toBeCloseTo(1 - 6 / 14, 12);
    expect(compute(pairs(r2), [1, 2], [5, 5])).toBeNull();
    expect(compute(pairs(r2), [3, 3, 3, 3], actual)).toBe(0);
    expect(compute(pairs(mae), predicted, actual, [1, 0, 0, 3])).toBe((1 + 3 * 2) / 4);
  });

  test('Poisson deviance', () => {
    expect(compute(pairs(poissonDeviance), [2, 1], [2, 0])).toBe(1);
    expect(compute(pairs(poissonDeviance), [1], [3])).toBeCloseTo(2 * (3 * Math.log(3) - 2), 12);
  });

  test('quantiles', () => {
    const fitted = task({ quantiles: [0.1, 0.9] });
    expect(compute(pinball, [0, 10], [4], [1], fitted)).toBeCloseTo((0.1 * 4 + 0.1 * 6) / 2, 12);
    expect(compute(pinball, [5, 10], [4], [1], fitted)).toBeCloseTo((0.9 * 1 + 0.1 * 6) / 2, 12);
    expect(compute(coverageError, [0, 10, 0, 10], [4, 12], [1, 1], fitted)).toBeCloseTo(0.3, 12);
    expect(compute(coverageError, [0], [4], [1], task({ quantiles: [0.5] }))).toBeNull();
  });
});

test('what is undefined is null, never NaN', () => {
  for (const metric of [aucMetric, logLoss, accuracy, calibrationError, quadraticKappa, pairs(rmse)]) {
    expect(compute(metric, [], [], [])).toBeNull();
    expect(compute(metric, [0.5], [1], [0])).toBeNull();
    expect(compute(metric, [Number.NaN, 0.5], [1, 0])).toBeNull();
  }
  const input = { outputs: [0.4], targets: [1], weights: [1] };
  expect(evaluate([aucMetric, accuracy], input, task())).toEqual({ auc: null, accuracy: 0 });
});

test('improvement over the baseline on one scale', () => {
  expect(normalised(0.5, 0.5, true)).toBe(0);
  expect(normalised(0.8, 0.5, true)).toBeCloseTo(0.6, 12);
  expect(normalised(1, 0.5, true)).toBe(1);
  expect(normalised(0, 4, false)).toBe(1);
  expect(normalised(3, 4, false)).toBe(0.25);
  expect(normalised(5, 4, false)).toBe(-0.25);
  expect(normalised(0.1, 0, false)).toBe(-0.1);
});
