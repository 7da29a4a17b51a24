/**
 * Measures, writes `results/<name>.json` and puts the tables into the README.
 *
 * Usage: npm run bench -- [--only steps|scenarios] [--rounds 21] [--seconds 0.2] [--threads 2] [--name <name>]
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeMachine } from './lib/machine.mjs';
import { writeTables } from './lib/tables.mjs';
import { runScenarios } from './scenarios.mjs';
import { runSteps } from './steps.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '21' },
    seconds: { type: 'string', default: '0.2' },
    threads: { type: 'string', default: '2' },
    name: { type: 'string', default: 'latest' },
  },
});
const options = {
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  threads: Number(values.threads),
};
const file = new URL(`results/${values.name}.json`, import.meta.url);
const machine = describeMachine();
const result = values.only === undefined ? {} : await known(file);
if (values.only !== 'scenarios') result.steps = { machine, options, sizes: await runSteps(options) };
if (values.only !== 'steps') result.scenarios = { machine, options, cases: await runScenarios(options) };
await writeFile(file, `${JSON.stringify(result, undefined, 2)}\n`);
console.log(await writeTables(result));

async function known(url) {
  return JSON.parse(await readFile(url, 'utf8').catch(() => '{}'));
}
