import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { tabbed } from '../../../../src/experiment/report/charts/carried.ts';
import { useChart } from '../../charts/use-chart.ts';
import { useDark } from '../../media.ts';
import type { PictureOf, Shown } from './predicted.tsx';

/** Validation pictures, and what the model reads in them: in the task's colour where it is right. */
export function Digits({ picture, task, values }: Shown<PictureOf<'digits'>>): JSX.Element {
  const { side, images, labels } = picture;
  const figure = useChart(() => {
    const rows = labels[task]!.map((label, i) => [i, label, values && readIn(values, i)]);
    return tabbed(['picture', 'label', 'read'], rows);
  });
  return (
    <figure ref={figure} class="multiple">
      <figcaption>
        <b>read</b> grey: wrong (what it is)
      </figcaption>
      <ol class="digits">
        {labels[task]!.map((label, i) => {
          const read = values && readIn(values, i);
          return (
            <li key={i}>
              <Image
                of={labels.map((own) => own[i]).join(' and ')}
                pixels={images.subarray(i * side * side, (i + 1) * side * side)}
                side={side}
              />
              <span class={read === label ? 'right' : 'wrong'}>
                {read ?? '–'}
                {read !== undefined && read !== label && ` (${label})`}
              </span>
            </li>
          );
        })}
      </ol>
    </figure>
  );
}

/** The likeliest of the ten digits. */
function readIn(values: Float32Array, picture: number): number {
  const chances = values.subarray(10 * picture, 10 * (picture + 1));
  return chances.indexOf(Math.max(...chances));
}

function Image({ of, pixels, side }: { of: string; pixels: Float32Array; side: number }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useDark();
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    context.clearRect(0, 0, side, side);
    context.fillStyle = getComputedStyle(canvas.current!).color;
    pixels.forEach((value, i) => {
      context.globalAlpha = Math.min(1, Math.max(0, value));
      context.fillRect(i % side, Math.floor(i / side), 1, 1);
    });
  }, [pixels.buffer, pixels.byteOffset, side, dark]);
  return <canvas ref={canvas} role="img" aria-label={of} width={side} height={side} />;
}
