/**
 * How the studio's pages feel: a folder of 500 runs, a live view of ten tasks, the playground.
 *
 *   node benchmarks/studio/measure.mjs [--only list|live|playground] [--dist dist]
 *
 * Needs a build (`npm run build`) and Chromium. Writes benchmarks/results/studio.json.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from '../lib/machine.mjs';
import { measureList } from './list.mjs';
import { measureLive } from './live.mjs';
import { measurePlayground } from './playground.mjs';

const root = resolve(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: { only: { type: 'string' }, dist: { type: 'string', default: 'dist' } },
});
const parts = { list: measureList, live: measureLive, playground: measurePlayground };
const file = join(root, 'benchmarks/results/studio.json');
const result = values.only === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'));

for (const [name, measure] of Object.entries(parts)) {
  if (values.only !== undefined && values.only !== name) continue;
  const folder = mkdtempSync(join(tmpdir(), 'polytask-studio-'));
  try {
    const machine = describeMachine();
    result[name] = { machine, ...(await measure({ folder, cli: resolve(root, values.dist, 'cli.mjs') })) };
    console.log(name, JSON.stringify(result[name]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
