import * as ort from 'onnxruntime-node';
import { afterAll, describe, expect, test } from 'vitest';
import { RandomStream } from '../../common/random.ts';
import { input } from '../../engine/leaf.ts';
import { compile } from '../../engine/program.ts';
import { LocalRuntime, type Ort } from '../../engine/runtime/local.ts';
import { tensorData } from '../../engine/tensor-data.ts';
import type { FittedTask } from '../fitted.ts';
import { logLoss } from '../metrics/log-loss.ts';
import type { MetricInput } from '../metrics/metric.ts';
import { kindOf } from '../registry.ts';
import type { FittedCalibration, FittedTemperature } from './calibrator.ts';

const runtime = new LocalRuntime(ort as unknown as Ort, { name: 'native', threads: 1 });
afterAll(() => runtime.close());

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const softmax = (z: readonly number[]): number[] => {
  const powers = z.map(Math.exp);
  return powers.map((power) => power / powers.reduce((a, b) => a + b, 0));
};
const task = (kind: string, more: object = {}): FittedTask =>
  ({ name: 'it', kind, column: 'it', options: {}, labelled: 1, ...more }) as FittedTask;
const fit = (fitted: FittedTask, rows: MetricInput): FittedCalibration | undefined =>
  kindOf(fitted.kind).calibrator!.fit(rows, fitted);

const ROWS = 20_000;
const ones = (rows: number): number[] => new Array<number>(rows).fill(1);

/** Labels that come true as often as their logits say, beside probabilities that are `factor` times as sure. */
function overConfident(columns: number, factor: number): MetricInput {
  const random = new RandomStream(3, `calibration/${columns}`);
  const rows = Array.from({ length: ROWS / columns }, (_, i) =>
    Array.from({ length: columns }, (_, k) => {
      const z = 1.5 * random.normal(i * columns + k);
      return { p: sigmoid(factor * z), y: Number(random.uniform(i * columns + k, 1) < sigmoid(z)) };
    }),
  ).flat();
  return { outputs: rows.map(({ p }) => p), targets: rows.map(({ y }) => y), weights: ones(ROWS / columns) };
}

function overConfidentClasses(classes: number, factor: number): MetricInput {
  const random = new RandomStream(4, 'calibration/classes');
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const z = Array.from({ length: classes }, (_, k) => random.normal(i * classes + k));
    let left = random.uniform(i, 1);
    const label = softmax(z).findIndex((p) => (left -= p) < 0);
    return { p: softmax(z.map((one) => factor * one)), y: Math.max(0, label) };
  });
  return { outputs: rows.flatMap(({ p }) => p), targets: rows.map(({ y }) => y), weights: ones(ROWS) };
}

const LETTERS = { classes: ['a', 'b', 'c'], values: [0, 1, 2] };

describe('a temperature', () => {
  test.each([
    ['binary', task('binary'), (factor: number) => overConfident(1, factor)],
    ['multilabel', task('multilabel', { labels: ['a', 'b'] }), (factor: number) => overConfident(2, factor)],
    ['multiclass', task('multiclass', LETTERS), (factor: number) => overConfidentClasses(3, factor)],
    ['ordinal', task('ordinal', LETTERS), (factor: number) => overConfidentClasses(3, factor)],
  ])('of %s is how much too sure its probabilities were', (_, fitted, rows) => {
    for (const factor of [3, 1, 0.4]) {
      const found = fit(fitted, rows(factor)) as FittedTemperature;
      expect(found.temperature / factor).toBeGreaterThan(0.94);
      expect(found.temperature / factor).toBeLessThan(1.06);
      expect(found.logLoss.after).toBeLessThanOrEqual(found.logLoss.before);
      expect(found.logLoss.before).toBeCloseTo(logLoss.compute(rows(factor), fitted)!, 10);
      if (factor !== 1)
        expect(found.calibrationError.after).toBeLessThan(0.3 * found.calibrationError.before);
    }
  });

  test('is that of two rows by hand: p = 0.9 comes true once in two, which ½ would say, and nothing is hotter than 20', () => {
    const found = fit(task('binary'), { outputs: [0.9, 0.9], targets: [1, 0], weights: [1, 1] });
    expect((found as FittedTemperature).temperature).toBeCloseTo(20, 1);
    const sure = fit(task('binary'), { outputs: [0.6, 0.4], targets: [1, 0], weights: [1, 1] });
    expect((sure as FittedTemperature).temperature).toBeCloseTo(1 / 20, 3);
    // σ(logit(0.9) / T) = 3/4: T = ln 9 / ln 3 = 2.
    const three = fit(task('binary'), {
      outputs: [0.9, 0.9, 0.9, 0.9],
      targets: [1, 1, 1, 0],
      weights: ones(4),
    });
    expect((three as FittedTemperature).temperature).toBeCloseTo(2, 3);
    // Of classes: (0.8, 0.1, 0.1)^(1/T) gives the first (1 + 2 · 8^(−1/T))⁻¹ = ½ at T = 3.
    const half = fit(task('multiclass', LETTERS), {
      outputs: [0.8, 0.1, 0.1, 0.8, 0.1, 0.1, 0.8, 0.1, 0.1, 0.8, 0.1, 0.1],
      targets: [0, 1, 0, 2],
      weights: ones(4),
    });
    expect((half as FittedTemperature).temperature).toBeCloseTo(3, 3);
  });

  test('says nothing without labels', () => {
    expect(fit(task('binary'), { outputs: [0.9, 0.2], targets: [0, 0], weights: [0, 0] })).toBeUndefined();
  });

  test.each([
    ['binary', task('binary'), [0.9, 0.5, 0, 1], [0.75, 0.5, 0, 1], 2],
    ['multiclass', task('multiclass', LETTERS), [0.8, 0.1, 0.1, 1, 0, 0], [0.5, 0.25, 0.25, 1, 0, 0], 3],
    ['ordinal', task('ordinal', LETTERS), [0.1, 0.8, 0.1], [0.25, 0.5, 0.25], 3],
    ['multilabel', task('multilabel', { labels: ['a', 'b'] }), [0.9, 0.1], [0.75, 0.25], 2],
  ])(
    'of %s changes predictions in the graph as by hand',
    async (_, fitted, outputs, expected, temperature) => {
      const kind = kindOf(fitted.kind);
      const width = kind.outputWidth(fitted);
      const found = { method: 'temperature', temperature } as FittedTemperature;
      const y = kind.calibrator!.apply!(input('p', ['batch', width]), found);
      const session = await runtime.load(compile({ y }));
      const p = tensorData(outputs, [outputs.length / width, width]);
      const result = await session.run({ p });
      const { data } = result.y!;
      // Certainties stay such, up to what single precision can say.
      expected.forEach((value, i) => void expect((data as Float32Array)[i]).toBeCloseTo(value, 2));
      const inside = expected.filter((value) => value > 0 && value < 1);
      inside.forEach(
        (value) =>
          void expect(
            Math.min(...[...(data as Float32Array)].map((one) => Math.abs(one - value))),
          ).toBeLessThan(1e-6),
      );
      await session.close();
    },
  );
});

describe('an interval', () => {
  const regression = task('regression', { quantiles: [] });
  const residuals = (sizes: readonly number[]): MetricInput => ({
    outputs: sizes.map((_, i) => 10 * i),
    targets: sizes.map((size, i) => 10 * i + (i % 2 === 0 ? size : -size)),
    weights: ones(sizes.length),
  });

  test('is the ⌈(n + 1) 0.9⌉-th of the residuals', () => {
    const nineteen = Array.from({ length: 19 }, (_, i) => 19 - i);
    expect(fit(regression, residuals(nineteen))).toEqual({ method: 'interval', level: 0.9, halfWidth: 18 });
    expect(fit(regression, residuals(nineteen.slice(0, 9)))).toMatchObject({ halfWidth: 19 });
  });

  test('eight rows cannot tell', () => {
    expect(fit(regression, residuals([1, 2, 3, 4, 5, 6, 7, 8]))).toBeUndefined();
  });

  test('of quantiles is about the middle one', () => {
    const fitted = task('regression', { quantiles: [0.1, 0.5, 0.9] });
    const rows = ones(9).map((_, i) => i);
    const found = fit(fitted, {
      outputs: rows.flatMap(() => [-100, 0, 100]),
      targets: rows,
      weights: ones(9),
    });
    expect(found).toMatchObject({ halfWidth: 8 });
  });

  test('holds nine in ten of new rows, whatever their distribution', () => {
    // Coverage given n = 199 rows is Beta(180, 20): mean 0.9, deviation 0.021; of 200 draws' mean 0.0015.
    const random = new RandomStream(5, 'conformal');
    const error = (i: number): number =>
      Math.exp(1.5 * random.normal(i)) * Math.sign(random.uniform(2 * i, 1) - 0.3);
    const coverages = Array.from({ length: 200 }, (_, run) => {
      const [calibrating, fresh] = [0, 199].map((from) =>
        Array.from({ length: 199 }, (_, i) => error(run * 400 + from + i)),
      ) as [number[], number[]];
      const rows = { outputs: calibrating.map(() => 0), targets: calibrating, weights: ones(199) };
      const { halfWidth } = fit(regression, rows) as { halfWidth: number };
      return fresh.filter((one) => Math.abs(one) <= halfWidth).length / 199;
    });
    const mean = coverages.reduce((a, b) => a + b, 0) / coverages.length;
    expect(mean).toBeGreaterThan(0.9 - 4 * 0.0021);
    expect(mean).toBeLessThan(0.9 + 4 * 0.0021);
  });
});
