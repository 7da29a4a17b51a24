import { fileURLToPath, pathToFileURL } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Set for processes that take what another one has compiled. */
export const BUNDLED = 'POLYTASK_BUNDLED';

/** Compiles what the benchmarks use of the sources, and loads it: Node 20 does not read TypeScript. */
export async function loadPolytask() {
  if (process.env[BUNDLED] === undefined) await bundle();
  return import(pathToFileURL(path('.build/polytask.mjs')).href);
}

async function bundle() {
  const { build } = await import('tsdown');
  await build({
    config: false,
    entry: { polytask: path('lib/polytask-entry.mjs'), worker: path('../src/platform/node/worker.ts') },
    outDir: path('.build'),
    cwd: path('..'),
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
}
