import type { ColumnGraph } from './column-graph.ts';
import type { Emitter } from './emitters.ts';
import { type Scaling, standardised } from './numeric.ts';

const DAY = 86_400_000;
/** Times that Date can hold, in milliseconds around 1970. */
const LAST = 8.64e15;
/** Elapsed time and years are clipped here. */
const CLIP = 10;

interface DateState {
  readonly parts: readonly string[];
  readonly elapsed: Scaling;
  readonly year: Scaling;
  readonly indicator: boolean;
}

/** A time in milliseconds, as whole days and the calendar of the day. */
interface Moment {
  readonly time: string;
  readonly days: string;
  readonly year: string;
  /** From 0. */
  readonly month: string;
}

type Part = (graph: ColumnGraph, moment: Moment, state: DateState) => readonly string[];

const PARTS: Readonly<Record<string, Part>> = {
  elapsed: (graph, { time }, { elapsed }) => [standardised(graph, graph.div(time, DAY), elapsed, CLIP)],
  year: (graph, moment, { year }) => [standardised(graph, moment.year, year, CLIP)],
  month: (graph, { month }) => graph.circle(graph.div(month, 12)),
  // The first of January 1970 was a Thursday.
  weekday: (graph, { days }) => graph.circle(graph.div(remainder(graph, graph.add(days, 4), 7), 7)),
  hour: (graph, { time }) => graph.circle(graph.div(remainder(graph, time, DAY), DAY)),
};

/** Parts of a date, in UTC; whether it is missing. */
export const emitDate: Emitter<DateState> = (graph, column, state) => {
  if (!state.parts.every((part) => Object.hasOwn(PARTS, part))) return undefined;
  const there = graph.isThere(column, LAST);
  const time = graph.where(there, column, 0);
  const days = graph.quotient(time, DAY);
  const moment = { time, days, ...calendar(graph, days) };
  const numbers = state.parts.flatMap((part) => PARTS[part]!(graph, moment, state));
  return {
    numeric: [
      ...numbers.map((value) => graph.where(there, value, 0)),
      ...(state.indicator ? [graph.indicator(graph.not(there))] : []),
    ],
  };
};

/** x mod y, from 0 to y. */
function remainder(graph: ColumnGraph, x: string, y: number): string {
  return graph.sub(x, graph.mul(graph.quotient(x, y), y));
}

const [YEAR, YEARS_4, CENTURY, ERA] = [365, 1461, 36_524, 146_097];

/**
 * Year and month of a day since 1970 in the Gregorian calendar: years begin in March, so that the leap day is their last, and
 * repeat every 400.
 *
 * E. G. Richards: Mapping Time. Oxford University Press 1998, chapter 25.
 */
function calendar(graph: ColumnGraph, days: string): Pick<Moment, 'year' | 'month'> {
  const { add, sub, mul, quotient } = graph;
  const sinceMarch = add(days, 719_468);
  const era = quotient(sinceMarch, ERA);
  const dayOfEra = sub(sinceMarch, mul(era, ERA));
  const leaps = add(
    sub(quotient(dayOfEra, YEARS_4 - 1), quotient(dayOfEra, CENTURY)),
    quotient(dayOfEra, ERA - 1),
  );
  const yearOfEra = quotient(sub(dayOfEra, leaps), YEAR);
  const before = sub(add(mul(yearOfEra, YEAR), quotient(yearOfEra, 4)), quotient(yearOfEra, 100));
  const march = quotient(add(mul(sub(dayOfEra, before), 5), 2), 153);
  const nextYear = graph.indicator(graph.most(graph.numbers(10), march));
  return {
    year: add(add(yearOfEra, mul(era, 400)), nextYear),
    month: sub(add(march, 2), mul(nextYear, 12)),
  };
}
