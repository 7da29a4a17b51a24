/** Where the code of the server's workers is: beside this file in the built package; run from sources there is none. */
export function serveWorkerFile(here: string = import.meta.url): URL | undefined {
  return here.endsWith('.ts') ? undefined : new URL('./serve-worker.mjs', here);
}
