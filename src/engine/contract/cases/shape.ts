import * as op from '../../operators/index.ts';
import { type Contracts, float, ints } from '../case.ts';
import { at, fill, type Nd } from '../nd.ts';

export const reshaped = (x: Nd, shape: readonly number[]): Nd => ({ shape, data: x.data });
const permuted = (x: Nd, order: readonly number[]): Nd =>
  fill(
    order.map((axis) => x.shape[axis]!),
    (index) => {
      const source = new Array<number>(order.length);
      order.forEach((axis, i) => {
        source[axis] = index[i]!;
      });
      return at(x, source);
    },
  );
export const shapes: Contracts = {
  reshape: {
    cases: [
      {
        label: '[2, 6] to [3, 4]',
        inputs: [float([2, 6])],
        build: (x) => op.reshape(x, [3, 4]),
        reference: (x) => reshaped(x, [3, 4]),
      },
      {
        label: 'batch first',
        inputs: [float(['batch', 2, 3])],
        build: (x) => op.reshape(x, [x.shape[0]!, 6]),
        reference: (x) => reshaped(x, [x.shape[0]!, 6]),
      },
      {
        label: 'to one element',
        inputs: [float([1, 1])],
        build: (x) => op.reshape(x, []),
        reference: (x) => reshaped(x, []),
      },
      {
        label: 'empty',
        inputs: [float([0, 4])],
        build: (x) => op.reshape(x, [2, 0]),
        reference: (x) => reshaped(x, [2, 0]),
      },
      {
        label: 'integers',
        inputs: [ints([4], 9)],
        build: (x) => op.reshape(x, [2, 2]),
        reference: (x) => reshaped(x, [2, 2]),
      },
    ],
    bad: [
      {
        label: 'another number of elements',
        inputs: [{ shape: [2, 3] }],
        build: (x) => op.reshape(x, [5]),
        code: 'shape-mismatch',
        mentions: ['[2, 3]', '[5]'],
      },
      {
        label: 'the batch lost',
        inputs: [{ shape: ['batch', 3] }],
        build: (x) => op.reshape(x, [3]),
        code: 'shape-mismatch',
        mentions: ['[batch, 3]', '[3]'],
      },
    ],
  },
  unsqueeze: {
    cases: [0, 1, -1, -3].map((axis) => ({
      label: `axis ${axis}`,
      inputs: [float(['batch', 4])],
      build: (x) => op.unsqueeze(x, axis),
      reference: (x) => {
        const shape = [...x.shape];
        shape.splice(axis < 0 ? axis + 3 : axis, 0, 1);
        return reshaped(x, shape);
      },
    })),
    bad: [
      {
        label: 'no such place',
        inputs: [{ shape: [2, 3] }],
        build: (x) => op.unsqueeze(x, 3),
        code: 'shape-mismatch',
      },
    ],
  },
  squeeze: {
    cases: [
      {
        label: 'the last',
        inputs: [float(['batch', 4, 1])],
        build: (x) => op.squeeze(x, -1),
        reference: (x) => reshaped(x, x.shape.slice(0, 2)),
      },
      {
        label: 'the first',
        inputs: [float([1, 4])],
        build: (x) => op.squeeze(x, 0),
        reference: (x) => reshaped(x, [4]),
      },
    ],
    bad: [
      {
        label: 'a larger axis',
        inputs: [{ shape: [2, 3] }],
        build: (x) => op.squeeze(x, 0),
        code: 'shape-mismatch',
      },
    ],
  },
  transpose: {
    cases: [
      {
        label: 'a matrix',
        inputs: [float(['batch', 4])],
        build: (x) => op.transpose(x),
        reference: (x) => permuted(x, [1, 0]),
      },
      {
        label: 'the last two of four',
        inputs: [float([2, 1, 3, 2])],
        build: (x) => op.transpose(x),
        reference: (x) => permuted(x, [0, 1, 3, 2]),
      },
      {
        label: 'a cycle',
        inputs: [float([2, 3, 4])],
        build: (x) => op.transpose(x, [2, 0, 1]),
        reference: (x) => permuted(x, [2, 0, 1]),
      },
      {
        label: 'a cycle from the end',
        inputs: [float([2, 3, 4])],
        build: (x) => op.transpose(x, [-2, -1, -3]),
        reference: (x) => permuted(x, [1, 2, 0]),
      },
      {
        label: 'empty',
        inputs: [float([2, 0])],
        build: (x) => op.transpose(x),
        reference: (x) => permuted(x, [1, 0]),
      },
    ],
    bad: [
      { label: 'a vector', inputs: [{ shape: [2] }], build: (x) => op.transpose(x), code: 'shape-mismatch' },
      {
        label: 'an axis twice',
        inputs: [{ shape: [2, 3] }],
        build: (x) => op.transpose(x, [0, 0]),
        code: 'shape-mismatch',
      },
      {
        label: 'an axis missing',
        inputs: [{ shape: [2, 3] }],
        build: (x) => op.transpose(x, [0]),
        code: 'shape-mismatch',
      },
    ],
  },
  expand: {
    cases: [
      {
        label: 'ones',
        inputs: [float([2, 1, 3])],
        build: (x) => op.expand(x, [2, 4, 3]),
        reference: (x) => fill([2, 4, 3], (index) => at(x, index)),
      },
      {
        label: 'new axes',
        inputs: [float([3])],
        build: (x) => op.expand(x, [2, 2, 3]),
        reference: (x) => fill([2, 2, 3], (index) => at(x, index)),
      },
      {
        label: 'a scalar',
        inputs: [float([])],
        build: (x) => op.expand(x, [4]),
        reference: (x) => fill([4], (index) => at(x, index)),
      },
      {
        label: 'to nothing',
        inputs: [float([1, 3])],
        build: (x) => op.expand(x, [0, 3]),
        reference: () => ({ shape: [0, 3], data: [] }),
      },
      {
        label: 'the batch',
        inputs: [float(['batch', 1])],
        build: (x) => op.expand(x, [2, x.shape[0]!, 4]),
        reference: (x) => fill([2, x.shape[0]!, 4], (index) => at(x, index)),
      },
    ],
    bad: [
      {
        label: 'a size that is not 1',
        inputs: [{ shape: [2, 3] }],
        build: (x) => op.expand(x, [2, 6]),
        code: 'shape-mismatch',
        mentions: ['[2, 3]', '[2, 6]'],
      },
      {
        label: 'fewer axes',
        inputs: [{ shape: [2, 3] }],
        build: (x) => op.expand(x, [3]),
        code: 'shape-mismatch',
        mentions: ['[2, 3]', '[3]'],
      },
    ],
  },
};
