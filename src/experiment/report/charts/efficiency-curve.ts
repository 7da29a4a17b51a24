import type { Effect, Interval } from '../../../diagnosis/index.ts';
import { signed, signedRange, whole } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { carried } from './carried.ts';
import { linearAxis, PLOT, point } from './plot.ts';
import { coordinate, deltaReach } from './scale.ts';

/** What sharing brought with some training rows. */
export interface EfficiencyPoint {
  readonly rows: number;
  readonly delta: Interval | null;
  readonly effect: Effect;
}

/** One task's means, in its colour. */
export interface EfficiencyLine {
  readonly name: string;
  readonly hue: number;
  /** [point] */
  readonly deltas: readonly (number | null)[];
}

const WIDTH = 320;
const HEIGHT = 176;
/** Pixels between two marks of the rows that can be told apart. */
const LEAST = 34;

/** The mean Δ with its interval against the number of training rows, on a logarithmic axis; tasks as thin lines. */
export function efficiencyCurve(
  points: readonly EfficiencyPoint[],
  lines: readonly EfficiencyLine[],
): Markup {
  const means = lines.flatMap(({ deltas }) => deltas.filter((delta) => delta !== null));
  const all = [
    ...points.map(({ delta }) => delta),
    ...means.map((mean) => ({ mean, low: null, high: null })),
  ];
  const reach = deltaReach(all);
  const ends = all.flatMap((delta) =>
    delta === null ? [] : [delta.low ?? delta.mean, delta.high ?? delta.mean],
  );
  const [low, high] = [Math.max(-reach, Math.min(0, ...ends)), Math.min(reach, Math.max(0, ...ends))];
  const room = 0.08 * (high - low) || 1;
  const axis = linearAxis(low - room, high + room);
  const [first, last] = [Math.log(points[0]!.rows), Math.log(points.at(-1)!.rows)];
  const [left, right] = [PLOT.left + 16, PLOT.right - 16];
  const x = (rows: number): number =>
    last > first ? left + ((right - left) * (Math.log(rows) - first)) / (last - first) : (left + right) / 2;
  const path = (values: readonly (number | null)[]): string =>
    values
      .map((value, i) =>
        value === null
          ? ''
          : `${i > 0 && (values[i - 1] ?? null) !== null ? 'L' : 'M'}${point(x(points[i]!.rows), axis.y(value))}`,
      )
      .join('');
  return html`<svg class="curve efficiency" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}"><title>Mean change when learned together, in per cent with 95 % intervals, against the number of training rows</title><desc>${points.map(inWords).join('; ')}.</desc>${dataOf(points, lines)}${axis.marks.map(
    ({ value, text }) =>
      html`<line class="${value === 0 ? 'zero' : 'grid'}" x1="${PLOT.left}" x2="${PLOT.right}" y1="${coordinate(axis.y(value))}" y2="${coordinate(axis.y(value))}"/><text class="tick" x="${PLOT.left - 6}" y="${coordinate(axis.y(value) + 4)}" text-anchor="end">${value > 0 && '+'}${text}${value === 0 && ' %'}</text>`,
  )}<line class="zero" x1="${PLOT.left}" x2="${PLOT.right}" y1="${coordinate(axis.y(0))}" y2="${coordinate(axis.y(0))}"/>${marked(
    points,
    x,
  ).map(
    ({ rows }) =>
      html`<text class="tick" x="${coordinate(x(rows))}" y="${HEIGHT - 7}" text-anchor="middle">${whole(rows)}</text>`,
  )}<clipPath id="efficiency"><rect x="${PLOT.left}" y="${PLOT.top - 4}" width="${PLOT.right - PLOT.left}" height="${PLOT.bottom - PLOT.top + 8}"/></clipPath><g clip-path="url(#efficiency)">${lines.map(({ hue, deltas }) => html`<path class="faint" style="--h:${hue}" d="${path(deltas)}"/>`)}<path class="mean" d="${path(points.map(({ delta }) => delta?.mean ?? null))}"/>${points.map(
    ({ rows, delta, effect }) =>
      delta !== null &&
      html`<g class="${effect}"><title>${inWords({ rows, delta, effect })}</title>${
        delta.low !== null &&
        delta.high !== null &&
        html`<line class="whisker" x1="${coordinate(x(rows))}" x2="${coordinate(x(rows))}" y1="${coordinate(axis.y(delta.low))}" y2="${coordinate(axis.y(delta.high))}"/>`
      }<circle class="dot" cx="${coordinate(x(rows))}" cy="${coordinate(axis.y(delta.mean))}" r="4"/></g>`,
  )}</g></svg>`;
}

function dataOf(points: readonly EfficiencyPoint[], lines: readonly EfficiencyLine[]): Markup {
  return carried(
    ['training rows', 'mean change, %', '95 % from', '95 % to', ...lines.map(({ name }) => name)],
    points.map(({ rows, delta }, i) => [
      rows,
      delta?.mean,
      delta?.low,
      delta?.high,
      ...lines.map(({ deltas }) => deltas[i]),
    ]),
  );
}

/** The last, and before it those that stand apart. */
function marked(points: readonly EfficiencyPoint[], x: (rows: number) => number): EfficiencyPoint[] {
  const kept: EfficiencyPoint[] = [];
  for (const own of points.toReversed())
    if (kept.length === 0 || x(kept.at(-1)!.rows) - x(own.rows) >= LEAST) kept.push(own);
  return kept.reverse();
}

function inWords({ rows, delta }: EfficiencyPoint): string {
  if (delta === null) return `${whole(rows)} rows: not defined`;
  const range = signedRange(delta);
  return `${whole(rows)} rows: ${signed(delta.mean)} %${range === null ? '' : `, 95 % interval ${range} %`}`;
}
