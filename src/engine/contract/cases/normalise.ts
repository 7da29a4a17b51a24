import * as op from '../../operators/index.ts';
import type { Shape, Tensor } from '../../tensor.ts';
import { type BadCall, type Case, type Contracts, exactly, float, positive } from '../case.ts';
import { mean, type Nd, reduce, sum, zip } from '../nd.ts';
import { masked, maskedNd } from './reduce.ts';

const alongAxis = (x: Nd, axis: number, f: (value: number, group: number[]) => number): Nd => {
  const groups: number[][] = [];
  const ids = reduce(x, [axis], true, (values) => groups.push(values) - 1);
  return zip((value, id) => f(value, groups[id]!), x, ids);
};
const softmax = (value: number, group: number[]): number => {
  const top = Math.max(...group);
  return Math.exp(value - top) / sum(group.map((other) => Math.exp(other - top)));
};
const logSoftmax = (value: number, group: number[]): number => {
  const top = Math.max(...group);
  return value - top - Math.log(sum(group.map((other) => Math.exp(other - top))));
};
const variance = (values: number[]): number => mean(values.map((value) => (value - mean(values)) ** 2));

const softmaxRows = (
  build: (x: Tensor, axis?: number) => Tensor,
  f: (value: number, group: number[]) => number,
): Case[] => [
  ...(
    [
      [['batch', 4], -1],
      [[3, 4], 0],
      [[2, 3, 2, 2], -3],
      [[5], 0],
      [[2, 1], -1],
      [[0, 3], -1],
      [[3, 0], -1],
    ] as [Shape, number][]
  ).map(
    ([shape, axis]): Case => ({
      label: `[${shape}] along ${axis}`,
      inputs: [float(shape)],
      build: (x) => build(x, axis),
      reference: (x) => alongAxis(x, axis, f),
    }),
  ),
  {
    label: 'large values',
    inputs: [float([2, 3], exactly(1000, 999, -1000, -1000, -999, -998))],
    build: (x) => build(x),
    reference: (x) => alongAxis(x, -1, f),
  },
];
const bad = (build: (x: Tensor, axis?: number) => Tensor): BadCall[] => [
  { label: 'no such axis', inputs: [{ shape: [2, 3] }], build: (x) => build(x, 2), code: 'shape-mismatch' },
  {
    label: 'integers',
    inputs: [{ shape: [2, 3], dtype: 'int32' }],
    build: (x) => build(x),
    code: 'dtype-mismatch',
    mentions: ['int32'],
  },
];

const EPSILON = 1e-5;
const standard = (value: number, group: number[]): number =>
  (value - mean(group)) / Math.sqrt(variance(group) + EPSILON);

const batchCase = (label: string, shape: Shape, statistics: Shape): Case => ({
  label,
  inputs: [
    float(shape),
    float(statistics),
    float(statistics, positive),
    float(statistics),
    float(statistics),
  ],
  build: (x, m, v, scale, bias) => {
    const { output, next } = op.batchNorm(x, { mean: m, variance: v, momentum: 0.2 }, scale, bias);
    return [output, next.mean, next.variance];
  },
  reference: (x, m, v, scale, bias) => {
    const rows = x.shape.at(-2)!;
    return [
      zip((a, b, c) => a * b + c, alongAxis(x, -2, standard), scale, bias),
      zip((old, batch) => 0.8 * old + 0.2 * batch, m, reduce(x, [-2], true, mean)),
      zip(
        (old, batch) => 0.8 * old + (0.2 * batch * rows) / Math.max(1, rows - 1),
        v,
        reduce(x, [-2], true, variance),
      ),
    ];
  },
});

export const normalisation: Contracts = {
  softmax: {
    cases: [
      ...softmaxRows(op.softmax, softmax),
      {
        label: 'masked by −∞',
        inputs: [float([2, 3])],
        build: (x) => op.softmax(masked(x)),
        reference: (x) => alongAxis(maskedNd(x), -1, softmax),
      },
    ],
    bad: bad(op.softmax),
  },
  logSoftmax: {
    cases: [
      ...softmaxRows(op.logSoftmax, logSoftmax),
      {
        label: 'masked by −∞, the rest picked',
        inputs: [float([2, 3])],
        build: (x) => op.slice(op.logSoftmax(masked(x)), -1, 0, 1),
        reference: (x) => {
          const all = alongAxis(maskedNd(x), -1, logSoftmax);
          return { shape: [2, 1], data: [all.data[0]!, all.data[3]!] };
        },
      },
    ],
    bad: bad(op.logSoftmax),
  },
  standardise: {
    cases: ([['batch', 4], [2, 3, 5], [4], [3, 1], [0, 3], [1, 2]] as Shape[]).map((shape) => ({
      label: `[${shape}]`,
      inputs: [float(shape)],
      build: (x) => op.standardise(x, EPSILON),
      reference: (x) => [
        alongAxis(x, -1, standard),
        reduce(x, [-1], true, (values) => 1 / Math.sqrt(variance(values) + EPSILON)),
      ],
    })),
    bad: [
      {
        label: 'a scalar',
        inputs: [{ shape: [] }],
        build: (x) => op.standardise(x),
        code: 'shape-mismatch',
      },
      {
        label: 'integers',
        inputs: [{ shape: [2], dtype: 'int64' }],
        build: (x) => op.standardise(x),
        code: 'dtype-mismatch',
        mentions: ['int64'],
      },
    ],
  },
  layerNorm: {
    cases: [
      {
        label: 'with scale and bias',
        inputs: [float(['batch', 4]), float([4]), float([4])],
        build: (x, s, b) => op.layerNorm(x, s, b),
        reference: (x, s, b) => zip((v, w, c) => v * w + c, alongAxis(x, -1, standard), s, b),
      },
      {
        label: 'replicas',
        inputs: [float([2, 3, 4]), float([2, 1, 4])],
        build: (x, s) => op.layerNorm(x, s),
        reference: (x, s) => zip((v, w) => v * w, alongAxis(x, -1, standard), s),
      },
    ],
    bad: [
      {
        label: 'a scale of another width',
        inputs: [{ shape: [2, 3] }, { shape: [4] }],
        build: (x, s) => op.layerNorm(x, s),
        code: 'shape-mismatch',
      },
    ],
  },
  batchNorm: {
    cases: [
      batchCase('a batch', ['batch', 3], [1, 3]),
      batchCase('replicas', [2, 4, 3], [2, 1, 3]),
      { ...batchCase('one row', [1, 2], [1, 2]) },
    ],
    bad: [
      {
        label: 'a vector',
        inputs: [{ shape: [3] }, { shape: [1, 3] }],
        build: (x, m) => op.batchNorm(x, { mean: m, variance: m }),
        code: 'shape-mismatch',
        mentions: ['[3]'],
      },
    ],
  },
  batchNormInference: {
    cases: [
      {
        label: 'a batch',
        inputs: [float(['batch', 3]), float([1, 3]), float([1, 3], positive), float([1, 3]), float([1, 3])],
        build: (x, m, v, s, b) => op.batchNormInference(x, { mean: m, variance: v }, s, b),
        reference: (x, m, v, s, b) =>
          zip((value, mu, sigma, w, c) => ((value - mu) / Math.sqrt(sigma + EPSILON)) * w + c, x, m, v, s, b),
      },
    ],
    bad: [
      {
        label: 'another width',
        inputs: [{ shape: [2, 3] }, { shape: [1, 4] }],
        build: (x, m) => op.batchNormInference(x, { mean: m, variance: m }),
        code: 'shape-mismatch',
      },
    ],
  },
};
