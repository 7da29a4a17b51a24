import * as op from '../../operators/index.ts';
import type { Tensor } from '../../tensor.ts';
import {
  type Contract,
  type Contracts,
  type Draw,
  elements,
  exactly,
  float,
  normal,
  positive,
} from '../case.ts';
import { map } from '../nd.ts';

/** erf by its Taylor series, exact to 1e-15 for |x| ≤ 3, and 1 beyond 6. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let total = x;
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const extremes: Draw = exactly(-1000, -90, 90, 1000, 0.5, -0.5);

function unary(
  build: (x: Tensor) => Tensor,
  f: (x: number) => number,
  options: { draw?: Draw; far?: boolean } = {},
): Contract {
  return {
    cases: [
      ...elements(build, f, { draw: options.draw ?? normal }),
      ...(options.far
        ? [
            {
              label: 'far out',
              inputs: [float([6], extremes)],
              build,
              reference: (x: Parameters<typeof map>[0]) => map(x, f),
            },
          ]
        : []),
    ],
    bad: [
      {
        label: 'integers',
        inputs: [{ shape: [2], dtype: 'int32' }],
        build: (x) => build(x),
        code: 'dtype-mismatch',
        mentions: ['int32'],
      },
    ],
  };
}

const elu =
  (alpha: number) =>
  (x: number): number =>
    x > 0 ? x : alpha * Math.expm1(x);

export const elementwise: Contracts = {
  exp: unary(op.exp, Math.exp),
  log: unary(op.log, Math.log, { draw: positive }),
  sqrt: unary(op.sqrt, Math.sqrt, { draw: positive }),
  abs: unary(op.abs, Math.abs, { far: true }),
  square: unary(op.square, (x) => x * x),
  floor: unary(op.floor, Math.floor, { draw: exactly(-1.5, -0.5, 0.5, 1.5, 2.25) }),
  sign: unary(op.sign, Math.sign, { far: true }),
  erf: unary(op.erf, erf, { far: true }),
  sin: unary(op.sin, Math.sin),
  cos: unary(op.cos, Math.cos),
  tanh: unary(op.tanh, Math.tanh, { far: true }),
  sigmoid: unary(op.sigmoid, sigmoid, { far: true }),
  softplus: unary(op.softplus, (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), { far: true }),
  relu: unary(op.relu, (x) => Math.max(x, 0), { far: true }),
  gelu: unary(op.gelu, (x) => (x * (1 + erf(x * Math.SQRT1_2))) / 2, { far: true }),
  silu: unary(op.silu, (x) => x * sigmoid(x), { far: true }),
  leakyRelu: unary(
    (x) => op.leakyRelu(x, 0.2),
    (x) => (x > 0 ? x : 0.2 * x),
    { far: true },
  ),
  elu: {
    ...unary((x) => op.elu(x, 0.7), elu(0.7), { far: true }),
  },
  clip: {
    cases: [
      ...elements(
        (x) => op.clip(x, -0.9, 1.1),
        (x) => Math.min(Math.max(x, -0.9), 1.1),
        { draw: exactly(-2, -0.5, 0.5, 1, 1.5) },
      ),
      ...elements(
        (x) => op.clip(x, 0, Number.POSITIVE_INFINITY),
        (x) => Math.max(x, 0),
      ),
    ],
    bad: [
      {
        label: 'swapped bounds',
        inputs: [{ shape: [2] }],
        build: (x) => op.clip(x, 1, 0),
        code: 'operator-invalid',
        mentions: ['1 and 0'],
      },
      {
        label: 'integers',
        inputs: [{ shape: [2], dtype: 'int32' }],
        build: (x) => op.clip(x, 0, 1),
        code: 'dtype-mismatch',
        mentions: ['int32'],
      },
    ],
  },
  stopGradient: {
    cases: elements(op.stopGradient, (x) => x).map((row) => ({ ...row, derivative: false })),
  },
};
