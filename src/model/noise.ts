import { add, cast, clip, log, mul, neg, randomBits, type Shape, type Tensor } from '../engine/index.ts';

/** The resolution of float32 next to 1, and next to −½ before the shift. */
const [BELOW_ONE, ABOVE_ZERO] = [1 - 2 ** -24, 2 ** -25];

/**
 * Uniform noise strictly between 0 and 1: ½ + word / 2³².
 *
 * @param keys as those of `randomBits`; they broadcast against `shape`
 * @param site sets noise of one step apart
 */
export function uniformNoise(keys: readonly [Tensor, Tensor], site: string, shape: Shape): Tensor {
  const words = cast(randomBits(keys, site, shape), 'float32');
  return clip(add(mul(words, 2 ** -32), 0.5), ABOVE_ZERO, BELOW_ONE);
}

/**
 * Noise −log(−log u) of Gumbel's distribution: argmaxᵢ (log πᵢ + gᵢ) draws i with probability πᵢ.
 *
 * E. Jang, S. Gu, B. Poole: Categorical reparameterization with Gumbel-softmax. ICLR 2017.
 */
export function gumbelNoise(keys: readonly [Tensor, Tensor], site: string, shape: Shape): Tensor {
  return neg(log(neg(log(uniformNoise(keys, site, shape)))));
}
