import type { Effect, Interval } from '../../../diagnosis/index.ts';
import { signed, signedRange, truncate } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { carriedDeltas } from './carried-deltas.ts';
import { coordinate, deltaReach, ticks } from './scale.ts';

export interface ForestRow {
  readonly label: string;
  readonly delta: Interval | null;
  readonly effect: Effect;
  /** Degrees; none is a mean over tasks. */
  readonly hue?: number;
}

/** Per cent of the width from 0 to an end of the axis. */
const REACH = 46;
const ROW = 44;
const TOP = 26;

/**
 * Δ of every row as a bar from 0 with its interval, one above another on one axis, in the colour of its effect. Places are in
 * per cent of the width, so that the drawing fits any width while its text keeps its size.
 *
 * @param reach where the axis ends, for drawings that are to be compared
 */
export function forest(
  rows: readonly ForestRow[],
  title: string = 'Change of each task when learned together, in per cent, with 95 % intervals',
  reach: number = deltaReach(rows.map(({ delta }) => delta)),
): Markup {
  const height = TOP + ROW * rows.length + 8;
  return html`<svg class="forest" role="img" width="100%" height="${height}"><title>${title}</title>${carriedDeltas(rows)}${ticks(
    -reach,
    reach,
    4,
  ).map(
    (tick) =>
      html`<line class="${tick === 0 ? 'zero' : 'grid'}" x1="${place(tick, reach)}" x2="${place(tick, reach)}" y1="${TOP - 4}" y2="${height}"/><text class="tick" x="${place(tick, reach)}" y="12" text-anchor="middle">${tick === 0 ? '0' : `${tick > 0 ? '+' : '−'}${Math.abs(tick)}`}${tick === 0 && ' %'}</text>`,
  )}${rows.map((row, i) => forestRow(row, TOP + ROW * i, reach))}</svg>`;
}

function forestRow({ label, delta, effect, hue }: ForestRow, top: number, reach: number): Markup {
  const y = top + 29;
  const range = delta && signedRange(delta);
  const value = delta === null ? 'not defined' : `${signed(delta.mean)} %`;
  return html`<g class="${hue === undefined ? 'mean ' : ''}${effect}"${hue !== undefined && html` style="--h:${hue}"`}><title>${label}: ${value}${range && `, 95 % interval ${range} %`}</title><line class="grid" x1="0" x2="100%" y1="${top - 2}" y2="${top - 2}"/>${hue !== undefined && html`<circle class="swatch" cx="5" cy="${top + 11}" r="4.5"/>`}<text class="label" x="${hue === undefined ? 0 : 16}" y="${top + 15}">${truncate(label, 30)}</text><text class="value" x="100%" y="${top + 15}" text-anchor="end">${value}${range && html` <tspan class="range">${range}</tspan>`}</text>${
    delta && [
      bar(delta.mean, y, reach),
      delta.low !== null &&
        delta.high !== null &&
        html`<line class="whisker" x1="${place(delta.low, reach)}" x2="${place(delta.high, reach)}" y1="${y}" y2="${y}"/>`,
      ...[delta.low, delta.high].map(
        (end) => end !== null && Math.abs(end) > reach && arrow(end < 0, place(end, reach), y),
      ),
    ]
  }</g>`;
}

/** From 0 to a mean; a sliver where that is 0. */
function bar(mean: number, y: number, reach: number): Markup {
  const width = Math.max(0.25, (REACH * Math.min(reach, Math.abs(mean))) / reach);
  const x = mean < 0 ? 50 - width : 50;
  return html`<rect class="amount" x="${coordinate(x)}%" y="${y - 5.5}" width="${coordinate(width)}%" height="11" rx="2"/>`;
}

/** Says that an interval goes on beyond the edge. */
function arrow(left: boolean, x: string, y: number): Markup {
  const way = left ? -1 : 1;
  return html`<svg x="${x}" y="${y}" overflow="visible"><path class="tip" d="M${way * 5} 0 l${-way * 8} -5 v10 z"/></svg>`;
}

function place(value: number, reach: number): string {
  return `${coordinate(50 + REACH * Math.max(-1, Math.min(1, value / reach)))}%`;
}
