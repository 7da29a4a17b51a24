import type { Column } from '../../../common/table.ts';
import type { EncoderJSON } from '../../../data/index.ts';
import { emitCategorical } from './categorical.ts';
import type { ColumnGraph } from './column-graph.ts';
import { emitDate } from './date.ts';
import { emitBoolean, emitNumeric } from './numeric.ts';

/** What a column becomes: numbers in double precision, [batch, 1] or [batch, n] each, or a code, int32 [batch, 1]. */
export interface Emitted {
  readonly numeric?: readonly string[];
  readonly categorical?: string;
}

/**
 * An encoder as ONNX nodes.
 *
 * @param column a value [batch, 1]: texts, or numbers with NaN where they are missing
 * @param state what the encoder was fitted to
 * @returns nothing where ONNX has no operators for it
 */
export type Emitter<State> = (graph: ColumnGraph, column: string, state: State) => Emitted | undefined;

/** Encoders by their kind; text, which is hashed n-grams, has no operators in ONNX. */
const EMITTERS: Readonly<Record<string, Emitter<never>>> = {
  numeric: emitNumeric,
  boolean: emitBoolean,
  date: emitDate,
  categorical: emitCategorical,
};

/** Writes the nodes of an encoder. */
export function emitEncoder(graph: ColumnGraph, column: string, json: EncoderJSON): Emitted | undefined {
  const emit = Object.hasOwn(EMITTERS, json.kind) ? EMITTERS[json.kind] : undefined;
  return emit?.(graph, column, json as never);
}

/** What a column is fed as: texts, or numbers; dates in milliseconds since 1970 UTC, booleans as 1 and 0. */
export const elementOf = (type: Column['type']): 'string' | 'float64' =>
  type === 'string' ? 'string' : 'float64';
