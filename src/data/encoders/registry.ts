import { PolytaskError, suggest } from '../../common/error.ts';
import type { Column } from '../../common/table.ts';
import { booleanEncoder } from './boolean.ts';
import { categoricalEncoder } from './categorical.ts';
import { dateEncoder } from './date.ts';
import {
  completeOptions,
  type Encoder,
  type EncoderJSON,
  type EncoderSpec,
  type FittedEncoder,
} from './encoder.ts';
import { numericEncoder } from './numeric.ts';
import { textEncoder } from './text.ts';

/** Every encoder by its kind. */
export const ENCODERS: Readonly<Record<string, Encoder>> = Object.fromEntries(
  ([numericEncoder, categoricalEncoder, booleanEncoder, dateEncoder, textEncoder] as Encoder[]).map(
    (encoder) => [encoder.kind, encoder],
  ),
);

/** The encoder of a kind, checked against the column's type; an error suggests what would do. */
export function requireEncoder(spec: EncoderSpec, column: Pick<Column, 'name' | 'type'>): Encoder {
  const encoder = Object.hasOwn(ENCODERS, spec.kind) ? ENCODERS[spec.kind]! : undefined;
  if (encoder === undefined) {
    throw new PolytaskError('encoder-invalid', {
      path: `encoders.${column.name}`,
      expected: 'an encoder',
      found: String(spec.kind),
      help: suggest(String(spec.kind), Object.keys(ENCODERS)),
    });
  }
  if (!encoder.types.includes(column.type)) {
    const able = Object.values(ENCODERS).filter(({ types }) => types.includes(column.type));
    throw new PolytaskError('encoder-invalid', {
      path: `encoders.${column.name}`,
      expected: `a column of type ${encoder.types.join(' or ')}`,
      found: `"${column.name}" of type ${column.type}`,
      help: `Encoders for it: ${able.map(({ kind }) => kind).join(', ')}. Or read it as ${encoder.types[0]} with \`types\`.`,
    });
  }
  completeOptions(encoder, column.name, spec);
  return encoder;
}

/** Fits an encoder on some rows of a column. */
export function fitEncoder(column: Column, spec: EncoderSpec, rows: ArrayLike<number>): FittedEncoder {
  const encoder = requireEncoder(spec, column);
  const state = encoder.fit(column, rows, completeOptions(encoder, column.name, spec));
  return revive(encoder, column.name, state);
}

/** The encoder that `toJSON` was called on. */
export function encoderFromJSON(json: EncoderJSON): FittedEncoder {
  const { kind, column, ...state } = json;
  const encoder = Object.hasOwn(ENCODERS, kind) ? ENCODERS[kind] : undefined;
  if (encoder !== undefined) return revive(encoder, column, state);
  throw new PolytaskError('encoder-invalid', {
    path: column,
    expected: 'an encoder that this version knows',
    found: kind,
    help: `${suggest(kind, Object.keys(ENCODERS))} A newer version may have written this file.`,
  });
}

function revive(encoder: Encoder, column: string, state: object): FittedEncoder {
  return {
    column,
    ...encoder.build(column, state),
    toJSON: () => ({ kind: encoder.kind, column, ...state }),
  };
}
