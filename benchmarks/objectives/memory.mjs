// How much memory a step takes that compares the gradients of 40 tasks over a million shared parameters: the most that
// the whole process ever held, each in a process of its own.
// Usage: node benchmarks/objectives/memory.mjs [--name memory]
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BUNDLED } from '../lib/bundle.mjs';
import { makeTable } from '../lib/data.mjs';
import { describeMachine } from '../lib/machine.mjs';
import { TABLE_ROWS } from '../lib/sizes.mjs';
import { buildStep, openRuntime, polytaskSteps, tablesOf } from '../subjects/polytask.mjs';

const { values: options } = parseArgs({ options: { of: { type: 'string' }, name: { type: 'string' } } });
const SIZE = { batch: 256, inputs: 128, hidden: [1024, 832] };
const TASKS = 40;
const OBJECTIVES = ['equal', 'cagrad', 'cagrad:every=16', 'mgda-ub', 'db-mtl', 'gradvac:by=layer'];

if (options.of === undefined) {
  const results = OBJECTIVES.map((objective) => {
    const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--of', objective], {
      encoding: 'utf8',
      env: { ...process.env, [BUNDLED]: '1' },
    });
    return JSON.parse(stdout.trim().split('\n').at(-1));
  });
  console.table(results);
  const text = { machine: describeMachine(), size: SIZE, tasks: TASKS, results };
  if (options.name)
    writeFileSync(
      new URL(`../results/${options.name}.json`, import.meta.url),
      `${JSON.stringify(text, undefined, 2)}\n`,
    );
} else {
  const table = makeTable({ ...SIZE, tasks: TASKS });
  const runtime = openRuntime(2);
  const before = held();
  const built = buildStep({ ...SIZE, tasks: TASKS, rows: TABLE_ROWS, objective: options.of });
  const shared = built.parameters
    .filter(({ owner }) => owner.kind === 'shared')
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const steps = await polytaskSteps(built, {
    ...{ name: options.of, driver: 'looped', runtime, tableRows: TABLE_ROWS, learningRate: 1e-3, chunk: 16 },
    tables: tablesOf(table, SIZE.inputs, TASKS),
  });
  await steps.take(48);
  const megabytes = Math.round(held() / 1e6);
  console.log(JSON.stringify({ objective: options.of, shared, megabytes, before: Math.round(before / 1e6) }));
  await steps.close();
  await runtime.close();
}

/** The most that this process ever held, in bytes. */
function held() {
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
}
