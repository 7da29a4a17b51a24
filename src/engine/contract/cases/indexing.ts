import * as op from '../../operators/index.ts';
import type { Shape } from '../../tensor.ts';
import { type BadCall, type Case, type Contracts, distinct, exactly, float, ints } from '../case.ts';
import { at, fill, type Nd, zip } from '../nd.ts';

const gathered = (x: Nd, indices: Nd, axis: number): Nd => {
  const rank = indices.shape.length;
  return fill([...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], (index) =>
    at(x, [
      ...index.slice(0, axis),
      at(indices, index.slice(axis, axis + rank)),
      ...index.slice(axis + rank),
    ]),
  );
};

/** Sums by walking over the updates. */
const scattered = (indices: Nd, updates: Nd, size: number, trailing: number): Nd => {
  const end = updates.shape.length - trailing;
  const start = end - indices.shape.length;
  const shape = [...updates.shape.slice(0, start), size, ...updates.shape.slice(end)];
  const total = new Map<string, number>();
  fill(updates.shape, (index) => {
    const slot = at(indices, index.slice(start, end));
    const place = [...index.slice(0, start), slot, ...index.slice(end)].join();
    total.set(place, (total.get(place) ?? 0) + at(updates, index));
    return 0;
  });
  return fill(shape, (index) => total.get(index.join()) ?? 0);
};

const gatherCase = (label: string, shape: Shape, indices: Case['inputs'][number], axis: number): Case => ({
  label,
  inputs: [float(shape), indices],
  build: (x, i) => op.gather(x, i, axis),
  reference: (x, i) => gathered(x, i, axis < 0 ? axis + shape.length : axis),
});

const scatterCase = (
  label: string,
  indices: Case['inputs'][number],
  updates: Shape,
  size: number,
  axis: number,
): Case => ({
  label,
  inputs: [indices, float(updates)],
  build: (i, x) => op.scatterAdd(i, x, size, axis),
  reference: (i, x) => scattered(i, x, size, -axis - 1),
});

const floatIndices = (build: BadCall['build']): BadCall => ({
  label: 'float indices',
  inputs: [{ shape: [4, 3] }, { shape: [2] }],
  build,
  code: 'dtype-mismatch',
  mentions: ['float32'],
});

const ranked = (values: readonly number[]): number[] =>
  values.map((_, i) => i).sort((a, b) => values[b]! - values[a]!);
const top = (x: Nd, k: number, value: (row: number[], place: number) => number): Nd => {
  const shape = [...x.shape.slice(0, -1), k];
  return fill(shape, (index) => {
    const row = Array.from({ length: x.shape.at(-1)! }, (_, i) => at(x, [...index.slice(0, -1), i]));
    return value(row, ranked(row)[index.at(-1)!]!);
  });
};

export const indexing: Contracts = {
  gather: {
    cases: [
      gatherCase('rows, some repeated', [5, 3], ints([6], exactly(4, 0, 4, 4, 2, 0)), 0),
      gatherCase('rows of the batch', ['batch', 2], ints([4], exactly(0, 2, 2, 1)), 0),
      gatherCase('columns', ['batch', 5], ints([2], 5), -1),
      gatherCase('the middle axis by a matrix', [2, 4, 3], ints([2, 2], 4, 'int64'), 1),
      gatherCase('one row', [4, 3], ints([], 4), 0),
      gatherCase('no rows', [4, 3], ints([0], 4), 0),
      gatherCase('from a vector', [7], ints(['batch', 2], 3), 0),
    ],
    bad: [
      floatIndices((x, i) => op.gather(x, i)),
      {
        label: 'no such axis',
        inputs: [{ shape: [4, 3] }, { shape: [2], dtype: 'int32' }],
        build: (x, i) => op.gather(x, i, 2),
        code: 'shape-mismatch',
        mentions: ['[4, 3]'],
      },
    ],
  },
  scatterAdd: {
    cases: [
      scatterCase('rows, some repeated', ints([6], exactly(4, 0, 4, 4, 2, 0)), [6, 3], 5, -2),
      scatterCase('the last axis', ints([4], 3), [2, 4], 3, -1),
      scatterCase('blocks, indices of rank 2', ints([2, 3], 4, 'int64'), [2, 2, 3, 2], 4, -2),
      scatterCase('one update', ints([], 4), [3], 4, -2),
      scatterCase('no updates', ints([0], 4), [0, 2], 4, -2),
      scatterCase('width 0', ints([2], 4), [2, 0], 4, -2),
    ],
    bad: [
      floatIndices((x, i) => op.scatterAdd(i, x, 4, -2)),
      {
        label: 'axes that differ',
        inputs: [{ shape: [3], dtype: 'int32' }, { shape: [2, 4] }],
        build: (i, x) => op.scatterAdd(i, x, 4, -2),
        code: 'shape-mismatch',
      },
      {
        label: 'a positive axis',
        inputs: [{ shape: [3], dtype: 'int32' }, { shape: [3, 4] }],
        build: (i, x) => op.scatterAdd(i, x, 4, 0),
        code: 'shape-mismatch',
      },
      {
        label: 'no room',
        inputs: [{ shape: [3], dtype: 'int32' }, { shape: [3, 4] }],
        build: (i, x) => op.scatterAdd(i, x, 4, -3),
        code: 'shape-mismatch',
      },
    ],
  },
  oneHot: {
    cases: [
      {
        label: 'a vector',
        inputs: [ints(['batch'], 3)],
        build: (i) => op.oneHot(i, 3),
        reference: (i) =>
          fill([...i.shape, 3], (index) => Number(at(i, index.slice(0, -1)) === index.at(-1))),
      },
      {
        label: 'an int64 matrix times weights',
        inputs: [ints([2, 3], 4, 'int64'), float([2, 3, 4])],
        build: (i, w) => op.mul(op.oneHot(i, 4, w.dtype), w),
        reference: (i, w) =>
          zip(
            (hot, weight) => hot * weight,
            fill([2, 3, 4], (index) => Number(at(i, index.slice(0, -1)) === index.at(-1))),
            w,
          ),
      },
      {
        label: 'outside',
        inputs: [ints([3], exactly(-1, 5, 1))],
        build: (i) => op.oneHot(i, 2),
        reference: () => ({ shape: [3, 2], data: [0, 0, 0, 0, 0, 1] }),
      },
    ],
    bad: [
      {
        label: 'floats',
        inputs: [{ shape: [2] }],
        build: (x) => op.oneHot(x, 3),
        code: 'dtype-mismatch',
        mentions: ['float32'],
      },
    ],
  },
  topK: {
    cases: (
      [
        [['batch', 5], 2],
        [[2, 2, 4], 4],
        [[6], 1],
        [[0, 3], 2],
      ] as const
    ).map(([shape, k]) => ({
      label: `${k} of [${shape}]`,
      inputs: [float(shape, distinct)],
      build: (x) => {
        const { values, indices } = op.topK(x, k);
        return [values, indices];
      },
      reference: (x) => [top(x, k, (row, place) => row[place]!), top(x, k, (_, place) => place)],
    })),
    bad: [
      {
        label: 'more than there are',
        inputs: [{ shape: [2, 3] }],
        build: (x) => op.topK(x, 4),
        code: 'shape-mismatch',
      },
      { label: 'none', inputs: [{ shape: [2, 3] }], build: (x) => op.topK(x, 0), code: 'shape-mismatch' },
      { label: 'a scalar', inputs: [{ shape: [] }], build: (x) => op.topK(x, 1), code: 'shape-mismatch' },
    ],
  },
};
