import type { Column } from '../../common/table.ts';
import type { Block } from '../features.ts';
import { quantileEdges } from './bins.ts';
import { type Encoder, mapFloats, missingIndicator, NO_SHAPE } from './encoder.ts';
import { moments, type Scaling, scalingOf, standardise } from './moments.ts';
import { chooseTransform, TRANSFORMS, type Transform, type TransformName } from './transforms.ts';

export interface NumericOptions {
  readonly transform: 'auto' | TransformName;
  /** A column that is 1 where the value is missing; default: when training rows have missing values. */
  readonly indicator: boolean | 'auto';
  /** Bins of the piecewise linear encoding, beside the standardised value; 0 for none. */
  readonly pieces: number;
  readonly clip: number;
}

interface NumericState {
  readonly transform: Transform;
  readonly scaling: Scaling;
  readonly indicator: boolean;
  readonly edges: readonly number[];
  readonly clip: number;
}

/**
 * A standardised number, after a monotone transform that suits its distribution.
 *
 * With `pieces`, also the piecewise linear encoding over training quantiles b₀ … b_T: e_t = (x − b_{t−1}) / (b_t −
 * b_{t−1}), clipped to [0, 1]. Y. Gorishniy, I. Rubachev, A. Babenko: On Embeddings for Numerical Features in Tabular
 * Deep Learning. NeurIPS 2022.
 */
export const numericEncoder: Encoder<NumericOptions, NumericState> = {
  kind: 'numeric',
  defaults: { transform: 'auto', indicator: 'auto', pieces: 0, clip: 10 },
  types: ['number', 'boolean', 'date'],
  check: ({ transform, pieces, clip, indicator }) =>
    transform !== 'auto' && !Object.hasOwn(TRANSFORMS, transform)
      ? `transform: auto, ${Object.keys(TRANSFORMS).join(', ')}`
      : !Number.isInteger(pieces) || pieces < 0 || pieces > 1000
        ? 'pieces: a whole number from 0 to 1000'
        : !(clip > 0)
          ? 'clip: a number above 0'
          : ![true, false, 'auto'].includes(indicator)
            ? 'indicator: true, false or auto'
            : undefined,
  fit(column, rows, options) {
    const all = numbersOf(column);
    const values = Float64Array.from(rows, (row) => all[row]!).filter(Number.isFinite);
    const name = options.transform === 'auto' ? chooseTransform(values) : options.transform;
    const transform = TRANSFORMS[name].fit(values);
    const transformed = values.map((value) => TRANSFORMS[name].apply(value, transform));
    return {
      transform,
      scaling: scalingOf(moments(transformed)),
      indicator: options.indicator === 'auto' ? values.length < rows.length : options.indicator,
      edges: options.pieces === 0 ? [] : quantileEdges(values, options.pieces),
      clip: options.clip,
    };
  },
  build(name, { transform, scaling, indicator, edges, clip }) {
    const apply = TRANSFORMS[transform.name].apply;
    const pieces = edges.slice(1).map((_, t) => `${name}[${t}]`);
    return {
      type: 'number',
      shape: { ...NO_SHAPE, numeric: [name, ...pieces, ...(indicator ? [`${name} is missing`] : [])] },
      encode(column): Block {
        const values = numbersOf(column);
        const standard = mapFloats(values, (value) =>
          Number.isFinite(value) ? standardise(apply(value, transform), scaling, clip) : 0,
        );
        const piecewise = pieces.map((_, t) =>
          mapFloats(values, (value) => piece(value, edges[t]!, edges[t + 1]!)),
        );
        return { numeric: [standard, ...piecewise, ...(indicator ? [missingIndicator(values)] : [])] };
      },
    };
  },
};

function numbersOf(column: Column): Float64Array {
  return column.type === 'string' ? new Float64Array(column.codes.length).fill(Number.NaN) : column.values;
}

function piece(value: number, from: number, to: number): number {
  if (!Number.isFinite(value) || value <= from) return 0;
  if (value >= to) return 1;
  return (value / 2 - from / 2) / (to / 2 - from / 2);
}
