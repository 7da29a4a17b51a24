// What objectives cost: a training step under each, relative to equal weights in the same run.
// Usage: node benchmarks/objectives/cost.mjs [--only shared-bottom|mmoe] [--tasks 2+8+40] [--methods a+b] [--rounds 11] [--name cost]
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { drawRows, makeTable } from '../lib/data.mjs';
import { describeMachine } from '../lib/machine.mjs';
import { digits, measure, median, ratios } from '../lib/measure.mjs';
import { TABLE_ROWS } from '../lib/sizes.mjs';
import { buildStep, openRuntime, polytaskSteps, tablesOf } from '../subjects/polytask.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    tasks: { type: 'string', default: '2+8+40' },
    methods: { type: 'string' },
    rounds: { type: 'string', default: '11' },
    seconds: { type: 'string', default: '0.2' },
    threads: { type: 'string', default: '2' },
    name: { type: 'string' },
  },
});

const METHODS = options.methods?.split(' ') ?? [
  'uncertainty', 'dwa', 'imtl-l', 'stch', 'hedge', 'famo',
  'pcgrad', 'mgda', 'cagrad', 'nash', 'aligned', 'upgrad', 'gradnorm',
  'cagrad:over=last', 'mgda-ub', 'cagrad:over=representation',
];
const TRUNKS = { 'shared-bottom': 'shared-bottom', mmoe: 'mmoe:experts=4' };
const SIZE = { batch: 512, inputs: 128, hidden: [256, 256] };

const cases = [];
const runtime = openRuntime(Number(options.threads));
for (const [trunk, sharing] of Object.entries(TRUNKS)) {
  if (options.only !== undefined && options.only !== trunk) continue;
  for (const tasks of options.tasks.split('+').map(Number)) {
    const table = makeTable({ ...SIZE, tasks });
    const subjects = [];
    for (const objective of ['equal', ...METHODS]) {
      if (trunk === 'mmoe' && /mgda-ub|representation/.test(objective)) continue;
      const built = buildStep({ ...SIZE, tasks, rows: TABLE_ROWS, sharing, objective });
      subjects.push(
        await polytaskSteps(built, {
          name: objective, driver: 'looped', runtime, tables: tablesOf(table, SIZE.inputs, tasks),
          tableRows: TABLE_ROWS, rows: drawRows(64, SIZE.batch), learningRate: 1e-3, chunk: 16,
        }),
      );
    }
    const times = await measure(subjects, { rounds: Number(options.rounds), seconds: Number(options.seconds) });
    for (const { close } of subjects) await close();
    const rows = subjects.map(({ name }) => ({
      objective: name,
      milliseconds: digits(1000 * median(times[name].wall)),
      relative: ratios(times[name], times.equal),
    }));
    cases.push({ trunk, tasks, rows });
    console.log(`${trunk}, T = ${tasks}; bound of exact methods ${((1 + 2 * tasks) / 3).toFixed(2)}`);
    console.table(rows.map(({ relative, ...row }) => ({ ...row, ...relative })));
  }
}
await runtime.close();
if (options.name !== undefined)
  await writeFile(
    new URL(`../results/${options.name}.json`, import.meta.url),
    `${JSON.stringify({ machine: describeMachine(), size: SIZE, cases }, undefined, 2)}\n`,
  );
