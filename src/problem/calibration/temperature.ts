import { div, sub } from '../../engine/operators/arithmetic.ts';
import { clip, log, sigmoid } from '../../engine/operators/elementwise.ts';
import { softmax } from '../../engine/operators/normalise.ts';
import type { Tensor } from '../../engine/tensor.ts';
import { calibrationError } from '../metrics/calibration-error.ts';
import { logLoss } from '../metrics/log-loss.ts';
import { type Scored, select } from '../metrics/metric.ts';
import type { Calibrator, FittedCalibration, FittedTemperature } from './calibrator.ts';

/** A probability alone is kept this far from 0 and 1, as the log-loss keeps it. */
const EPSILON = 1e-7;
/** Of several classes some may be next to impossible. */
const LEAST = 1e-30;
/** No temperature beyond is looked at: there probabilities are all alike, or all 0 and 1. */
const HOTTEST = 20;

/** From probabilities to what 1 / T scales, and back. */
interface Scale {
  /** One row's probabilities at 1 / T. */
  row(p: Float64Array, inverse: number): Float64Array;
  tensor(p: Tensor, temperature: number): Tensor;
}

const bounded = (p: number): number => Math.min(1 - EPSILON, Math.max(EPSILON, p));

/** Each probability by itself: σ(logit(p) / T). */
const ALONE: Scale = {
  row: (p, inverse) =>
    p.map((one) => 1 / (1 + Math.exp(-inverse * Math.log(bounded(one) / (1 - bounded(one)))))),
  tensor: (p, temperature) => {
    const inside = clip(p, EPSILON, 1 - EPSILON);
    return sigmoid(div(sub(log(inside), log(sub(1, inside))), temperature));
  },
};

/** Probabilities that sum to 1: softmax(ln p / T). */
const TOGETHER: Scale = {
  row: (p, inverse) => {
    const powers = p.map((one) => Math.max(LEAST, one) ** inverse);
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((power) => power / sum);
  },
  tensor: (p, temperature) => softmax(div(log(clip(p, LEAST, 1)), temperature)),
};

/**
 * One number for a task, the temperature T, by which its probabilities are flattened or sharpened: p' ∝ p^(1 / T) with the least
 * log-loss. Which class is the likeliest does not change.
 *
 * C. Guo, G. Pleiss, Y. Sun, K. Weinberger: On calibration of modern neural networks. ICML 2017, arXiv 1706.04599.
 */
function temperatureOf(scale: Scale): Calibrator {
  return {
    fit: (input, fitted) => {
      const scored = select(input);
      if (scored === null) return undefined;
      const some = thinned(scored);
      const lossAt = (inverse: number): number => logLoss.measure(scaled(some, scale, inverse), fitted)!;
      const inverse = least(lossAt, 1 / HOTTEST, HOTTEST);
      const after = scaled(scored, scale, inverse);
      const measured = (one: Scored): number => calibrationError.measure(one, fitted)!;
      return {
        method: 'temperature',
        temperature: 1 / inverse,
        logLoss: { before: logLoss.measure(scored, fitted)!, after: logLoss.measure(after, fitted)! },
        calibrationError: { before: measured(scored), after: measured(after) },
      };
    },
    apply: (outputs, found) => scale.tensor(outputs, temperatureIn(found)),
  };
}

/** For labels that are each true or not. */
export const temperature: Calibrator = temperatureOf(ALONE);
/** For classes of which one is true. */
export const classTemperature: Calibrator = temperatureOf(TOGETHER);

const temperatureIn = (found: FittedCalibration): number => (found as FittedTemperature).temperature;

function scaled(scored: Scored, { row }: Scale, inverse: number): Scored {
  const { rows, outputWidth, outputs } = scored;
  const all = new Float64Array(outputs.length);
  for (let i = 0; i < rows; i++)
    all.set(row(outputs.subarray(i * outputWidth, (i + 1) * outputWidth), inverse), i * outputWidth);
  return { ...scored, outputs: all };
}

/** So many rows tell one number as well as all of them. */
const ENOUGH = 20_000;

/** Every so many rows. */
function thinned(scored: Scored): Scored {
  const step = Math.ceil(scored.rows / ENOUGH);
  if (step === 1) return scored;
  const rows = Math.floor(scored.rows / step);
  const take = (values: Float64Array, width: number): Float64Array =>
    Float64Array.from(
      { length: rows * width },
      (_, i) => values[Math.floor(i / width) * step * width + (i % width)]!,
    );
  const { outputs, outputWidth, targets, labelWidth, weights } = scored;
  return {
    ...scored,
    rows,
    outputs: take(outputs, outputWidth),
    targets: take(targets, labelWidth),
    weights: take(weights, 1),
  };
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const TOLERANCE = 1e-4;

/** Where a function with one valley is least, by golden sections of the logarithm. */
function least(of: (x: number) => number, from: number, to: number): number {
  let [low, high] = [Math.log(from), Math.log(to)];
  let [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [atA, atB] = [of(Math.exp(a)), of(Math.exp(b))];
  while (high - low > TOLERANCE) {
    if (atA <= atB) {
      [high, b, atB] = [b, a, atA];
      a = high - GOLDEN * (high - low);
      atA = of(Math.exp(a));
    } else {
      [low, a, atA] = [a, b, atB];
      b = low + GOLDEN * (high - low);
      atB = of(Math.exp(b));
    }
  }
  return Math.exp((low + high) / 2);
}
