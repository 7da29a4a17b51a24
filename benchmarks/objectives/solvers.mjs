// What the host adds to a training step: the time in which aggregations find the weights of a Gramian, on one core.
// Usage: node benchmarks/objectives/solvers.mjs [--tasks 2+8+40] [--methods "a b"] [--gramians 24] [--rounds 5] [--save]
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'tsdown';
import { describeMachine } from '../lib/machine.mjs';
import { digits, median } from '../lib/measure.mjs';
import { GRADIENTS, gradientsOf, productOf } from './gradients.mjs';

const { values: options } = parseArgs({
  options: {
    tasks: { type: 'string', default: '2+8+40' },
    methods: { type: 'string' },
    gramians: { type: 'string', default: '24' },
    rounds: { type: 'string', default: '5' },
    save: { type: 'boolean', default: false },
  },
});

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const outDir = mkdtempSync(join(tmpdir(), 'solvers-'));
// Node 20 does not read TypeScript.
await build({
  config: false,
  entry: { solvers: path('./solvers-entry.mjs') },
  outDir,
  format: 'esm',
  platform: 'node',
  dts: false,
  logLevel: 'error',
});
const { AGGREGATIONS, chooseAggregation, RandomStream } = await import(
  pathToFileURL(join(outDir, 'solvers.mjs')).href
);
rmSync(outDir, { recursive: true });

// The others go all the way inside the graph.
const withStep = Object.values(AGGREGATIONS).filter(({ direction }) => direction === undefined);
const METHODS = options.methods?.split(' ') ?? withStep.map(({ name }) => name);
const [GRAMIANS, ROUNDS] = [Number(options.gramians), Number(options.rounds)];
/** How long one Gramian is repeated in one round. */
const MILLISECONDS = 2;

/** What one training run of so many tasks hands to its aggregation, step after step. */
function inputsOf(kind, tasks) {
  const random = new RandomStream(0, `${kind}/${tasks}`);
  return Array.from({ length: GRAMIANS }, (_, step) => {
    const [first, second] = [0, 1].map((batch) => gradientsOf(kind, tasks, random, 2 * step + batch));
    return {
      names: first.map((_, task) => `task${task}`),
      gramian: productOf(first, first),
      cross: productOf(first, second),
      losses: Float64Array.from(first, (_, task) => random.uniform(task, step)),
      present: first.map(() => true),
      step,
      random,
    };
  });
}

/** Best time of each Gramian, in milliseconds; what else runs on the machine only ever adds to a time. */
function timesOf(spec, inputs) {
  const { aggregation, options } = chooseAggregation(spec);
  let state = aggregation.init(inputs[0].present.length, options);
  const calls = inputs.map(({ cross, ...input }) => {
    const given = aggregation.batches === undefined ? input : { ...input, cross };
    const before = state;
    state = aggregation.step(given, before, options).state;
    return () => aggregation.step(given, before, options);
  });
  const best = calls.map(() => Number.POSITIVE_INFINITY);
  // The first round only warms up.
  for (let round = 0; round <= ROUNDS; round++)
    calls.forEach((call, at) => {
      const start = performance.now();
      let [count, passed] = [0, 0];
      while (passed < MILLISECONDS) {
        call();
        count++;
        passed = performance.now() - start;
      }
      if (round > 0) best[at] = Math.min(best[at], passed / count);
    });
  return best;
}

const cases = [];
for (const tasks of options.tasks.split('+').map(Number)) {
  const inputs = Object.keys(GRADIENTS).map((kind) => [kind, inputsOf(kind, tasks)]);
  const rows = METHODS.map((method) => {
    const times = inputs.map(([kind, list]) => [kind, timesOf(method, list)]);
    const all = times.flatMap(([, list]) => list).sort((a, b) => a - b);
    return {
      aggregation: method,
      median: digits(median(all)),
      percentile95: digits(all[Math.ceil(0.95 * all.length) - 1]),
      medians: Object.fromEntries(times.map(([kind, list]) => [kind, digits(median(list))])),
    };
  });
  cases.push({ tasks, rows });
  console.log(`T = ${tasks}, milliseconds`);
  console.table(rows.map(({ medians, ...row }) => ({ ...row, ...medians })));
}
if (options.save)
  await writeFile(
    new URL('../results/solvers.json', import.meta.url),
    `${JSON.stringify({ machine: describeMachine(), unit: 'ms', gradients: GRADIENTS, gramians: GRAMIANS, cases }, undefined, 2)}\n`,
  );
