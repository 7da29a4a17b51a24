import type { Column } from '../../common/table.ts';
import { type Encoder, mapFloats, missingIndicator, NO_SHAPE } from './encoder.ts';
import { moments, type Scaling, scalingOf, standardise } from './moments.ts';

export type DatePart = 'elapsed' | 'year' | 'month' | 'weekday' | 'hour';

export interface DateOptions {
  /** Default: the parts that vary among the training rows. */
  readonly parts: 'auto' | readonly DatePart[];
  readonly indicator: boolean | 'auto';
}

interface DateState {
  readonly parts: readonly DatePart[];
  readonly elapsed: Scaling;
  readonly year: Scaling;
  readonly indicator: boolean;
}

const DAY = 86_400_000;

interface Part {
  /** Position in the cycle from 0 to 1, or the plain value where there is no cycle; all in UTC. */
  value(time: number): number;
  readonly cyclic: boolean;
}

const PARTS: Readonly<Record<DatePart, Part>> = {
  elapsed: { value: (time) => time / DAY, cyclic: false },
  year: { value: (time) => new Date(time).getUTCFullYear(), cyclic: false },
  month: { value: (time) => new Date(time).getUTCMonth() / 12, cyclic: true },
  weekday: { value: (time) => new Date(time).getUTCDay() / 7, cyclic: true },
  hour: { value: (time) => (((time % DAY) + DAY) % DAY) / DAY, cyclic: true },
};

/**
 * A date as elapsed time and year, standardised, and month, weekday and time of day as points on a circle:
 * (sin 2πp, cos 2πp), so that December is next to January.
 */
export const dateEncoder: Encoder<DateOptions, DateState> = {
  kind: 'date',
  defaults: { parts: 'auto', indicator: 'auto' },
  types: ['date'],
  check: ({ parts, indicator }) =>
    parts !== 'auto' &&
    !(Array.isArray(parts) && parts.length > 0 && parts.every((part) => Object.hasOwn(PARTS, part)))
      ? `parts: auto, or some of ${Object.keys(PARTS).join(', ')}`
      : ![true, false, 'auto'].includes(indicator)
        ? 'indicator: true, false or auto'
        : undefined,
  fit(column, rows, { parts, indicator }) {
    const all = timesOf(column);
    const times = Float64Array.from(rows, (row) => all[row]!);
    const present = times.filter(Number.isFinite);
    const varying = (Object.keys(PARTS) as DatePart[]).filter(
      (part) => new Set(present.map(PARTS[part].value)).size > 1,
    );
    return {
      parts: parts === 'auto' ? (varying.length > 0 ? varying : ['elapsed']) : parts,
      elapsed: scalingOf(moments(present.map(PARTS.elapsed.value))),
      year: scalingOf(moments(present.map(PARTS.year.value))),
      indicator: indicator === 'auto' ? present.length < times.length : indicator,
    };
  },
  build(name, { parts, elapsed, year, indicator }) {
    const scalings: Partial<Record<DatePart, Scaling>> = { elapsed, year };
    const names = parts.flatMap((part) =>
      PARTS[part].cyclic ? [`${name} ${part} sin`, `${name} ${part} cos`] : [`${name} ${part}`],
    );
    return {
      type: 'date',
      shape: { ...NO_SHAPE, numeric: [...names, ...(indicator ? [`${name} is missing`] : [])] },
      encode(column) {
        const times = timesOf(column);
        const each = (f: (time: number) => number): Float32Array =>
          mapFloats(times, (time) => (Number.isFinite(time) ? f(time) : 0));
        const numeric = parts.flatMap((part) => {
          const { value, cyclic } = PARTS[part];
          if (!cyclic) return [each((time) => standardise(value(time), scalings[part]!, 10))];
          return [
            each((time) => Math.sin(2 * Math.PI * value(time))),
            each((time) => Math.cos(2 * Math.PI * value(time))),
          ];
        });
        return { numeric: indicator ? [...numeric, missingIndicator(times)] : numeric };
      },
    };
  },
};

/** Times that Date can hold; others are missing. */
function timesOf(column: Column): Float64Array {
  if (column.type === 'string') return new Float64Array(column.codes.length).fill(Number.NaN);
  return column.values.map((time) => (Math.abs(time) <= 8.64e15 ? time : Number.NaN));
}
