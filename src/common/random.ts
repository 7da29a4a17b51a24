/**
 * Counter-based random numbers: value = Philox4x32-10(key = (seed, stream), counter).
 *
 * A value depends on (seed, stream, index) alone, never on how many were drawn before, so a resumed run and
 * an uninterrupted one see the same numbers, and replicas can be seeded side by side.
 *
 * J. Salmon, M. Moraes, R. Dror, D. Shaw: Parallel Random Numbers: As Easy as 1, 2, 3. SC 2011.
 */
export class RandomStream {
  readonly #key0: number;
  readonly #key1: number;
  #block = -1;
  #round = 0;
  readonly #words: Uint32Array = new Uint32Array(4);

  /** @param seed an integer; @param stream a name such as `shuffle` or `init/trunk/0/weight` */
  constructor(seed: number, stream: string) {
    this.#key0 = seed >>> 0;
    // The high half of seeds beyond 32 bits joins the stream's hash, so that they stay distinct.
    this.#key1 = (hashString(stream) ^ Math.imul(Math.floor(seed / 2 ** 32) >>> 0, 0x9e3779b1)) >>> 0;
  }

  /** The 32-bit word at `index` (an integer from 0 to 2^53) of sub-sequence `round` (an epoch, a step). */
  bits(index: number, round = 0): number {
    const block = Math.floor(index / 4);
    if (block !== this.#block || round !== this.#round) {
      philox(this.#words, block, round, this.#key0, this.#key1);
      this.#block = block;
      this.#round = round;
    }
    return this.#words[index % 4]!;
  }

  /** Uniform in the open interval (0, 1). */
  uniform(index: number, round = 0): number {
    return (this.bits(index, round) + 0.5) / 2 ** 32;
  }

  /** Standard normal by Box–Muller. */
  normal(index: number, round = 0): number {
    const radius = Math.sqrt(-2 * Math.log(this.uniform(2 * index, round)));
    return radius * Math.cos(2 * Math.PI * this.uniform(2 * index + 1, round));
  }

  /** Uniform integer in [0, below); the modulo bias is under below / 2^32. */
  integer(below: number, index: number, round = 0): number {
    return Math.floor(((this.bits(index, round) + 0.5) / 2 ** 32) * below);
  }

  /** A Fisher–Yates permutation of 0 … n − 1. */
  permutation(n: number, round = 0): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    return this.shuffle(order, round);
  }

  /** Shuffles in place and returns the same array. */
  shuffle<A extends Int32Array | unknown[]>(items: A, round = 0): A {
    const list = items as unknown[];
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.integer(i + 1, i, round);
      const held = list[i];
      list[i] = list[j];
      list[j] = held;
    }
    return items;
  }
}

/** FNV-1a over UTF-16 code units, finished with murmur3's mixer: a stable 32-bit hash of a string. */
export function hashString(text: string, seed = 0): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function philox(out: Uint32Array, index: number, round: number, key0: number, key1: number): void {
  let c0 = index >>> 0;
  let c1 = Math.floor(index / 2 ** 32) >>> 0;
  let c2 = round >>> 0;
  let c3 = Math.floor(round / 2 ** 32) >>> 0;
  let k0 = key0;
  let k1 = key1;
  for (let i = 0; i < 10; i++) {
    const lo0 = Math.imul(0xd2511f53, c0);
    const hi0 = multiplyHigh(0xd2511f53, c0);
    const lo1 = Math.imul(0xcd9e8d57, c2);
    const hi1 = multiplyHigh(0xcd9e8d57, c2);
    [c0, c1, c2, c3] = [(hi1 ^ c1 ^ k0) >>> 0, lo1 >>> 0, (hi0 ^ c3 ^ k1) >>> 0, lo0 >>> 0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The high 32 bits of an unsigned 32 × 32 product. */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const cross = aHigh * bLow + ((aLow * bLow) >>> 16);
  const middle = (cross & 0xffff) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(cross / 65536) + Math.floor(middle / 65536)) >>> 0;
}
