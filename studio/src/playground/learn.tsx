import type { JSX } from 'preact';
import { STOPS } from './stops.ts';
import type { Playground } from './store.ts';

/** The course: its stops, and the one that the reader is at. */
export function Learn({ of: playground }: { of: Playground }): JSX.Element {
  const { stop: at } = playground.settings.value;
  const stop = STOPS[at - 1];
  return (
    <details class="learn" open={at > 0}>
      <summary>Learn: ten short stops</summary>
      <ol>
        {STOPS.map(({ title }, i) => (
          <li key={title}>
            <button
              type="button"
              aria-current={at === i + 1 ? 'step' : undefined}
              onClick={() => playground.visit(i + 1)}
            >
              {title}
            </button>
          </li>
        ))}
      </ol>
      {stop && (
        <div class="stop" aria-live="polite">
          <h2>
            {at}. {stop.title}
          </h2>
          <p>
            <b>Try.</b> {stop.attempt}
          </p>
          <p>
            <b>See.</b> {stop.see}
          </p>
          {at < STOPS.length && (
            <button type="button" onClick={() => playground.visit(at + 1)}>
              Next stop
            </button>
          )}
        </div>
      )}
    </details>
  );
}
