import { RandomStream } from '../../../../src/common/random.ts';
import type { Settings } from '../settings.ts';
import { numberColumn, numericFeatures, numericToy, type Toy, type ToyProblem, thinned } from './problem.ts';

const DIMENSIONS = 10;
const WAVES = 3;
const VALIDATION = 300;
/** Points of a curve, and how far it goes. */
const POINTS = 81;
const REACH = 3;
const ROWS_SHOWN = 120;

/**
 * Two regressions whose directions have the cosine p: w₁ = u₁, w₂ = p u₁ + √(1 − p²) u₂ with u₁ ⊥ u₂ of length 1, and
 * yₖ = zₖ + Σ sin(αᵢ zₖ + βᵢ) + ε where zₖ = wₖᵀx.
 *
 * J. Ma, Z. Zhao, X. Yi, J. Chen, L. Hong, E. Chi: Modeling Task Relationships in Multi-task Learning with Multi-gate
 * Mixture-of-Experts. KDD 2018.
 */
export const regressions: ToyProblem = {
  name: 'regressions',
  title: 'Two regressions',
  about: 'Waves along two directions in ten dimensions.',
  related: 'Cosine of the two directions',
  turns: ['related', 'rows', 'labels', 'noise'],
  make,
};

function make({ seed, rows, noise, related, labels }: Settings): Toy {
  const stream = new RandomStream(seed, 'playground/regressions');
  const directions = directionsOf(stream, related);
  const waves = Array.from({ length: WAVES }, (_, i) => [1 + stream.uniform(i, 2), 3 * stream.normal(i, 3)]);
  const curve = (z: number): number =>
    waves.reduce((sum, [alpha, beta]) => sum + Math.sin(alpha! * z + beta!), z);
  const total = rows + VALIDATION;
  const data = Float32Array.from({ length: total * DIMENSIONS }, (_, i) => stream.normal(i, 4));
  const along = directions.map((w) => Float64Array.from({ length: total }, (_, row) => dot(data, row, w)));
  const values = along.map((z, k) => z.map((own, row) => curve(own) + noise * stream.normal(row, 5 + k)));
  const second = thinned(values[1]!, rows, labels);
  const at = Array.from({ length: POINTS }, (_, i) => REACH * ((2 * i) / (POINTS - 1) - 1));
  const shown = directions.flatMap((w) => at.flatMap((z) => w.map((part) => z * part)));
  return numericToy(
    data,
    DIMENSIONS,
    [
      { column: numberColumn('first', values[0]!), kind: 'regression' },
      { column: numberColumn('second', second), kind: 'regression' },
    ],
    rows,
    {
      shown: numericFeatures(Float32Array.from(shown), DIMENSIONS),
      picture: {
        kind: 'curves',
        at,
        truth: directions.map(() => at.map(curve)),
        rows: [values[0]!, second].map((y, k) => ({
          x: [...along[k]!.slice(0, Math.min(rows, ROWS_SHOWN))],
          y: [...y.slice(0, Math.min(rows, ROWS_SHOWN))],
        })),
      },
    },
  );
}

/** Two directions of length 1 with a given cosine. */
function directionsOf(stream: RandomStream, cosine: number): number[][] {
  const draw = (round: number): number[] =>
    Array.from({ length: DIMENSIONS }, (_, i) => stream.normal(i, round));
  const u1 = unit(draw(0));
  const raw = draw(1);
  const shadow = raw.reduce((sum, value, i) => sum + value * u1[i]!, 0);
  const u2 = unit(raw.map((value, i) => value - shadow * u1[i]!));
  const across = Math.sqrt(Math.max(0, 1 - cosine * cosine));
  return [u1, u1.map((value, i) => cosine * value + across * u2[i]!)];
}

function unit(v: readonly number[]): number[] {
  const length = Math.hypot(...v);
  return v.map((value) => value / length);
}

function dot(data: Float32Array, row: number, w: readonly number[]): number {
  return w.reduce((sum, value, d) => sum + value * data[row * DIMENSIONS + d]!, 0);
}
