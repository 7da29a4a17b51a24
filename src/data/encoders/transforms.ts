import { moments } from './moments.ts';

/** A monotone map applied before standardising; `knots` are there for the quantile transform alone. */
export interface Transform {
  readonly name: TransformName;
  readonly knots?: readonly number[];
  readonly scores?: readonly number[];
}

export type TransformName = 'standard' | 'log1p' | 'quantile';

interface TransformRule {
  fit(values: Float64Array): Transform;
  apply(value: number, transform: Transform): number;
}

/** Every transform of a numeric column. */
export const TRANSFORMS: Readonly<Record<TransformName, TransformRule>> = {
  standard: { fit: () => ({ name: 'standard' }), apply: (value) => value },
  // sign(x)·log(1 + |x|) is the usual log1p for counts and amounts, and defined below zero.
  log1p: {
    fit: () => ({ name: 'log1p' }),
    apply: (value) => Math.sign(value) * Math.log1p(Math.abs(value)),
  },
  quantile: { fit: fitQuantile, apply: (value, { knots, scores }) => interpolate(value, knots!, scores!) },
};

/**
 * Plain standardising where the distribution is tame; log1p where that tames it; normal scores of ranks otherwise.
 * Tame: |skewness| under 2 and kurtosis under 20.
 */
export function chooseTransform(values: Float64Array): TransformName {
  // Any map of two values is the same once standardised.
  if (tame(values) || hasTwoValues(values)) return 'standard';
  if (values.every((value) => value >= 0) && tame(values.map(Math.log1p))) return 'log1p';
  return 'quantile';
}

function hasTwoValues(values: Float64Array): boolean {
  const second = values.find((value) => value !== values[0]);
  return values.every((value) => value === values[0] || value === second);
}

function tame(values: Float64Array): boolean {
  const { skewness, kurtosis } = moments(values);
  return Math.abs(skewness) < 2 && kurtosis < 20;
}

const QUANTILES = 100;

/**
 * Values at 100 quantiles of the rows and 100 of the distinct values (which a heap of zeros would hide), with the
 * normal score of their rank; ties get the score of their middle rank.
 */
function fitQuantile(values: Float64Array): Transform {
  const sorted = values.toSorted();
  const knots: number[] = [];
  const scores: number[] = [];
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  const candidates = [sorted, distinct].flatMap((list) =>
    Array.from({ length: QUANTILES + 1 }, (_, k) => list[Math.round((k / QUANTILES) * (list.length - 1))]),
  );
  for (const value of Float64Array.from(new Set(candidates.filter((one) => one !== undefined))).sort()) {
    const middle = (lowerBound(sorted, value) + lowerBound(sorted, value, true)) / 2;
    knots.push(value);
    scores.push(normalQuantile((middle + 0.5) / (sorted.length + 1)));
  }
  return { name: 'quantile', knots, scores };
}

/** Piecewise linear, flat beyond both ends. */
function interpolate(value: number, knots: readonly number[], scores: readonly number[]): number {
  if (knots.length === 0) return 0;
  const right = lowerBound(knots, value);
  if (right === 0) return scores[0]!;
  if (right === knots.length) return scores.at(-1)!;
  const from = knots[right - 1]!;
  // Halves first: the difference of two huge values must not overflow.
  const share = (value / 2 - from / 2) / (knots[right]! / 2 - from / 2);
  return scores[right - 1]! + (Number.isFinite(share) ? share : 0) * (scores[right]! - scores[right - 1]!);
}

/** The first position whose element is ≥ value, or > value when `after`. */
export function lowerBound(sorted: ArrayLike<number>, value: number, after = false): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value || (after && sorted[middle]! === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The inverse of the standard normal distribution function. P. Acklam's rational approximation, |error| < 1.2e-9. */
export function normalQuantile(p: number): number {
  if (p < 0.02425 || p > 1 - 0.02425) {
    const q = Math.sqrt(-2 * Math.log(Math.min(p, 1 - p)));
    const top =
      ((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) *
        q +
        4.374664141464968) *
        q +
      2.938163982698783;
    const bottom =
      (((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) *
        q +
      1;
    return p < 0.5 ? top / bottom : -top / bottom;
  }
  const q = p - 0.5;
  const r = q * q;
  const top =
    (((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
      2.506628277459239) *
    q;
  const bottom =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
    1;
  return top / bottom;
}
