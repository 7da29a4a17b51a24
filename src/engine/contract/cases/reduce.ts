import { constant } from '../../leaf.ts';
import * as op from '../../operators/index.ts';
import type { Shape, Tensor } from '../../tensor.ts';
import {
  type BadCall,
  type Case,
  type Contracts,
  type Draw,
  distinct,
  exactly,
  float,
  ints,
  normal,
} from '../case.ts';
import { mean, type Nd, reduce, sum } from '../nd.ts';

type Reduction = (x: Tensor, axes?: number | readonly number[], options?: op.ReduceOptions) => Tensor;
type Row = readonly [shape: Shape, axes: readonly number[] | undefined, keepDims: boolean];

const ROWS: readonly Row[] = [
  [[5], undefined, false],
  [['batch', 4], [0], false],
  [['batch', 4], [-1], true],
  [[5, 4], [0], false],
  [[5, 4], [-2], true],
  [[2, 3, 4], [0, 2], false],
  [[2, 3, 1, 2], [-3, -2], true],
  [[2, 3], [], false],
  [[1], [0], false],
  [[0, 3], [1], false],
  [[2, 3, 4], undefined, true],
];
/** Reductions of no elements. */
const EMPTY: readonly Row[] = [
  [[0], undefined, false],
  [[0, 3], [0], false],
  [[2, 0, 3], [-2, -1], true],
];

const rows = (list: readonly Row[], build: Reduction, f: (values: number[]) => number, draw: Draw): Case[] =>
  list.map(([shape, axes, keepDims]) => ({
    label: `[${shape}] along ${axes === undefined ? 'all' : `[${axes}]`}${keepDims ? ', kept' : ''}`,
    inputs: [float(shape, draw)],
    build: (x) => build(x, axes, { keepDims }),
    reference: (x) => reduce(x, axes, keepDims, f),
  }));

const bad = (build: Reduction, empty: boolean): BadCall[] => [
  { label: 'no such axis', inputs: [{ shape: [2, 3] }], build: (x) => build(x, 2), code: 'shape-mismatch' },
  {
    label: 'an axis twice',
    inputs: [{ shape: [2, 3] }],
    build: (x) => build(x, [1, -1]),
    code: 'shape-mismatch',
  },
  ...(empty
    ? [
        {
          label: 'no elements',
          inputs: [{ shape: [0, 3] }],
          build: (x: Tensor) => build(x, 0),
          code: 'shape-mismatch',
        } as const,
      ]
    : []),
];

const logSumExp = (values: number[]): number => {
  const top = Math.max(...values);
  return top + Math.log(sum(values.map((value) => Math.exp(value - top))));
};

const integer = (build: Reduction, f: (values: number[]) => number): Case => ({
  label: 'int32',
  inputs: [ints([2, 3], 9)],
  build: (x) => build(x, 1),
  reference: (x) => reduce(x, [1], false, f),
});

const ties = (build: Reduction, f: (values: number[]) => number): Case => ({
  label: 'ties',
  inputs: [float([2, 4], exactly(1, 3, 3, 1, 2, 2, 2, 2))],
  build: (x) => build(x, -1),
  reference: (x) => reduce(x, [-1], false, f),
  derivative: false,
});

export const reductions: Contracts = {
  reduceSum: {
    cases: [...rows([...ROWS, ...EMPTY], op.reduceSum, sum, normal), integer(op.reduceSum, sum)],
    bad: bad(op.reduceSum, false),
  },
  reduceMean: { cases: rows(ROWS, op.reduceMean, mean, normal), bad: bad(op.reduceMean, true) },
  reduceMax: {
    cases: [
      ...rows(ROWS, op.reduceMax, (values) => Math.max(...values), distinct),
      integer(op.reduceMax, (values) => Math.max(...values)),
      ties(op.reduceMax, (values) => Math.max(...values)),
    ],
    bad: bad(op.reduceMax, true),
  },
  reduceMin: {
    cases: [
      ...rows(ROWS, op.reduceMin, (values) => Math.min(...values), distinct),
      integer(op.reduceMin, (values) => Math.min(...values)),
      ties(op.reduceMin, (values) => Math.min(...values)),
    ],
    bad: bad(op.reduceMin, true),
  },
  logSumExp: {
    cases: [
      ...rows(ROWS, op.logSumExp, logSumExp, normal),
      {
        label: 'large values',
        inputs: [float([3, 2], exactly(1000, 999, -1000, -1001, 500, -500))],
        build: (x) => op.logSumExp(x, -1),
        reference: (x: Nd) => reduce(x, [-1], false, logSumExp),
      },
      {
        label: 'masked by −∞',
        inputs: [float([2, 3])],
        build: (x) => op.logSumExp(masked(x), -1),
        reference: (x: Nd) => reduce(maskedNd(x), [-1], false, logSumExp),
      },
    ],
    bad: bad(op.logSumExp, true),
  },
  axisSize: {
    cases: [
      {
        label: 'static',
        inputs: [float([2, 3])],
        build: (x) => op.axisSize(x, 1),
        reference: () => ({ shape: [], data: [3] }),
      },
      {
        label: 'of the batch',
        inputs: [float(['batch', 4])],
        build: (x) => op.axisSize(x, [0, 1]),
        reference: (x) => ({ shape: [], data: [4 * x.shape[0]!] }),
      },
      {
        label: 'as a divisor',
        inputs: [float(['batch', 4])],
        build: (x) => op.div(op.reduceSum(x, 0), op.axisSize(x, -2)),
        reference: (x) => reduce(x, [0], false, mean),
      },
    ],
    bad: [
      {
        label: 'no such axis',
        inputs: [{ shape: [2, 3] }],
        build: (x) => op.axisSize(x, 2),
        code: 'shape-mismatch',
      },
    ],
  },
};

/** The second of three columns set to −∞. */
export function masked(x: Tensor): Tensor {
  const hidden = constant([0, 1, 0], { dtype: 'bool' });
  return op.where(hidden, Number.NEGATIVE_INFINITY, x);
}

export const maskedNd = ({ shape, data }: Nd): Nd => ({
  shape,
  data: data.map((value, i) => (i % 3 === 1 ? Number.NEGATIVE_INFINITY : value)),
});
