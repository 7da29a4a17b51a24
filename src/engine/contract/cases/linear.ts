import * as op from '../../operators/index.ts';
import type { Shape } from '../../tensor.ts';
import { type BadCall, type Case, type Contracts, float } from '../case.ts';
import { fill, product2, zip } from '../nd.ts';

const OPTIONS: readonly op.TransposeOptions[] = [
  {},
  { transposeA: true },
  { transposeB: true },
  { transposeA: true, transposeB: true },
];
const flip = (shape: Shape, yes = false): Shape =>
  yes ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape;
const name = ({ transposeA, transposeB }: op.TransposeOptions): string =>
  `${transposeA ? 'ᵀ' : ''}·${transposeB ? 'ᵀ' : ''}`;

/** Left and right operands as they stand without transposes. */
const PRODUCTS: readonly (readonly [Shape, Shape])[] = [
  [
    [3, 2],
    [2, 4],
  ],
  [
    ['batch', 2],
    [2, 1],
  ],
  [
    [2, 3, 2],
    [2, 2, 4],
  ],
  // Stacks of vectors: inner products, and outer ones from either side.
  [
    ['batch', 1, 3],
    ['batch', 3, 1],
  ],
  [
    [2, 3, 1],
    [2, 1, 1],
  ],
  [
    [2, 1, 1],
    [2, 1, 4],
  ],
  [
    [2, 3, 2],
    [2, 4],
  ],
  [
    [3, 2],
    [2, 2, 4],
  ],
  [
    [1, 3, 2],
    [4, 2, 2],
  ],
  [
    [2, 1, 3, 2],
    [1, 3, 2, 2],
  ],
  [
    [2, 'batch', 3],
    [2, 3, 2],
  ],
  [
    [1, 1],
    [1, 1],
  ],
  [
    [0, 2],
    [2, 3],
  ],
  [
    [3, 0],
    [0, 2],
  ],
  [
    [2, 3, 0],
    [2, 0, 2],
  ],
  [
    [2, 0, 3],
    [3, 2],
  ],
];

const bad = (
  build: (a: Parameters<typeof op.matmul>[0], b: Parameters<typeof op.matmul>[1]) => unknown,
): BadCall[] => [
  {
    label: 'inner sizes',
    inputs: [{ shape: [2, 3] }, { shape: [2, 3] }],
    build: (a, b) => build(a, b),
    code: 'shape-mismatch',
  },
  {
    label: 'a vector',
    inputs: [{ shape: [2, 3] }, { shape: [3] }],
    build: (a, b) => build(a, b),
    code: 'shape-mismatch',
  },
  {
    label: 'two dtypes',
    inputs: [{ shape: [2, 3] }, { shape: [3, 2], dtype: 'float64' }],
    build: (a, b) => build(a, b),
    code: 'dtype-mismatch',
    mentions: ['float32', 'float64'],
  },
  {
    label: 'integers',
    inputs: [
      { shape: [2, 3], dtype: 'int32' },
      { shape: [3, 2], dtype: 'int32' },
    ],
    build: (a, b) => build(a, b),
    code: 'dtype-mismatch',
    mentions: ['int32'],
  },
];

export const linear: Contracts = {
  matmul: {
    cases: PRODUCTS.flatMap(([a, b]) =>
      OPTIONS.map(
        (options): Case => ({
          label: `[${a}] ${name(options)} [${b}]`,
          inputs: [float(flip(a, options.transposeA)), float(flip(b, options.transposeB))],
          build: (x, y) => op.matmul(x, y, options),
          reference: (x, y) => product2(x, y, options.transposeA, options.transposeB),
        }),
      ),
    ),
    bad: [
      ...bad(op.matmul),
      {
        label: 'leading axes',
        inputs: [{ shape: [2, 3, 4] }, { shape: [3, 4, 2] }],
        build: (a, b) => op.matmul(a, b),
        code: 'shape-mismatch',
        mentions: ['[2]', '[3]'],
      },
    ],
  },
  gemm: {
    cases: [
      ...OPTIONS.flatMap((options) =>
        ([[], [4], [1, 4], [3, 1], [3, 4]] as Shape[])
          .map(
            (bias, i): Case => ({
              label: `${name(options)} + [${bias}]`,
              inputs: [
                float(flip([3, 2], options.transposeA)),
                float(flip([2, 4], options.transposeB)),
                float(bias),
              ],
              build: (a, b, c) =>
                op.gemm(a, b, c, { ...options, ...(i === 2 ? {} : { alpha: 0.5, beta: -2 }) }),
              reference: (a, b, c) => {
                const [alpha, beta] = i === 2 ? [1, 1] : [0.5, -2];
                return zip(
                  (x, y) => alpha! * x + beta! * y,
                  product2(a, b, options.transposeA, options.transposeB),
                  c,
                );
              },
            }),
          )
          .concat({
            label: `${name(options)} of a batch`,
            inputs: [
              float(flip(['batch', 2], options.transposeA)),
              float(flip([2, 4], options.transposeB)),
              float([1, 4]),
            ],
            build: (a, b, c) => op.gemm(a, b, c, options),
            reference: (a, b, c) =>
              zip((x, y) => x + y, product2(a, b, options.transposeA, options.transposeB), c),
          }),
      ),
      {
        label: 'nothing to sum but the bias',
        inputs: [float([3, 0]), float([0, 4]), float([1, 4])],
        build: (a, b, c) => op.gemm(a, b, c, { beta: 3 }),
        reference: (_a, _b, c) =>
          zip(
            (zero, y) => zero + 3 * y,
            fill([3, 4], () => 0),
            c,
          ),
      },
    ],
    bad: [
      {
        label: 'rank 3',
        inputs: [{ shape: [1, 2, 3] }, { shape: [3, 2] }, { shape: [2] }],
        build: (a, b, c) => op.gemm(a, b, c),
        code: 'shape-mismatch',
        mentions: ['[1, 2, 3]'],
      },
      {
        label: 'inner sizes',
        inputs: [{ shape: [2, 3] }, { shape: [2, 3] }, { shape: [3] }],
        build: (a, b, c) => op.gemm(a, b, c),
        code: 'shape-mismatch',
        mentions: ['[2, 3]'],
      },
      {
        label: 'a bias too wide',
        inputs: [{ shape: [2, 3] }, { shape: [3, 1] }, { shape: [4] }],
        build: (a, b, c) => op.gemm(a, b, c),
        code: 'shape-mismatch',
      },
      {
        label: 'a bias of another dtype',
        inputs: [{ shape: [2, 3] }, { shape: [3, 2] }, { shape: [2], dtype: 'float64' }],
        build: (a, b, c) => op.gemm(a, b, c),
        code: 'dtype-mismatch',
        mentions: ['float64'],
      },
    ],
  },
};
