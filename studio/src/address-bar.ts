/** Browsers refuse a page that changes its address a hundred times in half a minute, as a slider would. */
const WINDOW_MS = 30_000;
const MOST_AT_ONCE = 60;
const PAUSE_MS = 1000;

let written: readonly number[] = [];
let waiting: { readonly url: string; readonly timer: number } | undefined;

/** Says in the address how the page stands: at once, or, where that was said very often just now, in a pause. */
export function writeAddress(url: string): void {
  forget();
  const now = performance.now();
  written = written.filter((time) => now - time < WINDOW_MS);
  if (written.length < MOST_AT_ONCE) write(url);
  else waiting = { url, timer: window.setTimeout(settleAddress, PAUSE_MS) };
}

/** Writes what waits: before the page goes elsewhere. */
export function settleAddress(): void {
  const url = waiting?.url;
  forget();
  if (url !== undefined) write(url);
}

function write(url: string): void {
  written = [...written, performance.now()];
  history.replaceState(null, '', url);
}

function forget(): void {
  clearTimeout(waiting?.timer);
  waiting = undefined;
}

// Where one went back, what waits belongs to the page that one left.
addEventListener('popstate', forget);
