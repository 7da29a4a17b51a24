/**
 * Numbers distinct integers in the order in which they first appear: an open-addressing hash table in one typed
 * array, because a Map costs ten times as much per look-up.
 */
export class RowNumbering {
  readonly #mask: number;
  readonly #shift: number;
  /** Pairs (key + 1, number); 0 marks a free place. */
  readonly #places: Int32Array;
  readonly #keys: Int32Array;
  #size = 0;

  /** @param capacity how many distinct keys there can be */
  constructor(capacity: number) {
    const bits = Math.max(1, Math.ceil(Math.log2(Math.max(1, capacity) * 2)));
    this.#mask = 2 ** bits - 1;
    this.#shift = 32 - bits;
    this.#places = new Int32Array(2 ** (bits + 1));
    this.#keys = new Int32Array(capacity);
  }

  /** The number of a key, from 0 to 2³¹ − 2; a new key gets the next one. */
  number(key: number): number {
    const places = this.#places;
    let at = Math.imul(key, 0x9e3779b1) >>> this.#shift;
    for (;;) {
      const held = places[2 * at]!;
      if (held === key + 1) return places[2 * at + 1]!;
      if (held === 0) break;
      at = (at + 1) & this.#mask;
    }
    places[2 * at] = key + 1;
    places[2 * at + 1] = this.#size;
    this.#keys[this.#size] = key;
    return this.#size++;
  }

  /** The keys in the order of their numbers. */
  keys(): Int32Array {
    return this.#keys.slice(0, this.#size);
  }
}
