import { html, type Markup } from '../html.ts';
import { type Axis, plot, point, stepAt } from './plot.ts';

/** A value at each step; null where there was none. */
export type Series = readonly (number | null)[];

export interface TimeLineInput {
  readonly title: string;
  readonly steps: readonly number[];
  readonly values: Series;
  /** Drawn dashed, to compare with. */
  readonly reference?: Series;
  readonly axis: Axis;
  /** A value in words. */
  readonly format: (value: number) => string;
}

/** One value over training steps, with gaps where it has none. */
export function timeLine({ title, steps, values, reference, axis, format }: TimeLineInput): Markup {
  const last = Math.max(1, steps.at(-1) ?? 1);
  const path = (series: Series): string => {
    let broken = true;
    const parts = series.map((value, i) => {
      if (value === null) {
        broken = true;
        return '';
      }
      const [x, y] = [stepAt(steps[i]!, last), axis.y(value)];
      // What stands alone between two gaps is a short dash.
      const alone = broken && (series[i + 1] ?? null) === null;
      const part = alone ? `M${point(x - 1.5, y)}h3` : `${broken ? 'M' : 'L'}${point(x, y)}`;
      broken = false;
      return part;
    });
    return parts.join('');
  };
  return plot(
    {
      title,
      description: inWords(steps, values, format),
      steps: last,
      axis,
      data: [
        ['step', 'value', ...(reference ? ['reference'] : [])],
        steps.map((step, i) => [step, values[i], ...(reference ? [reference[i]] : [])]),
      ],
    },
    html`${reference && html`<path class="alone" d="${path(reference)}"/>`}<path class="joint" d="${path(values)}"/>`,
  );
}

/** Where a series begins and ends, and its extremes. */
export function inWords(steps: readonly number[], values: Series, format: (value: number) => string): string {
  const there = values.flatMap((value, i) => (value === null ? [] : [{ value, step: steps[i]! }]));
  if (there.length === 0) return 'No values.';
  const say = ({ value, step }: { value: number; step: number }): string =>
    `${format(value)} at step ${step}`;
  const sorted = there.toSorted((a, b) => a.value - b.value);
  return `${say(there[0]!)}, ${say(there.at(-1)!)}; lowest ${say(sorted[0]!)}, highest ${say(sorted.at(-1)!)}.`;
}
