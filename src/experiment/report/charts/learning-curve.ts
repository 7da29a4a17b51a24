import { quantile } from '../../../diagnosis/index.ts';
import { html, type Markup } from '../html.ts';
import type { CurveView } from '../view.ts';
import { type NamedSeries, overSteps } from './carried.ts';
import { linearAxis, PLOT, plot, point, stepAt } from './plot.ts';
import { marksInWords, type StepMark, stepMarks } from './step-marks.ts';

export interface LearningCurveInput {
  readonly id: string;
  readonly title: string;
  readonly multi: CurveView;
  readonly independent: CurveView | undefined;
  /** Null where neither end is the bad one, so that all is shown. */
  readonly higherIsBetter: boolean | null;
  /** What happened on the way. */
  readonly marks?: readonly StepMark[];
}

/**
 * Something over steps, such as a validation metric: the joint model as a line with the range of its seeds, each task alone
 * dashed. The axis leaves out the worst tenth of a curve's start, which would squeeze what matters.
 */
export function learningCurve({
  id,
  title,
  multi,
  independent,
  higherIsBetter,
  marks = [],
}: LearningCurveInput): Markup {
  const lines = [multi, ...(independent ? [independent] : [])];
  const steps = Math.max(1, ...lines.flatMap(({ mean }) => mean.map(({ step }) => step)));
  const axis = linearAxis(...bounds(lines, higherIsBetter));
  const at = (step: number, value: number): string => point(stepAt(step, steps), axis.y(value));
  const path = ({ mean }: CurveView): string =>
    mean.map(({ step, metric }, i) => `${i ? 'L' : 'M'}${at(step, metric)}`).join('');
  const band = ({ mean, low: lows, high: highs }: CurveView): string =>
    [
      ...mean.map(({ step }, i) => at(step, highs[i]!)),
      ...mean.map(({ step }, i) => at(step, lows[i]!)).reverse(),
    ].join(' ');
  const data = overSteps([
    ...seriesOf(independent ? 'together' : 'mean', multi),
    ...(independent ? seriesOf('alone', independent) : []),
  ]);
  return plot(
    { title, description: marksInWords(marks), steps, axis, data },
    html`<clipPath id="${id}"><rect x="${PLOT.left}" y="${PLOT.top - 2}" width="${PLOT.right - PLOT.left + 2}" height="${PLOT.bottom - PLOT.top + 4}"/></clipPath><g clip-path="url(#${id})">${
      multi.mean.length > 1 && html`<polygon class="band" points="${band(multi)}"/>`
    }${independent && html`<path class="alone" d="${path(independent)}"/>`}<path class="joint" d="${path(multi)}"/></g>${stepMarks(marks, steps)}`,
  );
}

/** The means of a curve, and the range of its seeds where there is one. */
function seriesOf(name: string, { mean, low, high }: CurveView): NamedSeries[] {
  const over = (values: readonly number[]): NamedSeries[1] =>
    new Map(mean.map(({ step }, i) => [step, values[i]!]));
  const means: NamedSeries = [name, over(mean.map(({ metric }) => metric))];
  if (mean.every((_, i) => low[i] === high[i])) return [means];
  return [means, [`${name}, lowest`, over(low)], [`${name}, highest`, over(high)]];
}

/** The axis: all of the curves but the worst tenth of their points, with a little room. */
export function bounds(lines: readonly CurveView[], higherIsBetter: boolean | null): [number, number] {
  const values = lines.flatMap(({ mean, low, high }) => [
    ...mean.map(({ metric }) => metric),
    ...(higherIsBetter === null ? [...low, ...high] : [...low.slice(-1), ...high.slice(-1)]),
  ]);
  if (values.length === 0) return [0, 1];
  const sorted = values.sort((a, b) => a - b);
  const low = higherIsBetter === true ? quantile(sorted, 0.1) : sorted[0]!;
  const high = higherIsBetter === false ? quantile(sorted, 0.9) : sorted.at(-1)!;
  const room = high > low ? 0.08 * (high - low) : Math.abs(high) * 0.05 || 1;
  return [low - room, high + room];
}
