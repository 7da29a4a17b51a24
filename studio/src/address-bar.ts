/** Browsers refuse a page that changes its address some hundred times in half a minute, as a slider would. */
const EVERY_MS = 400;

let written = Number.NEGATIVE_INFINITY;
let waiting: { readonly url: string; readonly timer: number } | undefined;

/** Says in the address how the page stands: at once, or soon where it was said just now. */
export function writeAddress(url: string): void {
  forget();
  const wait = written + EVERY_MS - performance.now();
  if (wait <= 0) write(url);
  else waiting = { url, timer: window.setTimeout(settleAddress, wait) };
}

/** Writes what waits: before the page goes elsewhere. */
export function settleAddress(): void {
  const url = waiting?.url;
  forget();
  if (url !== undefined) write(url);
}

function write(url: string): void {
  written = performance.now();
  history.replaceState(null, '', url);
}

function forget(): void {
  clearTimeout(waiting?.timer);
  waiting = undefined;
}

// Where one went back, what waits belongs to the page that one left.
addEventListener('popstate', forget);
