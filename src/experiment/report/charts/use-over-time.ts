import { html, type Markup } from '../html.ts';
import { carried } from './carried.ts';
import { coordinate } from './scale.ts';
import { fitText } from './text-width.ts';

const WIDTH = 300;
const HEIGHT = 110;
const PLOT = { left: 0, right: 212, top: 4, bottom: HEIGHT - 20 };
/** Pixels that a layer needs to be named. */
const NAMED = 13;

export interface UseOverTimeInput {
  readonly title: string;
  readonly columns: readonly string[];
  readonly steps: readonly number[];
  /** [point][column], sums to 1. */
  readonly use: readonly (readonly number[])[];
}

/** How one task's use of experts moved while it learned: layers that fill the height, named where they end. */
export function useOverTime({ title, columns, steps, use }: UseOverTimeInput): Markup {
  const last = Math.max(1, steps.at(-1) ?? 1);
  const first = Math.min(last - 1, steps[0] ?? 0);
  const x = (step: number): string =>
    coordinate(PLOT.left + ((PLOT.right - PLOT.left) * (step - first)) / (last - first));
  const y = (part: number): number => PLOT.top + (PLOT.bottom - PLOT.top) * Math.min(1, Math.max(0, part));
  const above = use.map((row) => columns.map((_, c) => sum(row.slice(0, c))));
  return html`<svg class="layers" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}"><title>${title}</title>${carried(
    ['step', ...columns],
    steps.map((step, i) => [step, ...columns.map((_, c) => use[i]![c])]),
  )}${columns.map((name, c) => {
    const edge = (i: number, below: number): string =>
      `${x(steps[i]!)},${coordinate(y(above[i]![c]! + (below ? (use[i]![c] ?? 0) : 0)))}`;
    const there = steps.map((_, i) => edge(i, 0));
    const back = steps.map((_, i) => edge(i, 1)).reverse();
    const [top, part] = [above.at(-1)?.[c] ?? 0, use.at(-1)?.[c] ?? 0];
    const tint = 20 + Math.round((60 * c) / Math.max(1, columns.length - 1));
    return html`<polygon style="--tint:${tint}%" points="${[...there, ...back].join(' ')}"><title>${name}</title></polygon>${
      y(part) - y(0) >= NAMED &&
      html`<text class="tick" x="${PLOT.right + 6}" y="${coordinate(y(top + part / 2) + 4)}">${fitText(name, WIDTH - PLOT.right - 6, 11)}</text>`
    }`;
  })}<text class="tick" x="${PLOT.left}" y="${HEIGHT - 5}">step ${first}</text><text class="tick" x="${PLOT.right}" y="${HEIGHT - 5}" text-anchor="end">${last}</text></svg>`;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
