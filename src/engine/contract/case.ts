import type { ErrorCode } from '../../common/error-codes.ts';
import type { RandomStream } from '../../common/random.ts';
import type { DType, Shape, Tensor } from '../tensor.ts';
import { type Nd, zip } from './nd.ts';

/** Draws the elements of an input; `position` is its place among the inputs of the case. */
export type Draw = (size: number, random: RandomStream, position: number) => number[];

/** An input of a case. A float is checked in both precisions; the axis named `batch` has several sizes. */
export interface Sample {
  readonly shape: Shape;
  readonly dtype: DType | 'float';
  readonly draw: Draw;
}

export interface Case {
  readonly label: string;
  readonly inputs: readonly Sample[];
  build(...inputs: Tensor[]): Tensor | readonly Tensor[];
  reference(...inputs: Nd[]): Nd | readonly Nd[];
  /** False where the derivative is not that of the function (stopGradient). */
  readonly derivative?: false;
}

/** A call that must throw while the graph is built. */
export interface BadCall {
  readonly label: string;
  readonly inputs: readonly { readonly shape: Shape; readonly dtype?: DType }[];
  build(...inputs: Tensor[]): unknown;
  readonly code: ErrorCode;
  /** What the message must hold; by default the shapes of all inputs. */
  readonly mentions?: readonly string[];
}

/** What the contract asks for each entry of the operator table. */
export interface Contract {
  readonly cases: readonly Case[];
  readonly bad?: readonly BadCall[];
}
export type Contracts = Readonly<Record<string, Contract>>;

/** In [−2, 2], at least 0.15 from zero, where many functions have their kink. */
export const normal: Draw = (size, random) =>
  Array.from({ length: size }, (_, i) => {
    const magnitude = 0.15 + 1.85 * random.uniform(2 * i);
    return random.uniform(2 * i + 1) < 0.5 ? -magnitude : magnitude;
  });

/** In [0.3, 2.3]. */
export const positive: Draw = (size, random) =>
  Array.from({ length: size }, (_, i) => 0.3 + 2 * random.uniform(i));

/** All different by 0.05 at least, over all inputs of a case. */
export const distinct: Draw = (size, random, position) =>
  Array.from(random.permutation(size), (rank) => (rank - size / 2) * 0.25 + 0.06 * position);

export const below =
  (limit: number): Draw =>
  (size, random) =>
    Array.from({ length: size }, (_, i) => random.integer(limit, i));

export const exactly =
  (...values: number[]): Draw =>
  (size) =>
    Array.from({ length: size }, (_, i) => values[i % values.length]!);

export const float = (shape: Shape, draw: Draw = normal): Sample => ({ shape, dtype: 'float', draw });
export const ints = (shape: Shape, draw: Draw | number, dtype: 'int32' | 'int64' = 'int32'): Sample => ({
  shape,
  dtype,
  draw: typeof draw === 'number' ? below(draw) : draw,
});
export const bools = (shape: Shape): Sample => ({ shape, dtype: 'bool', draw: below(2) });

/** The shapes that a broadcasting operator of two operands is tried with. */
export const PAIRS: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [[3], []],
  [['batch', 4], [4]],
  [
    ['batch', 1],
    [1, 4],
  ],
  [
    [2, 1, 3],
    [4, 1],
  ],
  [
    [2, 3, 2, 2],
    [1, 3, 1, 2],
  ],
  [[0, 3], [3]],
  [
    [1, 3],
    [0, 1],
  ],
];

/** The shapes that an operator of one operand is tried with. */
export const SHAPES: readonly Shape[] = [[], [5], [1, 1], ['batch', 4], [2, 1, 3, 2], [0, 3]];

/** One case for each pair of shapes. */
export function pairs(
  build: (a: Tensor, b: Tensor) => Tensor,
  f: (a: number, b: number) => number,
  draw: readonly [Sample['dtype'], Draw] | readonly [Sample['dtype'], Draw, Draw],
): Case[] {
  return PAIRS.map(([a, b]) => ({
    label: `[${a}] and [${b}] of ${draw[0]}`,
    inputs: [
      { shape: a, dtype: draw[0], draw: draw[1] },
      { shape: b, dtype: draw[0], draw: draw[2] ?? draw[1] },
    ],
    build,
    reference: (x, y) => zip(f, x, y),
  }));
}

/** One case for each shape, elementwise. */
export function elements(
  build: (x: Tensor) => Tensor,
  f: (x: number) => number,
  sample: { readonly dtype?: Sample['dtype']; readonly draw?: Draw } = {},
): Case[] {
  const { dtype = 'float', draw = normal } = sample;
  return SHAPES.map((shape) => ({
    label: `[${shape}] of ${dtype}`,
    inputs: [{ shape, dtype, draw }],
    build,
    reference: (x) => ({ shape: x.shape, data: x.data.map(f) }),
  }));
}
