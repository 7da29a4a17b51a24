import type { JSX } from 'preact';
import { type NamedSeries, overSteps } from '../../../src/experiment/report/charts/carried.ts';
import { type Axis, linearAxis, plot, point, stepAt } from '../../../src/experiment/report/charts/plot.ts';
import { marksInWords, type StepMark, stepMarks } from '../../../src/experiment/report/charts/step-marks.ts';
import { html } from '../../../src/experiment/report/html.ts';
import { thinned } from '../../../src/experiment/report/view.ts';
import { Sheet } from '../sheet.tsx';

/** A line over steps, and the style that gives it its colour. */
export interface Line {
  readonly name: string;
  readonly style: string;
  readonly points: readonly { readonly step: number; readonly value: number }[];
}

/** Several lines over steps; between given bounds, or as far as the lines go. */
export function Lines({
  title,
  lines,
  marks,
  bounds,
}: {
  title: string;
  lines: readonly Line[];
  marks: readonly StepMark[];
  bounds?: readonly [number, number];
}): JSX.Element {
  const steps = Math.max(1, ...lines.map(({ points }) => points.at(-1)?.step ?? 0));
  const axis = linearAxis(...(bounds ?? boundsOf(lines)));
  return (
    <Sheet
      of={plot(
        { title, description: marksInWords(marks), steps, axis, data: overSteps(lines.map(seriesOf)) },
        html`${lines.map(
          ({ style, points }) =>
            html`<path class="joint" style="${style}" d="${pathOf(points, steps, axis)}"/>`,
        )}${stepMarks(marks, steps)}`,
      )}
    />
  );
}

function seriesOf({ name, points }: Line): NamedSeries {
  return [name, new Map(thinned(points).map(({ step, value }) => [step, value]))];
}

function pathOf(points: Line['points'], steps: number, axis: Axis): string {
  return thinned(points)
    .map(({ step, value }, i) => `${i ? 'L' : 'M'}${point(stepAt(step, steps), axis.y(value))}`)
    .join('');
}

function boundsOf(lines: readonly Line[]): [number, number] {
  const values = lines.flatMap(({ points }) => points.map(({ value }) => value));
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = high > low ? 0.08 * (high - low) : 0.5;
  return [low - room, high + room];
}
