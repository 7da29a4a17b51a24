import { codesOf } from '../columns.ts';
import { type Encoder, NO_SHAPE } from './encoder.ts';
import { countGrams, type GramOptions } from './grams.ts';

export interface TextOptions {
  /** Sizes of character n-grams, or false; default 2–4 for unbroken strings such as SMILES, 3–5 for prose. */
  readonly chars: readonly [number, number] | false | 'auto';
  /** Sizes of word n-grams, or false; default none for unbroken strings, 1–2 for prose. */
  readonly words: readonly [number, number] | false | 'auto';
  /** Default: prose only. */
  readonly lowercase: boolean | 'auto';
  /** Rows of the table that n-grams are hashed into; default: a power of two that fits, at most 65,536. */
  readonly buckets: number | 'auto';
  /** N-grams a row at most; the rarest among the training rows are kept. */
  readonly maxLength: number;
  /** tf: 1 + log count; binary: 1; tfidf: tf × idf. */
  readonly weights: 'tf' | 'binary' | 'tfidf';
  /** A row's weights have Euclidean length 1, or sum 1. */
  readonly normalise: 'l2' | 'mean';
}

interface TextState {
  readonly grams: GramOptions;
  readonly buckets: number;
  readonly length: number;
  readonly weights: TextOptions['weights'];
  readonly normalise: TextOptions['normalise'];
  readonly documents: number;
  /** In how many training rows each bucket occurs, as round(12 log₂(1 + n)), a byte each in base64. */
  readonly frequencies: string;
}

/** Texts, cut into n-grams that are hashed into a table of fixed size, with a weight each; id 0 is padding. */
export const textEncoder: Encoder<TextOptions, TextState> = {
  kind: 'text',
  defaults: {
    chars: 'auto',
    words: 'auto',
    lowercase: 'auto',
    buckets: 'auto',
    maxLength: 256,
    weights: 'tf',
    normalise: 'l2',
  },
  types: ['string', 'number', 'boolean', 'date'],
  check: wrongOption,
  fit(column, rows, options) {
    const { codes, values } = codesOf(column);
    const uses = new Map<number, number>();
    for (let i = 0; i < rows.length; i++) {
      const code = codes[rows[i]!]!;
      if (code >= 0) uses.set(code, (uses.get(code) ?? 0) + 1);
    }
    const texts = [...uses.keys()].map((code) => values[code]!);
    const grams = resolveGrams(texts, options);
    const buckets = options.buckets === 'auto' ? enoughBuckets(texts, grams) : options.buckets;
    const frequencies = new Uint32Array(buckets);
    let length = 1;
    for (const [code, times] of uses) {
      const ids = countGrams(values[code]!, grams, buckets);
      for (const id of ids.keys()) frequencies[id]! += times;
      length = Math.max(length, ids.size);
    }
    return {
      grams,
      buckets,
      length: Math.min(length, options.maxLength),
      weights: options.weights,
      normalise: options.normalise,
      documents: rows.length,
      frequencies: packFrequencies(frequencies),
    };
  },
  build(name, state) {
    const { grams, buckets, length, weights, normalise, documents } = state;
    const frequencies = Uint8Array.from(atob(state.frequencies), (char) => char.charCodeAt(0));
    const idf = (id: number): number =>
      1 + Math.max(0, Math.log((1 + documents) / 2 ** (frequencies[id]! / 12)));
    const tf = (count: number): number => (weights === 'binary' ? 1 : 1 + Math.log(count));
    const bag = (text: string): { ids: number[]; weights: number[] } => {
      let entries = [...countGrams(text, grams, buckets)];
      if (entries.length > length) {
        entries = entries
          .sort((a, b) => frequencies[a[0]]! - frequencies[b[0]]! || a[0] - b[0])
          .slice(0, length);
      }
      const raw = entries.map(([id, count]) => tf(count) * (weights === 'tfidf' ? idf(id) : 1));
      const size = normalise === 'l2' ? Math.hypot(...raw) : raw.reduce((sum, weight) => sum + weight, 0);
      return { ids: entries.map(([id]) => id), weights: raw.map((weight) => weight / size) };
    };
    return {
      type: 'string',
      shape: { ...NO_SHAPE, text: [{ name, buckets, length }] },
      encode(column) {
        const { codes, values } = codesOf(column);
        const bags: ReturnType<typeof bag>[] = [];
        const ids = new Int32Array(codes.length * length);
        const out = new Float32Array(codes.length * length);
        codes.forEach((code, row) => {
          if (code < 0) return;
          const cached = (bags[code] ??= bag(values[code]!));
          ids.set(cached.ids, row * length);
          out.set(cached.weights, row * length);
        });
        return { text: [{ ids, weights: out }] };
      },
    };
  },
};

/** Prose has white space in most of its texts. */
function resolveGrams(texts: readonly string[], { chars, words, lowercase }: TextOptions): GramOptions {
  const prose = texts.filter((text) => /\s|\|/.test(text)).length > texts.length / 2;
  return {
    chars: chars === 'auto' ? (prose ? [3, 5] : [2, 4]) : chars === false ? null : chars,
    words: words === 'auto' ? (prose ? [1, 2] : null) : words === false ? null : words,
    lowercase: lowercase === 'auto' ? prose : lowercase,
  };
}

/** The power of two from 256 to 65,536 that is at least the number of distinct n-grams. */
function enoughBuckets(texts: readonly string[], grams: GramOptions): number {
  const distinct = new Set<number>();
  for (const text of texts) {
    for (const id of countGrams(text, grams, 2 ** 24).keys()) distinct.add(id);
    if (distinct.size >= 2 ** 16) break;
  }
  return 2 ** Math.max(8, Math.min(16, Math.ceil(Math.log2(distinct.size + 2))));
}

function packFrequencies(frequencies: Uint32Array): string {
  const text = Array.from(frequencies, (n) =>
    String.fromCharCode(Math.min(255, Math.round(12 * Math.log2(1 + n)))),
  );
  return btoa(text.join(''));
}

function wrongOption(options: TextOptions): string | undefined {
  const sizes = (value: TextOptions['chars']): boolean =>
    value === 'auto' ||
    value === false ||
    (Array.isArray(value) &&
      value.length === 2 &&
      value[0] >= 1 &&
      value[1] >= value[0] &&
      value.every(Number.isInteger));
  if (!sizes(options.chars) || !sizes(options.words)) return 'chars and words: auto, false or [from, to]';
  if (options.chars === false && options.words === false) return 'chars or words, not neither';
  const whole = (value: unknown, from: number): boolean =>
    Number.isInteger(value) && (value as number) >= from;
  if (options.buckets !== 'auto' && !whole(options.buckets, 2))
    return 'buckets: auto, or a whole number from 2';
  if (!whole(options.maxLength, 1)) return 'maxLength: a whole number from 1';
  if (!['tf', 'binary', 'tfidf'].includes(options.weights)) return 'weights: tf, binary or tfidf';
  if (!['l2', 'mean'].includes(options.normalise)) return 'normalise: l2 or mean';
  return [true, false, 'auto'].includes(options.lowercase) ? undefined : 'lowercase: true, false or auto';
}
