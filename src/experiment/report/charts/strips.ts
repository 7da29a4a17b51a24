import { NONE } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { carried } from './carried.ts';
import { shareReach } from './scale.ts';
import { type Hues, taskLabel } from './task-label.ts';
import { inWords, type Series } from './time-line.ts';

export interface StripRow {
  readonly tasks: readonly string[];
  readonly values: Series;
  readonly mean: number;
  readonly last: number | null;
}

export interface StripsInput {
  readonly title: string;
  readonly steps: readonly number[];
  readonly rows: readonly StripRow[];
  readonly hues: Hues;
}

/** Shades on either side of 0. */
const LEVELS = 10;

/**
 * A heatmap over time: a row a pair of tasks, a column a point in time, blue above 0 and rust below; and the mean and the
 * last value as numbers.
 */
export function strips({ title, steps, rows, hues }: StripsInput): Markup {
  const reach = shareReach(rows.flatMap(({ values }) => values));
  return html`<div class="scroll strips" tabindex="0" role="region" aria-label="${title}"><table><caption class="hidden">${title}</caption><thead><tr><th scope="col">Pair</th><th scope="col"><span class="ends"><span>step ${steps[0] ?? 0}</span><span>${steps.at(-1) ?? 0}</span></span></th><th scope="col" class="number">Mean</th><th scope="col" class="number">Last</th></tr></thead><tbody>${rows.map(
    ({ tasks, values, mean, last }) =>
      html`<tr><th scope="row"><span class="duo">${tasks.map((name) => taskLabel(name, hues))}</span></th><td>${strip(tasks.join(', '), steps, values, reach)}</td><td class="number">${signedShare(mean)}</td><td class="number">${last === null ? NONE : signedShare(last)}</td></tr>`,
  )}</tbody></table></div><p class="remark ramp">apart ${signedShare(-reach)} <span aria-hidden="true"></span> ${signedShare(reach)} together</p>`;
}

/** Cells of one shade are one path: their number, not their places, makes the size of the page. */
function strip(name: string, steps: readonly number[], values: Series, reach: number): Markup {
  const shades = new Map<number | null, number[]>();
  values.forEach((value, column) => {
    const shade = value === null ? null : Math.round((LEVELS * value) / reach);
    shades.set(shade, [...(shades.get(shade) ?? []), column]);
  });
  const paths = [...shades].map(([shade, columns]) => {
    const d = columns.map((column) => `M${column} 0h1v1h-1z`).join('');
    if (shade === null) return html`<path class="gap" d="${d}"/>`;
    const tint = Math.min(100, (100 * Math.abs(shade)) / LEVELS);
    return html`<path class="${shade < 0 ? 'worse' : 'better'}" style="--tint:${tint}%" d="${d}"/>`;
  });
  return html`<svg class="strip" role="img" viewBox="0 0 ${values.length} 1" preserveAspectRatio="none"><title>${name}: ${inWords(steps, values, signedShare)}</title>${carried(
    ['step', name],
    steps.map((step, i) => [step, values[i]]),
  )}${paths}</svg>`;
}

/** A number from −1 to 1. */
export function signedShare(value: number): string {
  const text = value.toFixed(2);
  return Number(text) === 0 ? '0.00' : text.replace('-', '−');
}
