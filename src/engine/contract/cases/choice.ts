import * as op from '../../operators/index.ts';
import { below, bools, type Contracts, distinct, elements, exactly, float, ints, pairs } from '../case.ts';
import { map, zip } from '../nd.ts';

import { mismatched } from './arithmetic.ts';

const truth = (build: op.Binary, f: (a: number, b: number) => boolean): Contracts[string] => ({
  cases: [
    ...pairs(build, (a, b) => Number(f(a, b)), ['float', distinct]),
    ...pairs(build, (a, b) => Number(f(a, b)), ['int32', below(3)]),
    ...elements(
      (x) => build(x, 1),
      (x) => Number(f(x, 1)),
      { draw: exactly(1, 0, 2) },
    ),
  ],
  bad: mismatched((a, b) => build(a, b)).slice(0, 2),
});

/** Comparison, conversion and what is chosen by truth values. */
export const choice: Contracts = {
  greater: truth(op.greater, (a, b) => a > b),
  greaterOrEqual: truth(op.greaterOrEqual, (a, b) => a >= b),
  less: truth(op.less, (a, b) => a < b),
  lessOrEqual: truth(op.lessOrEqual, (a, b) => a <= b),
  equal: truth(op.equal, (a, b) => a === b),
  cast: {
    cases: [
      ...elements(
        (x) => op.cast(x, 'float32'),
        (x) => Math.fround(x),
        { draw: (size, random) => Array.from({ length: size }, (_, i) => random.integer(9, i) - 4) },
      ).map((row) => ({ ...row, derivative: false as const })),
      ...elements(
        (x) => op.mul(op.cast(x, 'float64'), 2),
        (x) => 2 * x,
      ),
      ...elements(
        (x) => op.cast(x, 'float32'),
        (x) => x,
        { dtype: 'int32', draw: below(9) },
      ),
      ...elements(
        (x) => op.cast(x, 'int64'),
        (x) => x,
        { dtype: 'bool', draw: below(2) },
      ),
      {
        label: 'float to int32 cuts',
        inputs: [float([3], exactly(1.5, -1.5, 2))],
        build: (x) => op.cast(x, 'int32'),
        reference: (x) => map(x, Math.trunc),
      },
      {
        label: 'no gradient through an integer',
        inputs: [float([3], exactly(1.5, -1.4, 2.3))],
        build: (x) => op.mul(op.cast(op.cast(x, 'int32'), x.dtype), x),
        reference: (x) => map(x, (v) => Math.trunc(v) * v),
      },
    ],
  },
  where: {
    cases: [
      {
        label: 'three broadcasts',
        inputs: [bools([4, 1]), float([2, 1, 3]), float(['batch', 1, 1, 1])],
        build: op.where,
        reference: (c, a, b) => zip((x, y, z) => (x ? y : z), c, a, b),
      },
      {
        label: 'a large condition',
        inputs: [bools(['batch', 4]), float([]), float([4])],
        build: op.where,
        reference: (c, a, b) => zip((x, y, z) => (x ? y : z), c, a, b),
      },
      {
        label: 'numbers',
        inputs: [bools([3]), float([2, 3])],
        build: (c, a) => op.where(c, a, -7),
        reference: (c, a) => zip((x, y) => (x ? y : -7), c, a),
      },
      {
        label: 'integers',
        inputs: [bools([3]), ints([3], 5), ints([3], 5)],
        build: op.where,
        reference: (c, a, b) => zip((x, y, z) => (x ? y : z), c, a, b),
      },
      {
        label: 'empty',
        inputs: [bools([0, 3]), float([3]), float([1, 1])],
        build: op.where,
        reference: (c, a, b) => zip((x, y, z) => (x ? y : z), c, a, b),
      },
    ],
    bad: [
      {
        label: 'a float condition',
        inputs: [{ shape: [2] }, { shape: [2] }, { shape: [2] }],
        build: (c, a, b) => op.where(c, a, b),
        code: 'dtype-mismatch',
        mentions: ['float32'],
      },
      {
        label: 'branches of two dtypes',
        inputs: [{ shape: [2], dtype: 'bool' }, { shape: [2] }, { shape: [2], dtype: 'int64' }],
        build: (c, a, b) => op.where(c, a, b),
        code: 'dtype-mismatch',
        mentions: ['int64'],
      },
      {
        label: 'sizes',
        inputs: [{ shape: [2], dtype: 'bool' }, { shape: [3] }, { shape: [3] }],
        build: (c, a, b) => op.where(c, a, b),
        code: 'shape-mismatch',
      },
    ],
  },
  logicalAnd: {
    cases: pairs(op.logicalAnd, (a, b) => a & b, ['bool', below(2)]),
    bad: [
      {
        label: 'numbers',
        inputs: [{ shape: [2] }, { shape: [2] }],
        build: (a, b) => op.logicalAnd(a, b),
        code: 'dtype-mismatch',
        mentions: ['float32'],
      },
    ],
  },
  logicalOr: {
    cases: pairs(op.logicalOr, (a, b) => a | b, ['bool', below(2)]),
    bad: [
      {
        label: 'sizes',
        inputs: [
          { shape: [2], dtype: 'bool' },
          { shape: [3], dtype: 'bool' },
        ],
        build: (a, b) => op.logicalOr(a, b),
        code: 'shape-mismatch',
      },
    ],
  },
  logicalNot: {
    cases: elements(op.logicalNot, (x) => 1 - x, { dtype: 'bool', draw: below(2) }),
    bad: [
      {
        label: 'numbers',
        inputs: [{ shape: [2] }],
        build: (x) => op.logicalNot(x),
        code: 'dtype-mismatch',
        mentions: ['float32'],
      },
    ],
  },
};
