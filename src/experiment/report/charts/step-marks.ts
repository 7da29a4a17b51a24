import { html, type Markup } from '../html.ts';
import { PLOT, stepAt } from './plot.ts';
import { coordinate } from './scale.ts';
import { textWidth } from './text-width.ts';

/** Something that happened at a step, in a word or two. */
export interface StepMark {
  readonly step: number;
  readonly label: string;
}

/** Of the labels' font, as the style sheet has it. */
const SIZE = 10;
const GAP = 6;

/** Thin lines over a drawing of `steps` steps at those where something happened; a label that would meet another is left out. */
export function stepMarks(marks: readonly StepMark[], steps: number): Markup {
  let free: number = PLOT.left;
  return html`${marks.map(({ step, label }) => {
    const x = stepAt(step, steps);
    const width = textWidth(label, SIZE);
    const start = Math.min(x - 2, PLOT.right - width);
    const fits = start >= free;
    if (fits) free = start + width + GAP;
    return html`<g class="mark"><line x1="${coordinate(x)}" x2="${coordinate(x)}" y1="${PLOT.top}" y2="${PLOT.bottom}"/>${fits && html`<text x="${coordinate(start)}" y="${PLOT.top - 2}">${label}</text>`}</g>`;
  })}`;
}

/** The same in words, for readers who do not see the drawing; undefined where nothing happened. */
export function marksInWords(marks: readonly StepMark[]): string | undefined {
  if (marks.length === 0) return undefined;
  return `Changed: ${marks.map(({ step, label }) => `${label} at step ${step}`).join(', ')}.`;
}
