import { score } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { CurveView } from '../view.ts';
import { bounds } from './learning-curve.ts';

const WIDTH = 64;
const HEIGHT = 22;

export interface SparklineInput {
  /** What is drawn. */
  readonly title: string;
  readonly multi: CurveView;
  readonly independent: CurveView | undefined;
  readonly higherIsBetter: boolean;
}

/** A learning curve as small as a word: the joint model as a line, each task alone dashed, without axes. */
export function sparkline({ title, multi, independent, higherIsBetter }: SparklineInput): Markup {
  if (multi.mean.length < 2) return html``;
  const lines = independent ? [multi, independent] : [multi];
  const steps = Math.max(...lines.flatMap(({ mean }) => mean.map(({ step }) => step)));
  const [low, high] = bounds(lines, higherIsBetter);
  // What the bounds leave out runs along the edge.
  const y = (value: number): number => HEIGHT * (1 - Math.min(1, Math.max(0, (value - low) / (high - low))));
  const path = ({ mean }: CurveView): string =>
    mean
      .map(({ step, metric }, i) => `${i ? 'L' : 'M'}${tenth((WIDTH * step) / steps)} ${tenth(y(metric))}`)
      .join('');
  const [first, last] = [multi.mean[0]!, multi.mean.at(-1)!];
  return html`<svg class="spark" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}"><title>${title} from ${score(first.metric)} to ${score(last.metric)}</title>${independent && html`<path class="alone" d="${path(independent)}"/>`}<path class="joint" d="${path(multi)}"/></svg>`;
}

const tenth = (x: number): string => x.toFixed(1).replace('.0', '');
