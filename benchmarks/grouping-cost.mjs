// What looking at gradients costs: whole trainings with and without, in turns; in processor time, as others may be at work,
// from the first chunk of steps on. Usage: node benchmarks/grouping-cost.mjs [--rounds 7] [--only "wide 5"]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadPolytask } from './lib/bundle.mjs';
import { describeMachine } from './lib/machine.mjs';
import { digits, median } from './lib/measure.mjs';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, only: { type: 'string' } },
});
const METHODS = ['none', 'first-order', 'look-ahead'];
const ROWS = 16_000;
const INPUTS = 32;

/** Numbers in [0, 1) that depend on their place alone. */
const noise = (i, j) => (Math.abs(Math.sin(12.9898 * i + 78.233 * j) * 43758.5453) * 1000) % 1;
const inputs = (row) => Array.from({ length: INPUTS }, (_, j) => noise(row, j) - 0.5);
const columns = (names, of) =>
  Object.fromEntries(
    names.map((name) => [name, Float64Array.from({ length: ROWS }, (_, row) => of(row, name))]),
  );

/** A table of T targets, or of one that belongs to T tasks. */
function problem(layout, tasks) {
  const rows = Array.from({ length: ROWS }, (_, row) => inputs(row));
  const names = Array.from({ length: layout === 'wide' ? tasks : 1 }, (_, t) => `y${t}`);
  const target = (row, name) =>
    Math.tanh(rows[row][Number(name.slice(1))] + rows[row][7]) + 0.1 * noise(row, name.length + 50);
  const data = {
    ...columns(
      Array.from({ length: INPUTS }, (_, j) => `x${j}`),
      (row, name) => rows[row][Number(name.slice(1))],
    ),
    ...columns(names, target),
    ...(layout === 'long' && { task: Array.from({ length: ROWS }, (_, row) => `t${row % tasks}`) }),
  };
  return {
    data,
    tasks: Object.fromEntries(names.map((name) => [name, { kind: 'regression' }])),
    ...(layout === 'long' && { by: 'task' }),
  };
}

const CASES = [
  ['wide', 2],
  ['wide', 5],
  ['wide', 12],
  ['wide', 30],
  ['long', 8],
  ['long', 40],
].flatMap(([layout, tasks]) => [1, 3].map((seeds) => ({ layout, tasks, seeds })));

const { parseConfig, prepare, trainTrial, openRuntime, diagnosis } = await loadPolytask();
const runtime = await openRuntime({ runtime: 'native', threads: 1 });
const cases = [];
for (const { layout, tasks, seeds } of CASES) {
  if (options.only !== undefined && !`${layout} ${tasks}`.startsWith(options.only)) continue;
  const base = { ...problem(layout, tasks), training: { maxEpochs: 60, patience: 20 } };
  const prepared = await prepare(parseConfig(base), process.cwd());
  const seconds = Object.fromEntries(METHODS.map((name) => [name, []]));
  const looks = {};
  for (let round = 0; round <= Number(options.rounds); round++)
    for (const affinity of METHODS) {
      const config = parseConfig({ ...base, affinity });
      const { sharing, flow } = config.model;
      const all = Array.from({ length: seeds }, (_, s) => s);
      let from;
      const { checkpoint } = await trainTrial(
        runtime,
        { sharing, flow, affinity: config.affinity, config, prepared, seeds: all },
        { onProgress: () => (from ??= process.cpuUsage()) },
      );
      const { user, system } = process.cpuUsage(from);
      // The first round warms up.
      if (round > 0) seconds[affinity].push((user + system) / 1e6);
      const { observed, step } = checkpoint;
      looks[affinity] = {
        steps: step,
        looks: observed === undefined ? 0 : diagnosis.ObservedGradientsRecorder.resultOf(observed).looks,
      };
    }
  for (const affinity of METHODS.slice(1)) {
    const ratios = seconds[affinity].map((own, i) => own / seconds.none[i]);
    const row = {
      layout,
      tasks,
      seeds,
      affinity,
      ...looks[affinity],
      plain: digits(median(seconds.none)),
      relative: digits(median(ratios)),
      best: digits(Math.min(...seconds[affinity]) / Math.min(...seconds.none)),
    };
    cases.push(row);
    console.log(Object.values(row).join('  '));
  }
}
await runtime.close();
if (options.only === undefined) {
  const file = new URL('./results/grouping-cost.json', import.meta.url);
  writeFileSync(
    file,
    `${JSON.stringify({ machine: describeMachine(), rows: ROWS, inputs: INPUTS, cases }, undefined, 1)}\n`,
  );
}
