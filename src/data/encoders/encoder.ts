import { PolytaskError, suggest } from '../../common/error.ts';
import type { Column } from '../../common/table.ts';
import type { Block, FeatureShape } from '../features.ts';

/** How a column is to be encoded: the encoder's kind and the options that differ from its defaults. */
export interface EncoderSpec {
  readonly kind: string;
  readonly [option: string]: unknown;
}

/** An encoder as data: what was fitted, in JSON. */
export interface EncoderJSON {
  readonly kind: string;
  readonly column: string;
  readonly [state: string]: unknown;
}

/** A column's encoding, fitted on training rows; the same for a table of a million rows and for a single one. */
export interface FittedEncoder {
  readonly column: string;
  /** The type of column that it takes. */
  readonly type: Column['type'];
  readonly shape: FeatureShape;
  encode(column: Column): Block;
  /** Values that the training rows did not hold. */
  unseen?(column: Column): readonly string[];
  toJSON(): EncoderJSON;
}

/** One way of encoding a column; `registry.ts` lists them all. */
export interface Encoder<Options extends object = object, State extends object = object> {
  readonly kind: string;
  readonly defaults: Options;
  /** The column types that it takes. */
  readonly types: readonly Column['type'][];
  /** What is wrong with the options, or undefined. */
  check?(options: Options): string | undefined;
  /** Looks at `rows` of the column and nothing else. */
  fit(column: Column, rows: ArrayLike<number>, options: Options): State;
  build(column: string, state: State): Omit<FittedEncoder, 'toJSON' | 'column'>;
}

/** Fills in defaults and refuses options that the encoder does not have. */
export function completeOptions<O extends object>(encoder: Encoder<O>, column: string, spec: EncoderSpec): O {
  const { kind: _, ...given } = spec;
  for (const option of Object.keys(given)) {
    if (option in encoder.defaults) continue;
    throw new PolytaskError('encoder-invalid', {
      path: `encoders.${column}.${option}`,
      expected: `an option of the ${encoder.kind} encoder`,
      found: option,
      help: suggest(option, Object.keys(encoder.defaults)),
    });
  }
  const options = { ...encoder.defaults, ...given };
  const wrong = encoder.check?.(options);
  if (wrong === undefined) return options;
  throw new PolytaskError('encoder-invalid', {
    path: `encoders.${column}`,
    expected: wrong,
    found: JSON.stringify(given),
    help: `The defaults are ${JSON.stringify(encoder.defaults)}.`,
  });
}

export const NO_SHAPE: FeatureShape = { numeric: [], categorical: [], text: [] };

/** f of each value; a loop, since `Float32Array.from` walks an iterator. */
export function mapFloats(values: ArrayLike<number>, f: (value: number) => number): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = f(values[i]!);
  return out;
}

/** 1 where the cell is missing. */
export function missingIndicator(values: Float64Array): Float32Array {
  return mapFloats(values, (value) => (Number.isFinite(value) ? 0 : 1));
}
