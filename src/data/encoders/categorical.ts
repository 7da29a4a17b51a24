import { hashString } from '../../common/random.ts';
import type { Column } from '../../common/table.ts';
import { codesOf } from '../columns.ts';
import { type Encoder, NO_SHAPE } from './encoder.ts';

export interface CategoricalOptions {
  /** Values with fewer training rows share one code; default: 2 below 2,000 training rows, else 5. */
  readonly minCount: number | 'auto';
  /** With more distinct values than this, values are hashed into as many codes. */
  readonly maxCardinality: number;
}

interface CategoricalState {
  /** Values with a code of their own, which is their position + 2; undefined where values are hashed. */
  readonly values?: readonly string[];
  /** Values with few training rows, which share a code: a rare value is not unseen. */
  readonly rareValues?: readonly string[];
  readonly buckets: number;
  readonly type: Column['type'];
}

const MISSING = 0;
const RARE = 1;

/**
 * A code a category: 0 missing or unseen, 1 rare, then by falling frequency; above a limit of distinct values, hashed.
 *
 * Hashing: K. Weinberger et al.: Feature Hashing for Large Scale Multitask Learning. ICML 2009.
 */
export const categoricalEncoder: Encoder<CategoricalOptions, CategoricalState> = {
  kind: 'categorical',
  defaults: { minCount: 'auto', maxCardinality: 20_000 },
  types: ['string', 'number', 'boolean', 'date'],
  check: ({ minCount, maxCardinality }) =>
    minCount !== 'auto' && !(Number.isInteger(minCount) && minCount >= 1)
      ? 'minCount: auto, or a whole number from 1'
      : !(Number.isInteger(maxCardinality) && maxCardinality >= 1)
        ? 'maxCardinality: a whole number from 1'
        : undefined,
  fit(column, rows, { minCount, maxCardinality }) {
    const { codes, values } = codesOf(column);
    const counts = new Uint32Array(values.length);
    for (let i = 0; i < rows.length; i++) if (codes[rows[i]!]! >= 0) counts[codes[rows[i]!]!]!++;
    const least = minCount === 'auto' ? (rows.length < 2000 ? 2 : 5) : minCount;
    const seen = [...counts.keys()].filter((code) => counts[code]! > 0);
    const kept = seen.filter((code) => counts[code]! >= least);
    const { type } = column;
    if (kept.length > maxCardinality) return { type, buckets: maxCardinality };
    kept.sort((a, b) => counts[b]! - counts[a]! || (values[a]! < values[b]! ? -1 : 1));
    return {
      type,
      values: kept.map((code) => values[code]!),
      // A long tail is not worth carrying in a model; without it, rare values count as unseen.
      ...(seen.length - kept.length <= 5000 && {
        rareValues: seen.flatMap((code) => (counts[code]! < least ? [values[code]!] : [])).sort(),
      }),
      buckets: 0,
    };
  },
  build(name, state) {
    const codeOf = new Map<string, number>();
    for (const value of state.rareValues ?? []) codeOf.set(value, RARE);
    for (const [i, value] of (state.values ?? []).entries()) codeOf.set(value, i + 2);
    const code =
      state.values === undefined
        ? (value: string) => 2 + (hashString(value) % state.buckets)
        : (value: string) => codeOf.get(value) ?? MISSING;
    const cardinality = 2 + (state.values?.length ?? state.buckets);
    return {
      type: state.type,
      shape: { ...NO_SHAPE, categorical: [{ name, cardinality }] },
      encode(column) {
        const { codes, values } = codesOf(column);
        const translated = values.map(code);
        return { categorical: [codes.map((c) => (c < 0 ? MISSING : translated[c]!))] };
      },
      unseen(column) {
        const { codes, values } = codesOf(column);
        const seen = new Uint8Array(values.length);
        const found: string[] = [];
        for (const c of codes) {
          if (c < 0 || seen[c] === 1) continue;
          seen[c] = 1;
          if (code(values[c]!) === MISSING) found.push(values[c]!);
        }
        return found;
      },
    };
  },
};
