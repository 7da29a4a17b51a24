import './gradients.css';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import { ALL_LAYERS, type Frame, gradientFrames } from '../../../src/experiment/report/gradient-frames.ts';
import { cosineMatrix } from '../../../src/experiment/report/sections/gradients.ts';
import type { TaskMark } from '../../../src/experiment/report/view.ts';
import type { TrialResult } from '../../../src/experiment/result.ts';
import { Drawn } from './drawn.tsx';

/**
 * The cosines of the tasks' gradients at a point in time that one chooses, in a layer that one chooses. Until one has moved
 * the slider, or where it is at its end, it stands at the newest.
 */
export function GradientsOverTime({
  trained,
  tasks,
}: {
  trained: Pick<TrialResult, 'curve' | 'observed'>;
  tasks: readonly TaskMark[];
}): JSX.Element | null {
  const layers = useMemo(() => gradientFrames(trained), [trained.curve, trained.observed]);
  const layer = useSignal(ALL_LAYERS);
  const chosen = useSignal<number | undefined>(undefined);
  const id = useId();
  const shown = layers.find(({ name }) => name === layer.value) ?? layers[0];
  if (shown === undefined) return null;
  const { name, frames } = shown;
  const at = placeOf(frames, chosen.value);
  const { step, cosines } = frames[at]!;
  const time = step === undefined ? 'over the whole run' : `step ${step}`;
  return (
    <section class="gradients">
      <h2>Where and when do gradients agree?</h2>
      <p class="note">
        Cosines of the tasks’ gradients over what they share, in the first seed; blue pulls together, rust
        apart.
        {step === undefined && ' This run kept their means alone.'}
      </p>
      <div class="chosen">
        <label for={`${id}-layer`}>Layer</label>
        <select
          id={`${id}-layer`}
          value={name}
          onChange={(event) => (layer.value = event.currentTarget.value)}
        >
          {layers.map((own) => (
            <option key={own.name}>{own.name}</option>
          ))}
        </select>
        {frames.length > 1 && (
          <>
            <label for={`${id}-time`}>Time</label>
            <input
              id={`${id}-time`}
              type="range"
              min={0}
              max={frames.length - 1}
              value={at}
              aria-valuetext={`${time} of ${frames.at(-1)!.step}`}
              onInput={(event) => {
                const place = Number(event.currentTarget.value);
                chosen.value = place < frames.length - 1 ? frames[place]!.step : undefined;
              }}
            />
          </>
        )}
        <output for={`${id}-time`} class="soft">
          {time}
        </output>
      </div>
      <Drawn
        from={[cosines, name, time, tasks]}
        draw={() => cosineMatrix(`Cosines of the tasks’ gradients in ${name}, ${time}`, cosines, tasks)}
      />
    </section>
  );
}

/** The last frame that is not after a step; the newest where none is chosen. */
function placeOf(frames: readonly Frame[], step: number | undefined): number {
  if (step === undefined) return frames.length - 1;
  return Math.max(
    0,
    frames.findLastIndex((frame) => frame.step !== undefined && frame.step <= step),
  );
}
