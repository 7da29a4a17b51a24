import { quantile } from '../../../diagnosis/index.ts';
import { html, type Markup } from '../html.ts';
import type { CurveView } from '../view.ts';
import { coordinate, ticks } from './scale.ts';

const WIDTH = 320;
const HEIGHT = 176;
const PLOT = { left: 44, right: WIDTH - 8, top: 10, bottom: HEIGHT - 24 };

export interface LearningCurveInput {
  readonly id: string;
  readonly title: string;
  readonly multi: CurveView;
  readonly independent: CurveView | undefined;
  readonly higherIsBetter: boolean;
}

/**
 * Validation metric over steps: the joint model as a line with the range of its seeds, each task alone dashed. The
 * axis leaves out the worst tenth of a curve's start, which would squeeze what matters.
 */
export function learningCurve({ id, title, multi, independent, higherIsBetter }: LearningCurveInput): Markup {
  const lines = [multi, ...(independent ? [independent] : [])];
  const steps = Math.max(1, ...lines.flatMap(({ mean }) => mean.map(({ step }) => step)));
  const [low, high] = bounds(lines, higherIsBetter);
  const x = (step: number): number => PLOT.left + ((PLOT.right - PLOT.left) * step) / steps;
  const y = (value: number): number =>
    PLOT.bottom - ((PLOT.bottom - PLOT.top) * (value - low)) / (high - low);
  const path = ({ mean }: CurveView): string =>
    mean.map(({ step, metric }, i) => `${i ? 'L' : 'M'}${point(x(step), y(metric))}`).join('');
  const band = ({ mean, low: lows, high: highs }: CurveView): string =>
    [
      ...mean.map(({ step }, i) => point(x(step), y(highs[i]!))),
      ...mean.map(({ step }, i) => point(x(step), y(lows[i]!))).reverse(),
    ].join(' ');
  const marks = [3, 4, 6].map((count) => ticks(low, high, count)).find((few) => few.length > 1) ?? [];
  const decimals = decimalsOf(marks);
  return html`<svg class="curve" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}"><title>${title}</title><clipPath id="${id}"><rect x="${PLOT.left}" y="${PLOT.top - 2}" width="${PLOT.right - PLOT.left + 2}" height="${PLOT.bottom - PLOT.top + 4}"/></clipPath>${marks.map(
    (tick) =>
      html`<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${coordinate(y(tick))}" y2="${coordinate(y(tick))}"/><text class="tick" x="${PLOT.left - 6}" y="${coordinate(y(tick) + 4)}" text-anchor="end">${tick.toFixed(decimals).replace('-', '−')}</text>`,
  )}<line class="base" x1="${PLOT.left}" x2="${PLOT.right}" y1="${PLOT.bottom}" y2="${PLOT.bottom}"/><text class="tick" x="${PLOT.left}" y="${HEIGHT - 7}">0</text><text class="tick" x="${PLOT.right}" y="${HEIGHT - 7}" text-anchor="end">${steps} steps</text><g clip-path="url(#${id})">${
    multi.mean.length > 1 && html`<polygon class="band" points="${band(multi)}"/>`
  }${independent && html`<path class="alone" d="${path(independent)}"/>`}<path class="joint" d="${path(multi)}"/></g></svg>`;
}

/** The axis: all of the curves but the worst tenth of their points, with a little room. */
function bounds(lines: readonly CurveView[], higherIsBetter: boolean): [number, number] {
  const values = lines.flatMap(({ mean, low, high }) => [
    ...mean.map(({ metric }) => metric),
    ...low.slice(-1),
    ...high.slice(-1),
  ]);
  if (values.length === 0) return [0, 1];
  const sorted = values.sort((a, b) => a - b);
  const low = higherIsBetter ? quantile(sorted, 0.1) : sorted[0]!;
  const high = higherIsBetter ? sorted.at(-1)! : quantile(sorted, 0.9);
  const room = high > low ? 0.08 * (high - low) : Math.abs(high) * 0.05 || 1;
  return [low - room, high + room];
}

/** The fewest decimals that write every mark exactly. */
function decimalsOf(marks: readonly number[]): number {
  const exact = (decimals: number): boolean =>
    marks.every(
      (mark) => Math.abs(Number(mark.toFixed(decimals)) - mark) < 1e-9 * Math.max(1, Math.abs(mark)),
    );
  return [0, 1, 2, 3, 4, 5].find(exact) ?? 6;
}

function point(x: number, y: number): string {
  return `${coordinate(x)},${coordinate(y)}`;
}
