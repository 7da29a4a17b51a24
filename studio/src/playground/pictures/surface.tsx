import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { tabbed } from '../../../../src/experiment/report/charts/carried.ts';
import { useChart } from '../../charts/use-chart.ts';
import { useDark } from '../../media.ts';
import type { PictureOf, Shown } from './predicted.tsx';

const SIDE = 240;

/** A decision surface: the task's colour where it says yes, grey where no, paler where it is not sure; rows on top. */
export function Surface({ picture, task, values }: Shown<PictureOf<'plane'>>): JSX.Element {
  const { size, reach, x, y, labels } = picture;
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useDark();
  useEffect(() => {
    if (canvas.current) paint(canvas.current, values, size);
  }, [values, size, dark]);
  const at = (value: number): number => (SIDE * (value / reach + 1)) / 2;
  const figure = useChart(() => {
    const middle = (cell: number): number => reach * ((2 * cell + 1) / size - 1);
    const cells = [...(values ?? [])].map((chance, i) => [
      middle(i % size),
      middle(Math.floor(i / size)),
      chance,
    ]);
    const rows = x.map((own, i) => [own, y[i], labels[task]![i]]).filter(([, , own]) => !Number.isNaN(own));
    return `${tabbed(['x', 'y', 'yes'], cells)}\n\n${tabbed(['x', 'y', 'label'], rows)}`;
  });
  return (
    <figure ref={figure} class="multiple">
      <figcaption>
        <b>decided</b> filled rows are yes
      </figcaption>
      <div class="surface">
        <canvas ref={canvas} width={size} height={size} />
        <svg role="img" viewBox={`0 0 ${SIDE} ${SIDE}`}>
          <title>Where the model says yes, and training rows with their labels</title>
          {values && <desc>It says yes on {yesShare(values)} % of the square.</desc>}
          {x.map((own, i) => {
            const label = labels[task]![i]!;
            if (Number.isNaN(label)) return null;
            return <circle key={i} class={label ? 'yes' : 'no'} cx={at(own)} cy={SIDE - at(y[i]!)} r="2.4" />;
          })}
        </svg>
      </div>
    </figure>
  );
}

const yesShare = (values: Float32Array): number =>
  Math.round((100 * values.reduce((count, value) => count + Number(value > 0.5), 0)) / values.length);

function paint(canvas: HTMLCanvasElement, values: Float32Array | undefined, size: number): void {
  const context = canvas.getContext('2d')!;
  context.clearRect(0, 0, size, size);
  if (values === undefined) return;
  const style = getComputedStyle(canvas);
  const [yes, no] = [style.getPropertyValue('--task'), style.getPropertyValue('--mid')];
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const lean = 2 * values[row * size + column]! - 1;
      context.globalAlpha = 0.7 * Math.abs(lean);
      context.fillStyle = lean > 0 ? yes : no;
      context.fillRect(column, size - 1 - row, 1, 1);
    }
}
