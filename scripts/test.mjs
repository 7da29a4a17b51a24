#!/usr/bin/env node
// Everything that must hold, in order, each with a headline and its time; the last line counts what passed and failed.
// With CI=true a skipped test is a failure.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './system.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), 'polytask-test-'));
const summaryFile = join(scratch, 'summary.json');
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const ci = /^(1|true)$/i.test(process.env.CI ?? '');

const bin = (name) => join('node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
const run = (command, args, env = {}) =>
  spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } }).status === 0;

/** Packs what would be published and tells where it lies. */
function pack() {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch];
  const { status, stdout } = spawnSync('npm', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return status === 0 ? join(scratch, JSON.parse(stdout)[0].filename) : undefined;
}

function lintPackage() {
  const tarball = pack();
  if (tarball === undefined) return false;
  const published = run(bin('publint'), [tarball, '--strict']);
  return run(bin('attw'), [tarball, '--profile', 'esm-only', '--no-emoji']) && published;
}

function runTests() {
  const { path, reason } = ensureChromium();
  return run(
    bin('vitest'),
    ['run', '--reporter=default', '--reporter=./scripts/summary-reporter.mjs', ...process.argv.slice(2)],
    {
      POLYTASK_SUMMARY: summaryFile,
      ...(path ? { POLYTASK_CHROMIUM: path } : { POLYTASK_NO_CHROMIUM: reason }),
    },
  );
}

const PAGES = ['build', '--config', 'studio/vite.config.ts'];
const checks = [
  ['Types', () => run(bin('tsc'), ['--noEmit']) && run(bin('tsc'), ['--noEmit', '-p', 'studio'])],
  ['Style', () => run(bin('biome'), ['check', '.'])],
  ['Floors', () => run(process.execPath, ['scripts/check-imports.mjs'])],
  ['Unused code and dependencies', () => run(bin('knip'), ['--no-progress'])],
  ['Build', () => run(bin('tsdown'), ['--log-level', 'warn']) && run(bin('vite'), PAGES)],
  ['Package', lintPackage],
  ['Tests', runTests],
];

let passed = 0;
const failures = [];
for (const [title, check] of checks) {
  console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 70 - title.length))}`);
  const start = performance.now();
  const ok = check();
  console.log(`── ${title}: ${ok ? 'ok' : 'FAILED'} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  // The tests count one by one below.
  if (ok && title !== 'Tests') passed++;
  else if (!ok) failures.push(title);
}

const summary = existsSync(summaryFile)
  ? JSON.parse(readFileSync(summaryFile, 'utf8'))
  : { passed: 0, failed: [], skipped: [] };
passed += summary.passed;
// A failed test names itself; a run that failed otherwise stands in the list as it is.
if (summary.failed.length > 0) failures.splice(failures.indexOf('Tests'), 1, ...summary.failed);
if (summary.skipped.length > 0) {
  console.log(`\nSkipped${ci ? ', which in CI is a failure' : ''}:`);
  for (const { name, reason } of summary.skipped) console.log(`  ${name}: ${reason}`);
  if (ci) failures.push(...summary.skipped.map(({ name }) => `skipped: ${name}`));
}
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((name) => `  ${name}`).join('\n')}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
