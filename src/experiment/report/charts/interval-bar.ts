import type { Interval } from '../../../diagnosis/index.ts';
import { signed, signedRange } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { coordinate } from './scale.ts';

const WIDTH = 120;
const HEIGHT = 20;

/** One Δ with its interval on an axis from −reach to +reach, for a table's cell. */
export function intervalBar(delta: Interval, reach: number, label: string): Markup {
  const x = (value: number): string =>
    coordinate(WIDTH / 2 + (Math.max(-1, Math.min(1, value / reach)) * (WIDTH - 12)) / 2);
  const { mean, low, high } = delta;
  const range = signedRange(delta);
  return html`<svg class="bar" role="img" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"><title>${label}: ${signed(mean)} %${range && `, 95 % interval ${range} %`}</title><line class="zero" x1="${WIDTH / 2}" x2="${WIDTH / 2}" y1="1" y2="${HEIGHT - 1}"/>${
    low !== null &&
    high !== null && [
      html`<line class="whisker" x1="${x(low)}" x2="${x(high)}" y1="10" y2="10"/>`,
      low < -reach && html`<path class="tip" d="M0 10 l6 -4 v8 z"/>`,
      high > reach && html`<path class="tip" d="M${WIDTH} 10 l-6 -4 v8 z"/>`,
    ]
  }<circle class="dot" cx="${x(mean)}" cy="10" r="4"/></svg>`;
}
