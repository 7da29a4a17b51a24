import { constant } from '../../leaf.ts';
import { add, mul } from '../../operators/index.ts';
import { type Contracts, float } from '../case.ts';
import { map, zip } from '../nd.ts';

export const leaves: Contracts = {
  input: {
    cases: [
      { label: 'itself', inputs: [float(['batch', 2])], build: (x) => x, reference: (x) => x },
      { label: 'empty', inputs: [float([0])], build: (x) => x, reference: (x) => x },
    ],
  },
  constant: {
    cases: [
      {
        label: 'a vector',
        inputs: [float(['batch', 3])],
        build: (x) => mul(x, constant([1, -2, 0.5], { dtype: x.dtype })),
        reference: (x) => zip((a, b) => a * b, x, { shape: [3], data: [1, -2, 0.5] }),
      },
      {
        label: 'alone',
        inputs: [float([2])],
        build: (x) => [constant([1, 2, 3], { shape: [3, 1], dtype: 'int32' }), add(x, 1)],
        reference: (x) => [{ shape: [3, 1], data: [1, 2, 3] }, map(x, (v) => v + 1)],
      },
      {
        label: 'every dtype',
        inputs: [],
        build: () => [
          constant([0, 1], { dtype: 'bool' }),
          constant([-1, 2 ** 40], { dtype: 'int64' }),
          constant([0.1], { dtype: 'float64' }),
          constant(7),
        ],
        reference: () => [
          { shape: [2], data: [0, 1] },
          { shape: [2], data: [-1, 2 ** 40] },
          { shape: [1], data: [0.1] },
          { shape: [], data: [7] },
        ],
      },
    ],
  },
};
