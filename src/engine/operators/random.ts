import { PolytaskError } from '../../common/error.ts';
import { hashString, RandomStream } from '../../common/random.ts';
import {
  apply,
  broadcastShapes,
  dtypeError,
  formatShape,
  layerPath,
  type Operator,
  type Shape,
  type Tensor,
} from '../tensor.ts';
import { cast, greaterOrEqual, mul } from './arithmetic.ts';

type BitsAttributes = { site: string; shape: Shape };

export const randomBitsOperator: Operator<BitsAttributes> = {
  name: 'randomBits',
  infer: (keys, { shape }) => {
    if (keys.some(({ dtype }) => dtype !== 'int32')) throw dtypeError('randomBits', 'int32 keys', keys);
    return [{ dtype: 'int32', shape: broadcastShapes('randomBits', [{ dtype: 'int32', shape }, ...keys]) }];
  },
  emit: (graph, [multiplier, offset], { attributes: { site, shape } }) => {
    const dims = graph.resolve(shape);
    if (!dims.every((dim) => typeof dim === 'number'))
      throw new PolytaskError('dimension-unbound', {
        path: site,
        expected: 'a static shape for random bits',
        found: formatShape(dims),
        help: 'Bind the batch size when compiling a training step.',
      });
    const count = dims.reduce<number>((size, dim) => size * (dim as number), 1);
    const words = (name: string): string => {
      const stream = new RandomStream(hashString(site), name);
      return graph.constant(
        'int32',
        dims as number[],
        Int32Array.from({ length: count }, (_, i) => stream.bits(i) | 0),
      );
    };
    const product = graph.op('Mul', [words('multiplicand'), multiplier!]);
    return [graph.op('Add', [graph.op('Add', [product, words('addend')]), offset!])];
  },
  vjp: () => [undefined, undefined],
};

/**
 * Counter-based random words: A + k₁ ⊙ B + k₂ (mod 2³²), with fixed random words A, B for every position of `site`
 * and keys (k₁, k₂) that the caller draws from (seed, stream, step).
 *
 * Over random keys any two positions are pairwise independent (J. Carter, M. Wegman: Universal classes of hash
 * functions, JCSS 1979), and it needs nothing but integer products, which every runtime has.
 *
 * @param keys two int32 tensors that broadcast against `shape`
 */
export function randomBits(keys: readonly [Tensor, Tensor], site: string, shape: Shape): Tensor {
  return apply(randomBitsOperator, keys, { site, shape })[0]!;
}

/**
 * Sets each element to 0 with probability `rate` and divides the others by 1 − rate.
 *
 * N. Srivastava et al.: Dropout. JMLR 2014.
 *
 * @param keys see randomBits; new ones at every step
 * @param shape the axes over which masks differ, by default those of x
 */
export function dropout(
  x: Tensor,
  rate: number,
  keys: readonly [Tensor, Tensor],
  site: string,
  shape: Shape = x.shape,
): Tensor {
  if (!(rate >= 0 && rate < 1))
    throw new PolytaskError('operator-invalid', {
      path: layerPath(site),
      expected: 'a dropout rate in [0, 1)',
      found: String(rate),
      help: 'A rate of 0 keeps everything; 1 would keep nothing.',
    });
  if (rate === 0) return x;
  const threshold = Math.min(2 ** 31 - 1, Math.round(-(2 ** 31) + rate * 2 ** 32));
  const kept = cast(greaterOrEqual(randomBits(keys, site, shape), threshold), x.dtype);
  return mul(x, mul(kept, 1 / (1 - rate)));
}
