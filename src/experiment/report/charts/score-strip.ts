import { html, type Markup } from '../html.ts';
import { coordinate } from './scale.ts';

const WIDTH = 180;
const HEIGHT = 20;
const MARGIN = 6;

/** What each seed reached, as ticks, and their mean as a dot, on an axis that all of a table share. */
export function scoreStrip(
  scores: readonly number[],
  mean: number,
  [low, high]: readonly [number, number],
  label: string,
): Markup {
  const span = high > low ? high - low : 1;
  const x = (value: number): string =>
    coordinate(MARGIN + ((Math.max(low, value) - low) / span) * (WIDTH - 2 * MARGIN));
  return html`<svg class="score-strip" role="img" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"><title>${label}</title><line class="axis" x1="0" x2="${WIDTH}" y1="10" y2="10"/>${scores.map((value) => html`<line class="seed" x1="${x(value)}" x2="${x(value)}" y1="4" y2="16"/>`)}<circle class="dot" cx="${x(mean)}" cy="10" r="4"/></svg>`;
}
