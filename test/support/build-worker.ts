import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Builds the worker of these very sources into a folder of its own, from which the packages resolve. In a process of
 * its own: the bundler's threads and those of the test runner lock each other up.
 */
export function buildWorker(): URL {
  const folder = mkdtempSync(`${root}node_modules/.polytask-worker-`);
  const command = 'tsdown src/platform/node/worker.ts --no-config --platform node --target node20 --no-dts';
  execFileSync('npx', [...command.split(' '), '-d', folder], { cwd: root, stdio: 'ignore' });
  return pathToFileURL(`${folder}/worker.mjs`);
}
