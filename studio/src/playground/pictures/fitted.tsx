import type { JSX } from 'preact';
import { tabbed } from '../../../../src/experiment/report/charts/carried.ts';
import { useChart } from '../../charts/use-chart.ts';
import type { PictureOf, Shown } from './predicted.tsx';

const WIDTH = 320;
const HEIGHT = 176;
const EDGE = 8;

/** The fitted curve along a task's direction, over the one behind its labels and training rows. */
export function Fitted({ picture, task, values }: Shown<PictureOf<'curves'>>): JSX.Element {
  const { at, truth, rows } = picture;
  const own = rows[task]!;
  const [left, right] = [at[0]!, at.at(-1)!];
  const all = truth.flat();
  const [low, high] = [Math.min(...all) - 0.5, Math.max(...all) + 0.5];
  const x = (z: number): string => (EDGE + ((WIDTH - 2 * EDGE) * (z - left)) / (right - left)).toFixed(1);
  const y = (value: number): string =>
    (HEIGHT - EDGE - ((HEIGHT - 2 * EDGE) * (value - low)) / (high - low)).toFixed(1);
  const path = (curve: ArrayLike<number>, from = 0): string =>
    at.map((z, i) => `${i ? 'L' : 'M'}${x(z)},${y(curve[from + i]!)}`).join('');
  const figure = useChart(() => {
    const curves = at.map((z, i) => [z, values?.[task * at.length + i], truth[task]![i]]);
    const labels = own.x.map((z, i) => [z, own.y[i]]).filter(([, label]) => !Number.isNaN(label));
    return `${tabbed(['z', 'fitted', 'truth'], curves)}\n\n${tabbed(['z', 'label'], labels)}`;
  });
  return (
    <figure ref={figure} class="multiple">
      <figcaption>
        <b>fitted</b> thin: behind the labels
      </figcaption>
      <svg class="curve fitted" role="img" viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
        <title>The curve that is predicted along the direction of the task, and the true one</title>
        {own.x.map((z, i) =>
          Math.abs(z) > right || Number.isNaN(own.y[i]!) ? null : (
            <circle key={i} cx={x(z)} cy={y(own.y[i]!)} r="1.8" />
          ),
        )}
        <path class="truth" d={path(truth[task]!)} />
        {values && <path class="joint" d={path(values, task * at.length)} />}
      </svg>
    </figure>
  );
}
