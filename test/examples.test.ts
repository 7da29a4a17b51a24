import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtCli } from './support/built-cli.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

let folder: string;
beforeAll(async () => {
  const dist = dirname(await builtCli());
  folder = mkdtempSync(join(tmpdir(), 'polytask-examples-'));
  // The package as it would be installed, with what was built of these sources.
  const installed = join(folder, 'node_modules/polytask');
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  symlinkSync(dist, join(installed, 'dist'));
  cpSync(join(root, 'examples'), folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('youtube-ranker: the bias is found, and the ranking better without it', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['rank.mjs'], {
    cwd: join(folder, 'youtube-ranker'),
    timeout: 60_000,
  });
  const lines = stdout.trim().split('\n');
  const positions = lines.filter((line) => line.startsWith('position'));
  expect(positions).toHaveLength(8);
  for (const line of positions) {
    const [, learned, injected] = /learned (\S+), log\(examination\) (\S+)/.exec(line)!.map(Number);
    expect(Math.abs(learned! - injected!), line).toBeLessThan(0.6);
  }
  const [without, ignored] = lines.slice(8).map((line) => Number(line.split(': ')[1]));
  expect(without).toBeGreaterThan(ignored! + 0.03);
});
