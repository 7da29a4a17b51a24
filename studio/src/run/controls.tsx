import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Request } from '../../../src/experiment/live/control.ts';
import { control, type ListedRun } from '../api.ts';

const ASKED: Readonly<Record<Request, string>> = {
  pause: 'It pauses after the next evaluation.',
  resume: 'It goes on.',
  stop: 'It stops; "polytask resume" goes on with it.',
  end: 'It ends with what it has learned, and concludes.',
};

/** What may be asked of a run that learns. */
export function Controls({ id, state }: { id: string; state: ListedRun['state'] }): JSX.Element {
  const said = useSignal('');
  const ask = (request: Request) => async (): Promise<void> => {
    said.value = await control(id, request).then(
      () => ASKED[request],
      (error: Error) => error.message,
    );
  };
  return (
    <fieldset class="controls" aria-label="Training">
      {state === 'paused' ? (
        <button type="button" onClick={ask('resume')}>
          Go on
        </button>
      ) : (
        <button type="button" onClick={ask('pause')}>
          Pause
        </button>
      )}
      <button type="button" onClick={ask('end')}>
        Stop and save
      </button>
      <button type="button" onClick={ask('stop')}>
        Stop
      </button>
      <span role="status" class="soft">
        {said}
      </span>
    </fieldset>
  );
}
