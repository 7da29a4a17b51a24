import * as op from '../../operators/index.ts';
import { type Contracts, float, ints } from '../case.ts';
import { at, fill, type Nd } from '../nd.ts';
import { reshaped } from './shape.ts';

const sliced = (x: Nd, axis: number, start: number, end: number): Nd =>
  fill(
    x.shape.map((size, i) => (i === axis ? end - start : size)),
    (index) =>
      at(
        // A block of size 1 would stretch, so the index is exact only on full axes.
        x,
        index.map((value, i) => (i === axis ? value + start : value)),
      ),
  );
const joined = (parts: readonly Nd[], axis: number): Nd => {
  const total = parts.reduce((size, part) => size + part.shape[axis]!, 0);
  return fill(
    parts[0]!.shape.map((size, i) => (i === axis ? total : size)),
    (index) => {
      let place = index[axis]!;
      for (const part of parts) {
        if (place < part.shape[axis]!)
          return at(
            part,
            index.map((value, i) => (i === axis ? place : value)),
          );
        place -= part.shape[axis]!;
      }
      return Number.NaN;
    },
  );
};
const padded = (x: Nd, axis: number, before: number, after: number, value: number): Nd =>
  fill(
    x.shape.map((size, i) => (i === axis ? size + before + after : size)),
    (index) => {
      const place = index[axis]! - before;
      if (place < 0 || place >= x.shape[axis]!) return value;
      return at(
        x,
        index.map((own, i) => (i === axis ? place : own)),
      );
    },
  );

/** More sizes than a shader may have buffers: kernels of GPUs take such a node in turns, or not at all. */
const MANY = Array.from({ length: 24 }, (_, i) => 1 + (i % 3));
const START = MANY.map((_, i) => MANY.slice(0, i).reduce((a, b) => a + b, 0));

export const parts: Contracts = {
  concat: {
    cases: [
      {
        label: 'columns',
        inputs: [float(['batch', 2]), float(['batch', 3]), float(['batch', 1])],
        build: (...x) => op.concat(x, -1),
        reference: (...x) => joined(x, 1),
      },
      {
        label: 'rows, one part empty',
        inputs: [float([2, 3]), float([0, 3])],
        build: (...x) => op.concat(x, 0),
        reference: (...x) => joined(x, 0),
      },
      {
        label: 'the same twice',
        inputs: [float([2, 1, 2])],
        build: (x) => op.concat([x, x], 1),
        reference: (x) => joined([x, x!], 1),
      },
      {
        label: 'integers',
        inputs: [ints([2], 5), ints([3], 5)],
        build: (...x) => op.concat(x, 0),
        reference: (...x) => joined(x, 0),
      },
      {
        label: 'many columns',
        inputs: MANY.map((size) => float([3, size])),
        build: (...x) => op.concat(x, -1),
        reference: (...x) => joined(x, 1),
      },
    ],
    bad: [
      {
        label: 'other sizes',
        inputs: [{ shape: [2, 3] }, { shape: [3, 3] }],
        build: (...x) => op.concat(x, 1),
        code: 'shape-mismatch',
      },
      {
        label: 'two dtypes',
        inputs: [{ shape: [2] }, { shape: [2], dtype: 'int32' }],
        build: (...x) => op.concat(x, 0),
        code: 'dtype-mismatch',
        mentions: ['float32', 'int32'],
      },
      { label: 'nothing', inputs: [], build: () => op.concat([], 0), code: 'operator-invalid' },
      {
        label: 'no such axis',
        inputs: [{ shape: [2, 3] }],
        build: (...x) => op.concat(x, 2),
        code: 'shape-mismatch',
      },
    ],
  },
  stack: {
    cases: [0, 1, -1].map((axis) => ({
      label: `axis ${axis}`,
      inputs: [float([2, 3]), float([2, 3])],
      build: (...x) => op.stack(x, axis),
      reference: (...x) => {
        const place = axis < 0 ? axis + 3 : axis;
        return joined(
          x.map((part) => {
            const shape = [...part.shape];
            shape.splice(place, 0, 1);
            return reshaped(part, shape);
          }),
          place,
        );
      },
    })),
    bad: [
      {
        label: 'other shapes',
        inputs: [{ shape: [2] }, { shape: [3] }],
        build: (...x) => op.stack(x),
        code: 'shape-mismatch',
        mentions: ['[1, 2]', '[1, 3]'],
      },
    ],
  },
  split: {
    cases: [
      {
        label: 'three parts',
        inputs: [float(['batch', 6])],
        build: (x) => op.split(x, [1, 2, 3], -1),
        reference: (x) => [sliced(x, 1, 0, 1), sliced(x, 1, 1, 3), sliced(x, 1, 3, 6)],
      },
      {
        label: 'an empty part',
        inputs: [float([3, 2])],
        build: (x) => op.split(x, [0, 3], 0),
        reference: (x) => [sliced(x, 0, 0, 0), sliced(x, 0, 0, 3)],
      },
      {
        label: 'one part used',
        inputs: [float([2, 5])],
        build: (x) => op.split(x, [2, 3], 1)[1]!,
        reference: (x) => sliced(x, 1, 2, 5),
      },
      {
        label: 'many parts',
        inputs: [float([3, MANY.reduce((a, b) => a + b)])],
        build: (x) => op.split(x, MANY, -1),
        reference: (x) => MANY.map((size, i) => sliced(x, 1, START[i]!, START[i]! + size)),
      },
    ],
    bad: [
      {
        label: 'another total',
        inputs: [{ shape: [2, 5] }],
        build: (x) => op.split(x, [2, 2], 1),
        code: 'shape-mismatch',
      },
      {
        label: 'one part, too small',
        inputs: [{ shape: [2, 5] }],
        build: (x) => op.split(x, [4], 1),
        code: 'shape-mismatch',
      },
      {
        label: 'a negative part',
        inputs: [{ shape: [2, 5] }],
        build: (x) => op.split(x, [6, -1], 1),
        code: 'shape-mismatch',
      },
    ],
  },
  slice: {
    cases: [
      {
        label: 'columns',
        inputs: [float(['batch', 5])],
        build: (x) => op.slice(x, -1, 1, 4),
        reference: (x) => sliced(x, 1, 1, 4),
      },
      {
        label: 'one row',
        inputs: [float([3, 2, 2])],
        build: (x) => op.slice(x, 0, 2, 3),
        reference: (x) => sliced(x, 0, 2, 3),
      },
      {
        label: 'nothing',
        inputs: [float([3, 2])],
        build: (x) => op.slice(x, 0, 1, 1),
        reference: (x) => sliced(x, 0, 1, 1),
      },
      {
        label: 'integers',
        inputs: [ints([4], 9)],
        build: (x) => op.slice(x, 0, 1, 3),
        reference: (x) => sliced(x, 0, 1, 3),
      },
    ],
    bad: [
      {
        label: 'past the end',
        inputs: [{ shape: [2, 5] }],
        build: (x) => op.slice(x, 1, 2, 6),
        code: 'shape-mismatch',
      },
      {
        label: 'a negative start',
        inputs: [{ shape: [2, 5] }],
        build: (x) => op.slice(x, 1, -2, 5),
        code: 'shape-mismatch',
      },
      {
        label: 'half an element',
        inputs: [{ shape: [2, 5] }],
        build: (x) => op.slice(x, 1, 0.5, 2),
        code: 'shape-mismatch',
      },
    ],
  },
  pad: {
    cases: [
      {
        label: 'both sides',
        inputs: [float(['batch', 3])],
        build: (x) => op.pad(x, -1, 1, 2),
        reference: (x) => padded(x, 1, 1, 2, 0),
      },
      {
        label: 'before, with a value',
        inputs: [float([2, 2, 2])],
        build: (x) => op.pad(x, 1, 1, 0, -3),
        reference: (x) => padded(x, 1, 1, 0, -3),
      },
      {
        label: 'between transpositions',
        inputs: [float([2, 3, 4])],
        build: (x) => op.transpose(op.pad(op.transpose(x, [1, 2, 0]), 0, 1, 2), [2, 0, 1]),
        reference: (x) => padded(x, 1, 1, 2, 0),
      },
      {
        label: 'nothing',
        inputs: [float([0, 2])],
        build: (x) => op.pad(x, 0, 1, 1),
        reference: () => ({ shape: [2, 2], data: [0, 0, 0, 0] }),
      },
      {
        label: 'by nothing',
        inputs: [float([2]), float([2])],
        build: (x, y) => op.add(op.pad(x, 0, 0, 0), op.pad(op.slice(y, 0, 0, 1), 0, 0, 1)),
        reference: (x, y) => ({ shape: [2], data: [x.data[0]! + y.data[0]!, x.data[1]!] }),
      },
    ],
    bad: [
      {
        label: 'a negative amount',
        inputs: [{ shape: [2, 5] }],
        build: (x) => op.pad(x, 1, -1, 0),
        code: 'shape-mismatch',
      },
      {
        label: 'the batch',
        inputs: [{ shape: ['batch', 5] }],
        build: (x) => op.pad(x, 0, 1, 0),
        code: 'shape-mismatch',
      },
    ],
  },
};
