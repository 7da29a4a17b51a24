/** What stands beside this file in the built package; run from sources there is none of it. */
export interface OwnFiles {
  /** The code of the workers. */
  readonly worker: URL;
  /** The script of the page. */
  readonly page: URL;
}

export function ownFiles(here: string = import.meta.url): OwnFiles | undefined {
  if (here.endsWith('.ts')) return undefined;
  return { worker: new URL('./serve-worker.mjs', here), page: new URL('./serve-page.iife.js', here) };
}
