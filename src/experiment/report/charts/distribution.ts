import type { Interval } from '../../../diagnosis/index.ts';
import { signed, signedRange } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { carriedDeltas } from './carried-deltas.ts';
import { coordinate, deltaReach, ticks } from './scale.ts';

export interface DistributionItem {
  readonly label: string;
  readonly delta: Interval;
  readonly effect: string;
}

const HEIGHT = 240;
const PAD = 14;
/** Pixels for the labels of the axis, which stand in the drawing's left margin. */
const LEFT = 44;

/** Δ of many tasks, sorted: a point and an interval a task, from worst to best. */
export function distribution(items: readonly DistributionItem[]): Markup {
  const sorted = [...items].sort((a, b) => a.delta.mean - b.delta.mean);
  const reach = deltaReach(sorted.map(({ delta }) => delta));
  const y = (value: number): string =>
    coordinate(HEIGHT / 2 - (Math.max(-1, Math.min(1, value / reach)) * (HEIGHT - 2 * PAD)) / 2);
  return html`<svg class="distribution" role="img" width="100%" height="${HEIGHT}"><title>Change of ${sorted.length} tasks when learned together, in per cent, from worst to best, with 95 % intervals</title>${carriedDeltas(sorted)}${ticks(
    -reach,
    reach,
    4,
  ).map(
    (tick) =>
      html`<line class="${tick === 0 ? 'zero' : 'grid'}" x1="-${LEFT}" x2="100%" y1="${y(tick)}" y2="${y(tick)}"/><text class="tick" x="-${LEFT}" y="${Number(y(tick)) - 4}">${tick === 0 ? '0 %' : `${tick > 0 ? '+' : '−'}${Math.abs(tick)} %`}</text>`,
  )}${sorted.map(({ label, delta, effect }, i) => {
    const x = `${coordinate((100 * (i + 0.5)) / sorted.length)}%`;
    const range = signedRange(delta);
    return html`<g class="${effect}"><title>${label}: ${signed(delta.mean)} %${range && `, 95 % interval ${range} %`}</title>${
      delta.low !== null &&
      delta.high !== null &&
      html`<line class="whisker" x1="${x}" x2="${x}" y1="${y(delta.low)}" y2="${y(delta.high)}"/>`
    }<circle class="dot" cx="${x}" cy="${y(delta.mean)}" r="2.5"/></g>`;
  })}</svg>`;
}
