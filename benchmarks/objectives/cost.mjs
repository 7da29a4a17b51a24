// What objectives cost: a training step under each, relative to equal weights, with which it takes turns.
// Usage: node benchmarks/objectives/cost.mjs [--only shared-bottom|mmoe|blocks] [--tasks 2+8+40] [--methods "a b"] [--rounds 11] [--name cost]
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BUNDLED } from '../lib/bundle.mjs';
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
    case: { type: 'string' },
  },
});

const LOSSES = ['uncertainty', 'dwa', 'imtl-l', 'stch', 'hedge', 'famo'];
const EXACT = ['pcgrad', 'mgda', 'cagrad', 'nash', 'aligned', 'upgrad', 'gradnorm'];
const SAMPLED = ['cagrad:every=16', 'cagrad:every=32'];
const OVER = ['mgda-ub', 'mgda-ub:every=4', 'cagrad:over=last'];
/** The trunks, and what is asked of each. */
const TRUNKS = {
  'shared-bottom': { methods: [...LOSSES, ...EXACT, ...SAMPLED, ...OVER] },
  mmoe: { sharing: 'mmoe:experts=4', methods: ['uncertainty', 'famo', ...EXACT, ...SAMPLED] },
  // Rows of one task each, as many of each task.
  blocks: { layout: 'blocks', methods: ['mgda', 'cagrad', 'cagrad:every=16'] },
};
const SIZE = { batch: 512, inputs: 128, hidden: [256, 256] };

/** How often the steps of one chunk are taken: as training would size it, 150 ms. */
const CHUNK = 96;

async function subjectOf(runtime, name, { tasks, sharing, layout = 'wide' }) {
  const long = layout === 'blocks';
  // Blocks are of equal size.
  const batch = long ? Math.ceil(SIZE.batch / tasks) * tasks : SIZE.batch;
  const labels = long ? 1 : tasks;
  const table = makeTable({ ...SIZE, tasks: labels });
  const taskOfRow = long && Int32Array.from({ length: TABLE_ROWS }, (_, row) => row % tasks);
  const built = buildStep({ ...SIZE, batch, tasks, rows: TABLE_ROWS, sharing, layout, objective: name });
  return polytaskSteps(built, {
    ...{ name, driver: 'looped', runtime, tableRows: TABLE_ROWS, learningRate: 1e-3, chunk: CHUNK },
    tables: tablesOf({ ...table, ...(long && { taskOfRow }) }, SIZE.inputs, labels),
    rows: drawRows(64, batch),
  });
}

/** One method and equal weights, in turns. */
async function compare(name, trunk) {
  const runtime = openRuntime(Number(options.threads));
  const subjects = [await subjectOf(runtime, 'equal', trunk), await subjectOf(runtime, name, trunk)];
  // Where weights are kept for some steps, whole rounds of them are timed.
  const every = Number(/every=(\d+)/.exec(name)?.[1] ?? 1);
  subjects[1].chunk = every > 1 ? every * Math.ceil(CHUNK / every) : 1;
  const times = await measure(subjects, {
    rounds: Number(options.rounds),
    seconds: Number(options.seconds),
  });
  for (const { close } of subjects) await close();
  await runtime.close();
  const milliseconds = (of) => digits(1000 * median(times[of].wall));
  return {
    objective: name,
    milliseconds: milliseconds(name),
    equal: milliseconds('equal'),
    relative: ratios(times[name], times.equal),
  };
}

/** The same in a process of its own: what others left behind in memory counts for none. */
function alone(trunk, tasks, name) {
  const { rounds, seconds, threads } = options;
  const args = ['--rounds', rounds, '--seconds', seconds, '--threads', threads];
  const { stdout } = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.url), ...args, '--case', JSON.stringify({ trunk, tasks, name })],
    { encoding: 'utf8', env: { ...process.env, [BUNDLED]: '1' } },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

const keyOf = ({ trunk, tasks, objective }) => `${trunk} ${tasks} ${objective}`;

async function all() {
  const file = options.name && new URL(`../results/${options.name}.json`, import.meta.url);
  const known = file && JSON.parse(await readFile(file, 'utf8').catch(() => '{"cases":[]}'));
  const cases = new Map((known?.cases ?? []).map((own) => [keyOf(own), own]));
  for (const [trunk, { methods }] of Object.entries(TRUNKS)) {
    if (options.only !== undefined && options.only !== trunk) continue;
    for (const tasks of options.tasks.split('+').map(Number)) {
      const rows = (options.methods?.split(' ') ?? methods).map((name) => alone(trunk, tasks, name));
      for (const row of rows) cases.set(keyOf({ trunk, tasks, ...row }), { trunk, tasks, ...row });
      const bound = ((1 + 2 * tasks) / 3).toFixed(2);
      console.log(`${trunk}, T = ${tasks}; one forward and T backward passes are ${bound}`);
      console.table(rows.map(({ relative, ...row }) => ({ ...row, ...relative })));
      if (!file) continue;
      const result = { machine: describeMachine(), size: SIZE, cases: [...cases.values()] };
      await writeFile(file, `${JSON.stringify(result, undefined, 2)}\n`);
    }
  }
}

if (options.case === undefined) await all();
else {
  const { trunk, tasks, name } = JSON.parse(options.case);
  console.log(JSON.stringify(await compare(name, { ...TRUNKS[trunk], tasks })));
}
