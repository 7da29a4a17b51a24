import type { Column } from '../../common/table.ts';
import type { Block } from '../features.ts';
import { type Encoder, mapFloats, missingIndicator, NO_SHAPE } from './encoder.ts';

export interface BooleanOptions {
  readonly indicator: boolean | 'auto';
}

/** true is 1, false −1, missing 0; with an indicator where training rows have missing values. */
export const booleanEncoder: Encoder<BooleanOptions, { readonly indicator: boolean }> = {
  kind: 'boolean',
  defaults: { indicator: 'auto' },
  types: ['boolean', 'number'],
  check: ({ indicator }) =>
    [true, false, 'auto'].includes(indicator) ? undefined : 'indicator: true, false or auto',
  fit(column, rows, { indicator }) {
    const values = valuesOf(column);
    return {
      indicator:
        indicator === 'auto' ? Array.from(rows).some((row) => Number.isNaN(values[row]!)) : indicator,
    };
  },
  build: (name, { indicator }) => ({
    type: 'boolean',
    shape: { ...NO_SHAPE, numeric: [name, ...(indicator ? [`${name} is missing`] : [])] },
    encode(column): Block {
      const values = valuesOf(column);
      const signs = mapFloats(values, (value) => (Number.isFinite(value) ? (value === 0 ? -1 : 1) : 0));
      return { numeric: indicator ? [signs, missingIndicator(values)] : [signs] };
    },
  }),
};

function valuesOf(column: Column): Float64Array {
  return column.type === 'string' ? new Float64Array(column.codes.length).fill(Number.NaN) : column.values;
}
