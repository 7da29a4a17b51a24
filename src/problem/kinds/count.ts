import { PolytaskError } from '../../common/error.ts';
import type { Column } from '../../common/table.ts';
import { add, minimum, mul, sub } from '../../engine/operators/arithmetic.ts';
import { exp, relu } from '../../engine/operators/elementwise.ts';
import type { Tensor } from '../../engine/tensor.ts';
import { type CountPrediction, countAnswer } from '../answers/count.ts';
import type { Companions, EncodedLabels, FitContext, FittedTask, Kind } from '../kind.ts';
import type { Pairing } from '../metrics/pairs.ts';
import { poissonDeviance } from '../metrics/poisson-deviance.ts';
import { explainedVariance, mae, r2, rmse } from '../metrics/regression-errors.ts';
import { parseFields, text } from '../options.ts';
import { columnOf } from '../tensors.ts';
import { constantLabels, type NumberRule, readNumbers, unlabelled } from '../values.ts';

export interface CountOptions {
  /** A column that says how long, or how many, each row was observed; the rate is predicted per unit of it. */
  readonly exposure?: string;
}

export interface FittedCount extends FittedTask {
  readonly options: CountOptions;
  /** Counts are divided by it: the mean count, or 1 where that is less. */
  readonly scale: number;
  /** Mean exposure; 1 without. */
  readonly exposure: number;
  /** Σ count / Σ exposure of the training rows. */
  readonly rate: number;
}

/** Beyond e²⁰ times the mean the exponential goes on as its tangent, so that no logit overflows. */
const STEEPEST = 20;

const WHOLE: NumberRule = {
  expected: 'counts: whole numbers from 0',
  help: 'Use a regression task (with the transform log1p for a long tail) for quantities that are not counts.',
  accepts: (value) => value >= 0 && Number.isInteger(value),
};
const POSITIVE: NumberRule = {
  expected: 'exposures above 0',
  help: 'Drop rows that were not observed.',
  accepts: (value) => value > 0,
};

/** Counts and exposures, NaN in both where either is missing. */
function read(
  name: string,
  column: Column,
  options: CountOptions,
  companions: Companions,
): { counts: Float64Array; exposures: Float64Array | undefined } {
  const path = `tasks.${name}`;
  const counts = readNumbers(column, path, WHOLE);
  if (options.exposure === undefined) return { counts, exposures: undefined };
  if (companions.exposure === undefined)
    throw new PolytaskError('column-unknown', {
      path: `${path}.exposure`,
      expected: `a column "${options.exposure}"`,
      found: 'none',
      help: 'Hand the exposures in beside the counts, or leave the option out.',
    });
  const exposures = readNumbers(companions.exposure, `${path}.exposure`, POSITIVE);
  return {
    counts: counts.map((count, row) => (Number.isNaN(exposures[row]!) ? Number.NaN : count)),
    exposures,
  };
}

function fitTask(
  name: string,
  column: Column,
  rows: Int32Array,
  options: CountOptions,
  { pooled, ...companions }: FitContext<FittedCount> = {},
): FittedCount {
  const path = `tasks.${name}`;
  const { counts, exposures } = read(name, column, options, companions);
  let [labelled, events, exposed, highest, lowest] = [0, 0, 0, 0, Number.POSITIVE_INFINITY];
  for (const row of rows) {
    const count = counts[row]!;
    if (Number.isNaN(count)) continue;
    labelled++;
    events += count;
    exposed += exposures?.[row] ?? 1;
    highest = Math.max(highest, count);
    lowest = Math.min(lowest, count);
  }
  const base = { name, kind: 'count', column: column.name, options, labelled };
  if (pooled !== undefined) {
    const { scale, exposure } = pooled;
    return { ...base, scale, exposure, rate: (events + pooled.rate * exposure) / (exposed + exposure) };
  }
  if (labelled === 0) throw unlabelled(column.name, path);
  if (highest === 0 || (highest === lowest && exposures === undefined))
    throw constantLabels(column.name, String(highest), path);
  return {
    ...base,
    scale: Math.max(1, events / labelled),
    exposure: exposed / labelled,
    rate: events / exposed,
  };
}

function encode(column: Column, fitted: FittedCount, companions: Companions = {}): EncodedLabels {
  const { counts, exposures } = read(fitted.name, column, fitted.options, companions);
  const width = exposures === undefined ? 1 : 2;
  const labels = new Float32Array(counts.length * width);
  const targets = new Float64Array(counts.length * width);
  const weights = new Float32Array(counts.length);
  counts.forEach((count, row) => {
    if (Number.isNaN(count)) return;
    labels[row * width] = count / fitted.scale;
    targets[row * width] = count;
    weights[row] = 1;
    if (exposures === undefined) return;
    labels[row * width + 1] = Math.log(exposures[row]! / fitted.exposure);
    targets[row * width + 1] = exposures[row]!;
  });
  return { labels, targets, weights, unseen: 0 };
}

/** eˣ, continued by its tangent beyond `STEEPEST`. */
function boundedExp(x: Tensor): Tensor {
  return mul(exp(minimum(x, STEEPEST)), add(relu(sub(x, STEEPEST)), 1));
}

/** The expected count of a row is its rate times its exposure. */
const pairing: Pairing = ({ rows, outputs, targets, labelWidth, weights }) => ({
  predicted: Float64Array.from(
    { length: rows },
    (_, row) => outputs[row]! * (labelWidth === 2 ? targets[row * 2 + 1]! : 1),
  ),
  actual: Float64Array.from({ length: rows }, (_, row) => targets[row * labelWidth]!),
  weights,
});

/**
 * How often something happens: log link, and the Poisson likelihood without its constant, over the scale s so that
 * tasks with large counts do not drown others: loss = e^η − (y / s) η, with η = l + ln(exposure / mean exposure) and
 * rate = eˡ s / mean exposure.
 *
 * J. Nelder, R. Wedderburn: Generalized linear models. Journal of the Royal Statistical Society A 135, 1972.
 */
export const count: Kind<CountOptions, FittedCount, CountPrediction> = {
  name: 'count',
  parseOptions: (raw, path) => parseFields<CountOptions>(raw, path, { exposure: text }),
  companions: ({ exposure }) => (exposure === undefined ? {} : { exposure }),
  suits: ({ numbers, values, labelled }) => {
    const no = (reason: string): { score: number; reason: string } => ({ score: 0, reason });
    if (numbers === undefined || !numbers.whole || numbers.low !== 0) return no('not whole numbers from 0');
    // Ids are all different; years, codes, scores and ratings do not crowd near zero, and seldom hold one.
    if (labelled > 20 && values.length > 0.9 * labelled) return no('nearly all values differ, as ids do');
    if (values.length < 3 || numbers.mean > 30 || numbers.skewness < 0.5)
      return no('not crowded near zero with a tail');
    return {
      score: 0.7,
      reason: `whole numbers from 0, mean ${numbers.mean.toPrecision(3)}, with a tail`,
    };
  },
  fit: fitTask,
  encode,
  family: ({ options }) => (options.exposure === undefined ? 'count' : 'count/exposure'),
  width: () => 1,
  labelWidth: ({ options }) => (options.exposure === undefined ? 1 : 2),
  ...countAnswer,
  loss: (logits, labels, { options }) => {
    const own = columnOf(logits, 0);
    const eta = options.exposure === undefined ? own : add(own, columnOf(labels, 1));
    return sub(boundedExp(eta), mul(columnOf(labels, 0), eta));
  },
  linkParameters: ({ scale, exposure }) => [scale / exposure],
  link: (logits, parameters) => mul(boundedExp(logits), parameters),
  initialBias: ({ rate, exposure, scale }) => [Math.log((rate * exposure) / scale)],
  baseline: ({ rate }) => [rate],
  metrics: () => [poissonDeviance, rmse, mae, r2, explainedVariance].map((build) => build(pairing)),
  primary: () => 'poisson-deviance',
};
