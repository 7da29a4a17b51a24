import { type ReadonlySignal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';

/** Something that is asked for again and again; `error` while the last answer did not come. */
export interface Polled<T> {
  readonly value: T | undefined;
  readonly error: string | undefined;
}

/**
 * Asks every so often while the page is looked at. A server that is gone is asked on: when it is back, so is what it says.
 *
 * @param every milliseconds
 */
export function usePolled<T>(ask: () => Promise<T>, every: number, key: string): ReadonlySignal<Polled<T>> {
  const state = useMemo(() => signal<Polled<T>>({ value: undefined, error: undefined }), [key]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const look = async (): Promise<void> => {
      if (document.visibilityState === 'visible' || state.value.value === undefined)
        state.value = await ask().then(
          (value) => ({ value, error: undefined }),
          (error: Error) => ({ value: state.value.value, error: error.message }),
        );
      if (!ended) timer = setTimeout(look, every);
    };
    void look();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [key]);
  return state;
}
