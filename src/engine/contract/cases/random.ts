import { hashString, RandomStream } from '../../../common/random.ts';
import * as op from '../../operators/index.ts';
import { type Contracts, type Draw, float, ints } from '../case.ts';
import { fill, type Nd, zip } from '../nd.ts';

const words: Draw = (size, random, position) =>
  Array.from({ length: size }, (_, i) => random.bits(i + 100 * position) | 0);

function bits(site: string, shape: readonly number[], multiplier: Nd, offset: Nd): Nd {
  const word = (name: string): Nd => {
    const stream = new RandomStream(hashString(site), name);
    let i = 0;
    return fill(shape, () => stream.bits(i++) | 0);
  };
  return zip(
    (a, b, k1, k2) => (Math.imul(b, k1) + a + k2) | 0,
    word('addend'),
    word('multiplicand'),
    multiplier,
    offset,
  );
}

const kept = (word: number, rate: number): number => Number(word >= Math.round(-(2 ** 31) + rate * 2 ** 32));

export const randomness: Contracts = {
  randomBits: {
    cases: [
      {
        label: 'one pair of keys',
        inputs: [ints([], words), ints([], words)],
        build: (a, b) => op.randomBits([a, b], 'trunk/0', [4, 5]),
        reference: (a, b) => bits('trunk/0', [4, 5], a, b),
      },
      {
        label: 'replicas',
        inputs: [ints([2, 1], words), ints([2, 1], words)],
        build: (a, b) => op.randomBits([a, b], 'trunk/1', [7]),
        reference: (a, b) => bits('trunk/1', [7], a, b),
      },
      {
        label: 'nothing',
        inputs: [ints([], words), ints([], words)],
        build: (a, b) => op.randomBits([a, b], 'trunk/2', [0, 3]),
        reference: () => ({ shape: [0, 3], data: [] }),
      },
    ],
    bad: [
      {
        label: 'float keys',
        inputs: [{ shape: [] }, { shape: [] }],
        build: (a, b) => op.randomBits([a, b!], 'site', [3]),
        code: 'dtype-mismatch',
        mentions: ['float32'],
      },
      {
        label: 'keys that do not fit',
        inputs: [
          { shape: [2], dtype: 'int32' },
          { shape: [2], dtype: 'int32' },
        ],
        build: (a, b) => op.randomBits([a, b!], 'site', [3]),
        code: 'shape-mismatch',
      },
    ],
  },
  dropout: {
    cases: [
      {
        label: 'elementwise',
        inputs: [float([4, 5]), ints([], words), ints([], words)],
        build: (x, a, b) => op.dropout(x, 0.3, [a, b], 'head'),
        reference: (x, a, b) =>
          zip((value, word) => (value * kept(word, 0.3)) / 0.7, x, bits('head', [4, 5], a, b)),
      },
      {
        label: 'whole rows of replicas',
        inputs: [float([2, 4, 3]), ints([2, 1, 1], words), ints([2, 1, 1], words)],
        build: (x, a, b) => op.dropout(x, 0.5, [a, b], 'rows', [4, 1]),
        reference: (x, a, b) =>
          zip((value, word) => (value * kept(word, 0.5)) / 0.5, x, bits('rows', [4, 1], a, b)),
      },
    ],
    bad: [
      {
        label: 'a rate of 1',
        inputs: [{ shape: [2] }, { shape: [], dtype: 'int32' }],
        build: (x, k) => op.dropout(x, 1, [k!, k!], 'head'),
        code: 'operator-invalid',
        mentions: ['head'],
      },
    ],
  },
};
