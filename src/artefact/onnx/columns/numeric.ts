import type { ColumnGraph } from './column-graph.ts';
import type { Emitter } from './emitters.ts';

/** As `data/encoders/moments.ts` has it. */
export interface Scaling {
  readonly unit: number;
  readonly mean: number;
  readonly deviation: number;
}

interface NumericState {
  readonly transform: {
    readonly name: string;
    readonly knots?: readonly number[];
    readonly scores?: readonly number[];
  };
  readonly scaling: Scaling;
  readonly indicator: boolean;
  readonly edges: readonly number[];
  readonly clip: number;
}

type Transform = (graph: ColumnGraph, x: string, transform: NumericState['transform']) => string;

const TRANSFORMS: Readonly<Record<string, Transform>> = {
  standard: (_, x) => x,
  log1p: (graph, x) => graph.mul(graph.sign(x), graph.log(graph.add(graph.abs(x), 1))),
  quantile: (graph, x, { knots = [], scores = [] }) => {
    const first = scores[0] ?? 0;
    if (knots.length < 2) return graph.add(graph.mul(x, 0), first);
    const rises = scores.slice(1).map((score, k) => score - scores[k]!);
    return graph.add(graph.weighted(shares(graph, x, knots), rises), first);
  },
};

/** A number, standardised after its transform; its piecewise linear encoding; whether it is missing. */
export const emitNumeric: Emitter<NumericState> = (
  graph,
  column,
  { transform, scaling, indicator, edges, clip },
) => {
  const emit = Object.hasOwn(TRANSFORMS, transform.name) ? TRANSFORMS[transform.name] : undefined;
  if (emit === undefined) return undefined;
  const there = graph.isThere(column);
  const x = graph.where(there, column, 0);
  const numbers = [
    standardised(graph, emit(graph, x, transform), scaling, clip),
    ...(edges.length > 1 ? [shares(graph, x, edges)] : []),
  ];
  return {
    numeric: [
      ...numbers.map((value) => graph.where(there, value, 0)),
      ...(indicator ? [graph.indicator(graph.not(there))] : []),
    ],
  };
};

/** 1, −1, or 0 where it is missing. */
export const emitBoolean: Emitter<{ readonly indicator: boolean }> = (graph, column, { indicator }) => {
  const there = graph.isThere(column);
  const sign = graph.add(graph.mul(graph.indicator(graph.equal(column, 0)), -2), 1);
  return {
    numeric: [graph.where(there, sign, 0), ...(indicator ? [graph.indicator(graph.not(there))] : [])],
  };
};

/** (x / unit − mean) / deviation, clipped. */
export function standardised(graph: ColumnGraph, x: string, scaling: Scaling, clip: number): string {
  const centred = graph.sub(scaling.unit === 1 ? x : graph.div(x, scaling.unit), scaling.mean);
  return graph.clip(graph.div(centred, scaling.deviation), -clip, clip);
}

/** How much of each stretch between neighbours lies below x, from 0 to 1: [batch, n − 1]. Halves, so that nothing overflows. */
function shares(graph: ColumnGraph, x: string, knots: readonly number[]): string {
  const halves = knots.map((knot) => knot / 2);
  const widths = halves.slice(1).map((half, k) => half - halves[k]!);
  const above = graph.sub(graph.mul(x, 0.5), graph.numbers(halves.slice(0, -1)));
  return graph.clip(graph.div(above, graph.numbers(widths)), 0, 1);
}
