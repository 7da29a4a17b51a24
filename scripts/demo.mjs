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
  const sources = readdirSync(join(root, 'src'), { recursive: true }).map((file) => join(root, 'src', file));
  return [...sources, join(root, 'package.json'), join(root, 'tsdown.config.ts')].some(
    (file) => statSync(file).mtimeMs > time,
  );
}

if (stale()) {
  console.error('Building …');
  const tsdown = join(root, 'node_modules', 'tsdown', 'dist', 'run.mjs');
  const { status } = spawnSync(process.execPath, [tsdown, '--log-level', 'error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
}
const { status } = spawnSync(process.execPath, [built, 'demo', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
