import type { Column } from '../../common/table.ts';
import type { EncoderSpec } from '../encoders/encoder.ts';
import { type Profile, profileOf, share } from './profile.ts';

export interface Decision {
  readonly role: 'input' | 'excluded';
  readonly encoder?: EncoderSpec;
  readonly note: string;
}

/** A rule answers or passes on to the next. */
type Rule = (profile: Profile) => Decision | undefined;

/** Below this number of rows nothing can be said from values being unique. */
const FEW_ROWS = 20;
const ID_NAME = /^(id|uuid|guid|index|row_?names?|row_?(id|number|nr|no)|unnamed: ?0|instant)$/i;
const ID_SUFFIX = /(_|-|\b)(id|uuid|guid|nbr|key)$/i;
const ID_CAMEL = /[a-z](Id|ID)$/;
const CODE_NAME = /((_|-|\b)(code|zip|zipcode|postcode|postal)|[a-z](Code|Zip))$/i;

const namedLikeId = (name: string): boolean =>
  ID_NAME.test(name) || ID_SUFFIX.test(name) || ID_CAMEL.test(name);

const drop = (note: string): Decision => ({ role: 'excluded', note });
const keep = (note: string, encoder: EncoderSpec): Decision => ({ role: 'input', encoder, note });

/** The rules in order; the first that answers decides. */
const RULES: readonly Rule[] = [
  ({ present }) => (present === 0 ? drop('no values') : undefined),

  ({ distinct, present, rows, samples }) =>
    distinct === 1 && present === rows ? drop(`constant: always ${samples[0]}`) : undefined,

  ({ column }) => (column.type === 'boolean' ? keep('true or false', { kind: 'boolean' }) : undefined),

  ({ column }) => (column.type === 'date' ? keep('a date', { kind: 'date' }) : undefined),

  ({ column, present, rows, distinct }) => {
    if (column.type !== 'number' || !column.integer || rows < FEW_ROWS) return undefined;
    if (distinct === rows && present === rows && isMonotone(column.values)) {
      return drop('an id: whole numbers that only rise or fall from row to row');
    }
    if (!namedLikeId(column.name) && !CODE_NAME.test(column.name)) return undefined;
    if (distinct > present / 2 && namedLikeId(column.name))
      return drop('an id by its name, and mostly unique');
    return distinct <= present / 2 ? keep('numbers that name things', { kind: 'categorical' }) : undefined;
  },

  ({ column, distinct }) =>
    column.type === 'number' ? keep(`a number, ${distinct} distinct values`, { kind: 'numeric' }) : undefined,

  ({ samples, distinct }) =>
    distinct > 3 && share(samples, (text) => text.includes('|')) > 0.3
      ? keep('lists of labels joined with "|"', { kind: 'text', chars: false, words: [1, 1] })
      : undefined,

  ({ column, distinct, present, rows, samples }) => {
    const unique = rows >= FEW_ROWS && distinct > 0.95 * present;
    return unique && (namedLikeId(column.name) || looksLikeIds(samples))
      ? drop('an id: unique strings of one form')
      : undefined;
  },

  ({ distinct, present, samples }) => {
    const words = samples.reduce((sum, text) => sum + text.split(/\s+/).length, 0) / samples.length;
    const mostlyDistinct = present >= FEW_ROWS && distinct > present / 2;
    if (!mostlyDistinct && !(words >= 4 && distinct > 200)) return undefined;
    const unbroken = words < 1.5;
    return keep(
      unbroken ? `unbroken strings, ${distinct} distinct` : `free text, ${words.toFixed(1)} words on average`,
      { kind: 'text' },
    );
  },

  ({ samples, distinct }) => {
    const words = samples.filter((text) => !Number.isFinite(Number(text)));
    return samples.length >= 10 && words.length > 0 && words.length <= samples.length * 0.1
      ? keep(`${distinct} categories; numbers but for "${words[0]}": is that a missing value?`, {
          kind: 'categorical',
        })
      : undefined;
  },

  ({ distinct }) => keep(`${distinct} categories`, { kind: 'categorical' }),
];

/** Role and encoder of a column that nothing was said about. */
export function inferInput(column: Column): Decision {
  const profile = profileOf(column);
  for (const rule of RULES) {
    const decision = rule(profile);
    if (decision !== undefined) return decision;
  }
  throw new Error('unreachable: the last rule always answers');
}

function isMonotone(values: Float64Array): boolean {
  const sign = Math.sign(values[1]! - values[0]!);
  return values.every((value, i) => i === 0 || Math.sign(value - values[i - 1]!) === sign);
}

/** One length for all, or one pattern of letters around digits, as in TOX3021 or A-17. */
function looksLikeIds(samples: readonly string[]): boolean {
  if (share(samples, (text) => /\s/.test(text)) > 0) return false;
  const lengths = new Set(samples.map((text) => text.length));
  if (lengths.size === 1) return true;
  const patterns = new Set(samples.map((text) => text.replace(/\d+/g, '0')));
  return (
    patterns.size <= Math.max(1, samples.length / 100) && [...patterns].every((text) => text.includes('0'))
  );
}
