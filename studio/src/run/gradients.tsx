import './gradients.css';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import { shareReach } from '../../../src/experiment/report/charts/scale.ts';
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
  const reach = useMemo(() => reachOf(layers.flatMap(({ frames }) => frames)), [layers]);
  const layer = useSignal(ALL_LAYERS);
  const chosen = useSignal<number | undefined>(undefined);
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
        apart, and {reach} has the full colour.
        {frames.length === 1 && (step === undefined ? MEANS : ONE_POINT)}
      </p>
      <div class="chosen">
        <label>
          Layer
          <select value={name} onChange={(event) => (layer.value = event.currentTarget.value)}>
            {layers.map((own) => (
              <option key={own.name}>{own.name}</option>
            ))}
          </select>
        </label>
        <Time frames={frames} at={at} said={time} choose={(place) => (chosen.value = place)} />
      </div>
      <Drawn
        from={[cosines, name, time, tasks, reach]}
        draw={() =>
          cosineMatrix(`Cosines of the tasks’ gradients in ${name}, ${time}`, cosines, tasks, reach)
        }
      />
    </section>
  );
}

const MEANS = ' This run kept the means over all looks alone.';
const ONE_POINT =
  ' One look saw them; "--affinity first-order:every=20" looks every 20 steps, for what that costs.';

/** A slider over points in time, if there are several, and the chosen one in words. */
function Time({
  frames,
  at,
  said,
  choose,
}: {
  frames: readonly Frame[];
  at: number;
  said: string;
  choose: (step: number | undefined) => void;
}): JSX.Element {
  const id = useId();
  const last = frames.length - 1;
  return (
    <>
      {last > 0 && (
        <label class="time">
          Time
          <input
            id={id}
            type="range"
            max={last}
            value={at}
            aria-valuetext={`${said} of ${frames[last]!.step}`}
            onInput={({ currentTarget: { valueAsNumber: place } }) =>
              choose(place < last ? frames[place]!.step : undefined)
            }
          />
        </label>
      )}
      <output for={id} class="soft" aria-live="off">
        {said}
      </output>
    </>
  );
}

/** One scale for all points and layers, so that colours can be compared. */
const reachOf = (frames: readonly Frame[]): number =>
  shareReach(frames.flatMap(({ cosines }) => cosines.flat()));

/** The last frame that is not after a step; the newest where none is chosen. */
function placeOf(frames: readonly Frame[], step: number | undefined): number {
  if (step === undefined) return frames.length - 1;
  const at = frames.findLastIndex((frame) => frame.step !== undefined && frame.step <= step);
  return Math.max(0, at);
}
