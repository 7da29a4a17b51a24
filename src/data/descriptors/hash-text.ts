import { countGrams, type GramOptions } from '../encoders/grams.ts';

const GRAMS: GramOptions = { chars: [3, 5], words: [1, 2], lowercase: true };

/**
 * A text as a vector of Euclidean length 1: 1 + ln count of its words, pairs of words and character n-grams, each at the
 * place that its hash says.
 *
 * K. Weinberger et al.: Feature hashing for large scale multitask learning. ICML 2009.
 *
 * @param width how many numbers
 */
export function hashText(text: string, width: number): Float32Array {
  const vector = new Float32Array(width);
  for (const [id, count] of countGrams(text, GRAMS, width + 1)) vector[id - 1] = 1 + Math.log(count);
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
