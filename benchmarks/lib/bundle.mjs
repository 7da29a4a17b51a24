import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'tsdown';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Compiles what the benchmarks use of the sources, and loads it: Node 20 does not read TypeScript. */
export async function loadPolytask() {
  await build({
    config: false,
    entry: { polytask: path('lib/polytask-entry.mjs') },
    outDir: path('.build'),
    cwd: path('..'),
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  return import(pathToFileURL(path('.build/polytask.mjs')).href);
}
