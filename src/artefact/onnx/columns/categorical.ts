import type { Column } from '../../../common/table.ts';
import type { ColumnGraph } from './column-graph.ts';
import type { Emitter } from './emitters.ts';

interface CategoricalState {
  readonly values?: readonly string[];
  readonly rareValues?: readonly string[];
  readonly type: Column['type'];
}

const [MISSING, RARE, FIRST] = [0, 1, 2];

/** A code for each value; nothing where values are hashed. */
export const emitCategorical: Emitter<CategoricalState> = (
  graph,
  column,
  { values, rareValues = [], type },
) => {
  if (values === undefined) return undefined;
  const codes = new Map([
    ...rareValues.map((value) => [value, RARE] as const),
    ...values.map((value, i) => [value, i + FIRST] as const),
  ]);
  return { categorical: codeOf(graph, column, codes, MISSING, type) };
};

/**
 * Whole numbers by the value of a column, int32 [batch, 1].
 *
 * @param codes by the text of a value, as categories are written
 * @param other for a missing value, and for any that is not among them
 */
export function codeOf(
  graph: ColumnGraph,
  column: string,
  codes: ReadonlyMap<string, number>,
  other: number,
  type: Column['type'],
): string {
  if (type === 'string') return graph.lookup(column, codes, other);
  const known = [...codes].map(([text, code]) => [NUMBERS[type](text), code] as const);
  if (known.length === 0)
    return graph.toCode(graph.where(graph.isThere(column), graph.numbers(other), other));
  const hits = graph.indicator(graph.equal(column, graph.numbers(known.map(([value]) => value))));
  return graph.toCode(
    graph.add(
      graph.weighted(
        hits,
        known.map(([, code]) => code - other),
      ),
      other,
    ),
  );
}

/** The number that stands for a value's text. */
const NUMBERS: Readonly<Record<Exclude<Column['type'], 'string'>, (text: string) => number>> = {
  number: Number,
  boolean: (text) => Number(text === 'true'),
  date: Date.parse,
};
