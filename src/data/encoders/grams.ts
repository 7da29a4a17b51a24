import { hashString } from '../../common/random.ts';

/** Which n-grams a text is cut into: sizes [from, to], or null for none. */
export interface GramOptions {
  readonly chars: readonly [number, number] | null;
  readonly words: readonly [number, number] | null;
  readonly lowercase: boolean;
}

const CHAR_SEED = 1;
const WORD_SEED = 2;

/**
 * Counts of a text's hashed n-grams: ids from 1, below `buckets`.
 *
 * Where words are cut too, character n-grams stay inside words, with < and > at a word's ends as in P. Bojanowski et
 * al.: Enriching Word Vectors with Subword Information. TACL 2017. Otherwise the text is one word.
 */
export function countGrams(text: string, options: GramOptions, buckets: number): Map<number, number> {
  const counts = new Map<number, number>();
  const add = (gram: string, seed: number): void => {
    const id = 1 + (hashString(gram, seed) % (buckets - 1));
    counts.set(id, (counts.get(id) ?? 0) + 1);
  };
  const plain = options.lowercase ? text.toLowerCase() : text;
  const words = options.words === null ? [] : (plain.match(/[\p{L}\p{N}_']+|[^\s\p{L}\p{N}_']/gu) ?? []);
  if (options.words !== null) {
    for (let n = options.words[0]; n <= options.words[1]; n++) {
      for (let i = 0; i + n <= words.length; i++) add(words.slice(i, i + n).join(' '), WORD_SEED);
    }
  }
  if (options.chars !== null) {
    for (const word of options.words === null ? [plain] : words) {
      const marked = `<${word}>`;
      for (let n = options.chars[0]; n <= options.chars[1]; n++) {
        for (let i = 0; i + n <= marked.length; i++) add(marked.slice(i, i + n), CHAR_SEED);
      }
    }
  }
  return counts;
}
