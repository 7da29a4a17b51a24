import type { JSX } from 'preact';
import { tabbed } from '../../../../src/experiment/report/charts/carried.ts';
import { useChart } from '../../charts/use-chart.ts';
import type { PictureOf, Shown } from './predicted.tsx';

const WIDTH = 320;
const HEIGHT = 200;
const EDGE = 8;

/** Predictions of validation rows over what was: on the diagonal where they are right. */
export function Scatter({ picture, task, values }: Shown<PictureOf<'scatter'>>): JSX.Element | null {
  const truth = picture.truth[task]!;
  const figure = useChart(() => {
    const rows = truth.map((own, i) => [own, values?.[i]]).filter(([own]) => Number.isFinite(own));
    return tabbed(['label', 'predicted'], rows);
  });
  if (truth.length === 0) return null;
  const known = truth.filter(Number.isFinite);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const span = high - low || 1;
  const x = (value: number): number => EDGE + ((WIDTH - 2 * EDGE) * (value - low)) / span;
  const y = (value: number): number =>
    HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * Math.min(1, Math.max(0, (value - low) / span));
  return (
    <figure ref={figure} class="multiple">
      <figcaption>
        <b>predicted</b> over what was
      </figcaption>
      <svg class="curve scattered" role="img" viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
        <title>Predictions of validation rows over their labels</title>
        <line class="grid" x1={x(low)} y1={y(low)} x2={x(high)} y2={y(high)} />
        {values &&
          truth.map((own, i) =>
            Number.isFinite(own) ? (
              <circle key={i} cx={x(own).toFixed(1)} cy={y(values[i]!).toFixed(1)} r="2.2" />
            ) : null,
          )}
      </svg>
    </figure>
  );
}
