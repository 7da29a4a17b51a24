import type { JSX } from 'preact';

/** What is wrong, or that something is awaited; nothing where all is well. */
export function Trouble({
  error,
  waiting,
}: {
  error: string | undefined;
  waiting?: string;
}): JSX.Element | null {
  if (error !== undefined)
    return (
      <p class="trouble" role="alert">
        The studio does not answer ({error}). What is shown is as it was; the page asks again by itself.
      </p>
    );
  return waiting === undefined ? null : (
    <p class="note" aria-live="polite">
      {waiting} …
    </p>
  );
}
