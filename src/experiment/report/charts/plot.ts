import { html, type Markup } from '../html.ts';
import { carried, type Datum } from './carried.ts';
import { coordinate, logTicks, ticks } from './scale.ts';
import { textWidth } from './text-width.ts';

const WIDTH = 320;
const HEIGHT = 176;
/** Of the marks' font, as the style sheet has it. */
const TICK_SIZE = 11;
/** The part of a drawing that the lines may fill, in pixels. */
export const PLOT: { readonly [side in 'left' | 'right' | 'top' | 'bottom']: number } = {
  left: 44,
  right: WIDTH - 8,
  top: 10,
  bottom: HEIGHT - 24,
};

/** A vertical axis: where values stand, in pixels, and what is written beside it. */
export interface Axis {
  readonly y: (value: number) => number;
  readonly marks: readonly { readonly value: number; readonly text: string }[];
}

/** @param low < high */
export function linearAxis(low: number, high: number): Axis {
  const values = [3, 4, 6].map((count) => ticks(low, high, count)).find((few) => few.length > 1) ?? [];
  const decimals = decimalsOf(values);
  return {
    y: (value) => height((value - low) / (high - low)),
    marks: values.map((value) => ({ value, text: value.toFixed(decimals).replace('-', '−') })),
  };
}

/** From 0 to a share of 1, in per cent. */
export function shareAxis(high: number): Axis {
  const { y, marks } = linearAxis(0, 100 * high);
  return {
    y: (share) => y(100 * share),
    marks: marks.map(({ value, text }) => ({ value: value / 100, text: `${text} %` })),
  };
}

/** @param low > 0, < high */
export function logAxis(low: number, high: number): Axis {
  return {
    y: (value) => height(Math.log(value / low) / Math.log(high / low)),
    marks: logTicks(low, high).map((value) => ({ value, text: shortest(value) })),
  };
}

export interface PlotInput {
  readonly title: string;
  /** What a reader who does not see the drawing needs of it. */
  readonly description?: string | undefined;
  /** The last step. */
  readonly steps: number;
  readonly axis: Axis;
  /** What the drawing carries: columns and rows. */
  readonly data?: readonly [columns: readonly string[], rows: readonly (readonly Datum[])[]];
}

/** The frame of a small drawing over training steps, which begin at 0. */
export function plot({ title, description, steps, axis, data }: PlotInput, content: Markup): Markup {
  const { left, right, bottom } = PLOT;
  return html`<svg class="curve" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}"><title>${title}</title>${description !== undefined && html`<desc>${description}</desc>`}${data && carried(...data)}${axis.marks.map(
    ({ value, text }) => {
      const y = axis.y(value);
      return html`<line class="grid" x1="${left}" x2="${right}" y1="${coordinate(y)}" y2="${coordinate(y)}"/><text class="tick" x="${left - 6}" y="${coordinate(y + 4)}" text-anchor="end"${fitted(text, left - 6)}>${text}</text>`;
    },
  )}<line class="base" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/><text class="tick" x="${left}" y="${HEIGHT - 7}">0</text><text class="tick" x="${right}" y="${HEIGHT - 7}" text-anchor="end">${steps} steps</text>${content}</svg>`;
}

/** A mark that is too long for its place is drawn narrower, not cut off. */
function fitted(text: string, room: number): Markup | false {
  if (textWidth(text, TICK_SIZE) <= room) return false;
  return html` textLength="${room}" lengthAdjust="spacingAndGlyphs"`;
}

/** Where a step stands, in pixels. */
export function stepAt(step: number, steps: number): number {
  return PLOT.left + ((PLOT.right - PLOT.left) * step) / steps;
}

export function point(x: number, y: number): string {
  return `${coordinate(x)},${coordinate(y)}`;
}

const height = (share: number): number => PLOT.bottom - (PLOT.bottom - PLOT.top) * share;

/** The fewest decimals that write every mark exactly. */
export function decimalsOf(marks: readonly number[]): number {
  const exact = (decimals: number): boolean =>
    marks.every(
      (mark) => Math.abs(Number(mark.toFixed(decimals)) - mark) < 1e-9 * Math.max(1, Math.abs(mark)),
    );
  return [0, 1, 2, 3, 4, 5].find(exact) ?? 6;
}

/** A mark of a logarithmic axis has one digit: 0.02, 500, 2e−6. */
function shortest(value: number): string {
  const [digit, exponent] = value.toExponential(0).split('e') as [string, string];
  const power = Number(exponent);
  return power >= -3 && power <= 4
    ? String(Number(value.toPrecision(1)))
    : `${digit}e${power}`.replace('-', '−');
}
