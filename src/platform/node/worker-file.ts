import { existsSync, readdirSync, statSync } from 'node:fs';

/**
 * Where the worker's code is: beside this file in the built package. Run from sources, the built one is used as long
 * as the runtimes' sources are no newer than it; otherwise there is none.
 */
export function workerFile(here: string = import.meta.url): URL | undefined {
  if (!here.endsWith('.ts')) return new URL('./worker.mjs', here);
  const built = new URL('../../../dist/worker.mjs', here);
  if (!existsSync(built)) return undefined;
  const time = statSync(built).mtimeMs;
  const fresh = ['./', '../../engine/runtime/'].every((folder) => {
    const directory = new URL(folder, here);
    return readdirSync(directory).every((file) => statSync(new URL(file, directory)).mtimeMs <= time);
  });
  return fresh ? built : undefined;
}
