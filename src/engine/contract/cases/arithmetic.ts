import * as op from '../../operators/index.ts';
import {
  type BadCall,
  below,
  type Contracts,
  distinct,
  elements,
  exactly,
  float,
  ints,
  normal,
  pairs,
  positive,
} from '../case.ts';
import { map } from '../nd.ts';

export const mismatched = (build: BadCall['build']): BadCall[] => [
  {
    label: 'sizes that do not broadcast',
    inputs: [{ shape: [2, 3] }, { shape: [4] }],
    build,
    code: 'shape-mismatch',
  },
  {
    label: 'two dtypes',
    inputs: [{ shape: [2] }, { shape: [2], dtype: 'int32' }],
    build,
    code: 'dtype-mismatch',
    mentions: ['float32', 'int32'],
  },
  {
    label: 'truth values',
    inputs: [
      { shape: [2], dtype: 'bool' },
      { shape: [2], dtype: 'bool' },
    ],
    build,
    code: 'dtype-mismatch',
    mentions: ['bool'],
  },
];

export const arithmetic: Contracts = {
  add: {
    cases: [
      ...pairs(op.add, (a, b) => a + b, ['float', normal]),
      ...pairs(op.add, (a, b) => a + b, ['int32', below(9)]),
      ...elements(
        (x) => op.add(2, x),
        (x) => 2 + x,
      ),
      {
        label: 'twice the same',
        inputs: [float([3])],
        build: (x) => op.add(x, x),
        reference: (x) => map(x, (v) => 2 * v),
      },
    ],
    bad: mismatched((a, b) => op.add(a, b)),
  },
  sub: {
    cases: [
      ...pairs(op.sub, (a, b) => a - b, ['float', normal]),
      ...pairs(op.sub, (a, b) => a - b, ['int64', below(9)]),
    ],
    bad: mismatched((a, b) => op.sub(a, b)),
  },
  mul: {
    cases: [
      ...pairs(op.mul, (a, b) => a * b, ['float', normal]),
      {
        label: 'int32 wraps around',
        inputs: [ints([64], (size, random) => Array.from({ length: size }, (_, i) => random.bits(i) | 0))],
        build: (x) => op.mul(x, 0x9e3779b1 | 0),
        reference: (x) => map(x, (v) => Math.imul(v, 0x9e3779b1)),
      },
    ],
    bad: mismatched((a, b) => op.mul(a, b)),
  },
  div: {
    cases: [
      ...pairs(op.div, (a, b) => a / b, ['float', normal]),
      ...elements(
        (x) => op.div(1, x),
        (x) => 1 / x,
      ),
      {
        label: 'integers are cut towards zero',
        inputs: [ints([4], exactly(7, -7, 8, 0))],
        build: (x) => op.div(x, 2),
        reference: (x) => map(x, (v) => Math.trunc(v / 2)),
      },
    ],
    bad: mismatched((a, b) => op.div(a, b)),
  },
  pow: {
    cases: [
      ...pairs(op.pow, (a, b) => a ** b, ['float', positive]),
      ...elements(
        (x) => op.pow(x, 3),
        (x) => x ** 3,
      ),
      ...elements(
        (x) => op.pow(2, x),
        (x) => 2 ** x,
      ),
      {
        label: 'to the power 0',
        inputs: [float([2, 3])],
        build: (x) => op.pow(x, 0),
        reference: (x) => map(x, () => 1),
      },
      {
        label: 'zero squared',
        inputs: [float([2], exactly(0))],
        build: (x) => op.pow(x, 2),
        reference: (x) => map(x, () => 0),
      },
    ],
    bad: mismatched((a, b) => op.pow(a, b)),
  },
  minimum: {
    cases: [
      ...pairs(op.minimum, Math.min, ['float', distinct]),
      ...elements(
        (x) => op.minimum(x, 0),
        (x) => Math.min(x, 0),
      ),
      ...pairs(op.minimum, Math.min, ['int32', below(9)]),
    ],
    bad: mismatched((a, b) => op.minimum(a, b)),
  },
  maximum: {
    cases: [
      ...pairs(op.maximum, Math.max, ['float', distinct]),
      ...elements(
        (x) => op.maximum(x, 0),
        (x) => Math.max(x, 0),
      ),
      ...pairs(op.maximum, Math.max, ['int64', below(9)]),
    ],
    bad: mismatched((a, b) => op.maximum(a, b)),
  },
  neg: {
    cases: [
      ...elements(op.neg, (x) => -x),
      ...elements(op.neg, (x) => 0 - x, { dtype: 'int32', draw: below(9) }),
    ],
    bad: [
      {
        label: 'truth values',
        inputs: [{ shape: [2], dtype: 'bool' }],
        build: (x) => op.neg(x),
        code: 'dtype-mismatch',
        mentions: ['bool'],
      },
    ],
  },
};
