import { type Signal, signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { ListedRun } from '../api.ts';
import { follow } from '../router.ts';

/** Runs that are chosen to be compared, by id. */
const chosen: Signal<ReadonlySet<string>> = signal(new Set());

/** Chooses a run to be compared; there is nothing to compare of one that is not finished. */
export function Choose({ run: { id, name, state } }: { run: ListedRun }): JSX.Element {
  return (
    <input
      type="checkbox"
      aria-label={`Compare ${name}`}
      checked={chosen.value.has(id)}
      disabled={state !== 'finished'}
      onChange={() => {
        const next = new Set(chosen.value);
        if (!next.delete(id)) next.add(id);
        chosen.value = next;
      }}
    />
  );
}

/** Where the chosen runs are compared. */
export function Choice(): JSX.Element | null {
  const { size } = chosen.value;
  if (size === 0) return null;
  return (
    <p class="choice">
      <a href={`/compare?runs=${[...chosen.value].join(',')}`} onClick={follow}>
        Compare {size === 1 ? 'this run' : `these ${size} runs`}
      </a>{' '}
      <button
        type="button"
        onClick={() => {
          chosen.value = new Set();
        }}
      >
        None
      </button>
    </p>
  );
}
