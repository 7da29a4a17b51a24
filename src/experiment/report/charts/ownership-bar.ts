import { html, type Markup } from '../html.ts';
import { carried } from './carried.ts';
import { coordinate } from './scale.ts';

/** A part of θ and whose it is. */
export interface OwnedShare {
  readonly label: string;
  readonly count: number;
  readonly owner: 'shared' | 'expert' | 'task';
  /** Degrees; of a task. */
  readonly hue?: number;
}

const HEIGHT = 22;

/** All of θ as one bar, cut by who owns it. */
export function ownershipBar(parts: readonly OwnedShare[], title: string): Markup {
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  let start = 0;
  const segments = parts.map(({ label, count, owner, hue }) => {
    const x = (100 * start) / total;
    start += count;
    return html`<rect class="${owner}"${hue !== undefined && html` style="--h:${hue}"`} x="${coordinate(x)}%" y="0" width="${coordinate((100 * count) / total)}%" height="${HEIGHT}"><title>${label}</title></rect>`;
  });
  return html`<svg class="owners" role="img" width="100%" height="${HEIGHT}"><title>${title}</title>${carried(
    ['owner', 'parameters'],
    parts.map(({ label, count }) => [label, count]),
  )}${segments}</svg>`;
}
