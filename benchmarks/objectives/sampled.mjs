// What it does to the weights of an aggregation to compare gradients at one step in k: along one training that compares
// at every step, how far the weights of each step are from those that would have been kept.
// Usage: node benchmarks/objectives/sampled.mjs [--name sampled]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { drawRows, makeTable } from '../lib/data.mjs';
import { describeMachine } from '../lib/machine.mjs';
import { digits } from '../lib/measure.mjs';
import { TABLE_ROWS } from '../lib/sizes.mjs';
import { buildStep, openRuntime, polytaskSteps, tablesOf } from '../subjects/polytask.mjs';

const { values: options } = parseArgs({ options: { name: { type: 'string' } } });
const SIZE = { batch: 512, inputs: 128, hidden: [256, 256] };
const STEPS = 480;
const EVERY = [2, 4, 8, 16, 32];
const METHODS = ['mgda', 'cagrad', 'nash', 'fairgrad', 'aligned', 'upgrad', 'imtl-g'];

const results = [];
for (const tasks of [8, 40])
  for (const objective of METHODS) {
    const weights = await weightsOf(objective, tasks);
    // Compared with the noise of batches: how far apart the weights of two neighbouring steps are.
    const kept = Object.fromEntries(EVERY.map((k) => [k, digits(distance(weights, tasks, k))]));
    results.push({ tasks, objective, ...kept });
  }
console.table(results);
if (options.name)
  writeFileSync(
    new URL(`../results/${options.name}.json`, import.meta.url),
    `${JSON.stringify({ machine: describeMachine(), size: SIZE, steps: STEPS, results }, undefined, 2)}\n`,
  );

/** The weights of every step, each divided by their sum: [steps × tasks]. */
async function weightsOf(objective, tasks) {
  const runtime = openRuntime(2);
  const built = buildStep({ ...SIZE, tasks, rows: TABLE_ROWS, objective });
  const steps = await polytaskSteps(built, {
    ...{
      name: objective,
      driver: 'looped',
      runtime,
      tableRows: TABLE_ROWS,
      learningRate: 1e-3,
      chunk: STEPS,
    },
    tables: tablesOf(makeTable({ ...SIZE, tasks }), SIZE.inputs, tasks),
    rows: drawRows(STEPS, SIZE.batch),
  });
  await steps.take(STEPS);
  const { data } = steps.told().weights;
  await steps.close();
  await runtime.close();
  const all = Array.from(data);
  return all.map((value, i) => {
    const at = i - (i % tasks);
    const sum = all.slice(at, at + tasks).reduce((a, b) => a + b, 0);
    return value / sum;
  });
}

/** Half the mean of Σ|wₜ − w′ₜ|, the share of weight that stands with another task, over the steps that do not compare. */
function distance(weights, tasks, k) {
  let total = 0;
  let steps = 0;
  for (let step = 0; step < weights.length / tasks; step++) {
    if (step % k === 0) continue;
    const from = step - (step % k);
    steps++;
    for (let t = 0; t < tasks; t++)
      total += Math.abs(weights[step * tasks + t] - weights[from * tasks + t]) / 2;
  }
  return total / steps;
}
