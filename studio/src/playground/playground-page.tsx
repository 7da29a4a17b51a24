import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { marksInWords } from '../../../src/experiment/report/charts/step-marks.ts';
import { useMedia } from '../media.ts';
import { Choices } from './controls.tsx';
import { curvesOf } from './curves-csv.ts';
import { DropTarget } from './drop-target.tsx';
import { Inside } from './inside.tsx';
import { Learn } from './learn.tsx';
import { Retreat } from './runtime-choice.tsx';
import { Playground } from './store.ts';
import { TaskView } from './task-view.tsx';
import './playground.css';

/** A multi-task model that is trained in the page, and can be changed while it is. */
export function PlaygroundPage(): JSX.Element {
  const playground = useMemo(() => new Playground(), []);
  useEffect(() => () => playground.close(), [playground]);
  document.title = 'Playground, Polytask';
  return (
    <div class="playground">
      <DropTarget of={playground} />
      <h1>Playground</h1>
      <Transport of={playground} />
      <Learn of={playground} />
      <div class="bench">
        <Settings of={playground} />
        <Shown of={playground} />
      </div>
    </div>
  );
}

/** Beside the pictures where there is room; on a phone folded away, so that pictures come first. */
function Settings({ of: playground }: { of: Playground }): JSX.Element {
  const room = useMedia('(min-width: 52rem)');
  if (room) return <Choices of={playground} />;
  const asks = playground.settings.value.problem === 'table' && playground.file.value === undefined;
  return (
    <details class="settings" open={asks}>
      <summary>Settings</summary>
      <Choices of={playground} />
    </details>
  );
}

/** What is learned: task by task, and inside. */
function Shown({ of: playground }: { of: Playground }): JSX.Element {
  const opened = playground.opened.value;
  const trouble = playground.refused.value ?? playground.failed.value?.message;
  return (
    <div class="shown">
      {trouble !== undefined && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
      <Retreat of={playground} />
      <p class="note">
        <span class="key joint">together</span>
        {playground.points.value.at(-1)?.alone && (
          <span class="key alone">each task alone, for the same time</span>
        )}{' '}
        Metrics are of validation rows, losses of training rows.
      </p>
      <p class="note" role="status">
        {marksInWords(playground.changes.value)}
      </p>
      {opened?.tasks.map(({ name }, t) => (
        <TaskView key={name} of={playground} task={t} />
      ))}
      {opened && <Inside of={playground} />}
    </div>
  );
}

/** Play, pause, one pass, from the start. */
function Transport({ of: playground }: { of: Playground }): JSX.Element {
  const playing = playground.playing.value;
  const ready = playground.opened.value !== undefined;
  const stuck = playground.finished.value || playground.failed.value !== undefined;
  const { step } = playground;
  return (
    <fieldset class="transport controls" aria-label="Training">
      <button
        type="button"
        class="play"
        disabled={!ready || stuck}
        onClick={() => (playing ? playground.pause() : playground.play())}
      >
        {playing ? 'Pause' : 'Play'}
      </button>
      <button type="button" disabled={!ready || stuck} onClick={() => playground.onePass()}>
        One pass
      </button>
      <button type="button" disabled={!ready} onClick={() => playground.reset()}>
        Reset
      </button>
      <button type="button" disabled={step === 0} onClick={() => save(playground)}>
        Curves as CSV
      </button>
      <span class="soft">
        step <b class="step">{step}</b>
        {playing && `, ${Math.round(playground.pace.value)} a second`}
        {playground.finished.value && ', all passes are done'}
      </span>
    </fieldset>
  );
}

/** Hands the curves over as a file. */
function save({ opened, points }: Playground): void {
  const text = curvesOf(
    opened.value!.tasks.map(({ name }) => name),
    points.value,
  );
  const href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  Object.assign(document.createElement('a'), { href, download: 'curves.csv' }).click();
  URL.revokeObjectURL(href);
}
