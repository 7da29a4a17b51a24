/**
 * What predicting a long file takes: seconds, and the most memory that the process ever had, at growing numbers of rows.
 *
 * Usage: npm run build && node benchmarks/predict-memory.mjs [--rows 250000,1000000,4000000] [--heap 96] [--out csv]
 *   [--cli dist/cli.mjs]
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '250000,1000000,4000000' },
    /** Megabytes of JavaScript's heap. */
    heap: { type: 'string', default: '96' },
    out: { type: 'string', default: 'csv' },
    cli: { type: 'string', default: fileURLToPath(new URL('../dist/cli.mjs', import.meta.url)) },
  },
});
const cli = resolve(values.cli);
const folder = await mkdtemp(join(tmpdir(), 'polytask-memory-'));
const run = (flags, args) => promisify(execFile)(process.execPath, [...flags, cli, ...args], { cwd: folder });

/** Rows of five columns, about 54 bytes each. */
async function write(name, count) {
  const file = createWriteStream(join(folder, name));
  let text = 'id,x,colour,note,amount,flag\n';
  for (let i = 0; i < count; i++) {
    const colour = ['red', 'green', 'blue'][i % 3];
    text += `${i},${Math.sin(i).toFixed(5)},${colour},"note ${i} said, ${(i * 7919) % 1000}",${(i * 13) % 997},${i % 2}\n`;
    if (text.length < 1 << 16) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await once(file, 'close');
}

/** Tells the peak of the process that it is preloaded into. */
const peak = `data:text/javascript,process.on('exit',()=>console.error('peak',process.resourceUsage().maxRSS))`;

try {
  await write('train.csv', 2000);
  const tasks = ['--task', 'flag', '--task', 'amount:regression', '--exclude', 'id'];
  await run(
    [],
    ['fit', 'train.csv', ...tasks, '--seeds', '1', '--epochs', '2', '--no-baseline', '--out', 'run'],
  );
  console.log('rows      file MB  seconds  peak MB');
  for (const count of values.rows.split(',').map(Number)) {
    await write('rows.csv', count);
    const { size } = await stat(join(folder, 'rows.csv'));
    const started = performance.now();
    const { stderr } = await run(
      [`--max-old-space-size=${values.heap}`, '--import', peak],
      ['predict', 'run/model', 'rows.csv', '--keep', 'id', '--out', `predictions.${values.out}`],
    );
    const seconds = (performance.now() - started) / 1000;
    const memory = Number(/peak (\d+)/.exec(stderr)[1]) / 1024;
    const cells = [
      String(count).padEnd(9),
      (size / 1e6).toFixed(0).padStart(7),
      seconds.toFixed(1).padStart(8),
    ];
    console.log([...cells, memory.toFixed(0).padStart(8)].join(' '));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
