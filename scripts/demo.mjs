#!/usr/bin/env node
// `npm run demo`: builds what is missing or older than its sources, then runs the demo with the arguments given.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = join(root, 'dist', 'cli.mjs');

function stale() {
  if (!existsSync(built)) return true;
  const time = statSync(built).mtimeMs;
  const sources = ['src', 'studio'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((file) => join(root, folder, file)),
  );
  return [...sources, join(root, 'package.json'), join(root, 'tsdown.config.ts')].some(
    (file) => statSync(file).mtimeMs > time,
  );
}

if (stale()) {
  console.error('Building …');
  const tool = (...path) => join(root, 'node_modules', ...path);
  for (const args of [
    [tool('tsdown', 'dist', 'run.mjs'), '--log-level', 'error'],
    [tool('vite', 'bin', 'vite.js'), 'build', '--config', 'studio/vite.config.ts', '--logLevel', 'error'],
  ]) {
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
    if (status !== 0) process.exit(status ?? 1);
  }
}
const { status } = spawnSync(process.execPath, [built, 'demo', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
