/**
 * A funnel of real customers, visit → conversion: the entire space model and information transfer, against a shared
 * trunk without a flow and against a network for each task; and whether any customer is more likely to buy than to come.
 *
 *   node benchmarks/learning/funnel.mjs [DATA-FOLDER] [SEEDS]
 *
 * Writes benchmarks/results/funnel.json.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { binary, fit, openSource } from '../../dist/index.mjs';
import { paired } from './lib.mjs';

const root = resolve(import.meta.dirname, '../..');
const [folder = join(root, '../shared/data'), count = '5'] = process.argv.slice(2);
const data = join(resolve(folder), 'hillstrom/hillstrom.csv.gz');
const table = await openSource(data);
const WAYS = {
  independent: { sharing: 'independent' },
  'shared-bottom': { sharing: 'shared-bottom' },
  esmm: { sharing: 'shared-bottom', flow: 'esmm:path=visit+conversion' },
  aitm: { sharing: 'shared-bottom', flow: 'aitm:path=visit+conversion' },
};

const ways = {};
for (const [name, model] of Object.entries(WAYS)) {
  ways[name] = await run(model);
  const { auc, aboveVisit, rows } = ways[name];
  const mean = (task) => (auc[task].reduce((a, b) => a + b, 0) / auc[task].length).toFixed(4);
  console.log(
    `${name}: AUC visit ${mean('visit')}, conversion ${mean('conversion')}; above visit in ${aboveVisit} of ${rows} rows`,
  );
}
const against = (name, other) =>
  Object.fromEntries(
    ['visit', 'conversion'].map((task) => [
      task,
      paired(ways[name].auc[task].map((value, s) => value - ways[other].auc[task][s])),
    ]),
  );
const differences = Object.fromEntries(
  ['esmm', 'aitm'].flatMap((name) =>
    ['independent', 'shared-bottom'].map((other) => [`${name} − ${other}`, against(name, other)]),
  ),
);
for (const [name, { visit, conversion }] of Object.entries(differences)) {
  const text = ({ mean, low, high }) => `${mean.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
  console.log(`${name}: visit ${text(visit)}, conversion ${text(conversion)}`);
}
const result = { data: 'hillstrom', seeds: Number(count), node: process.version, ways, differences };
writeFileSync(join(root, 'benchmarks/results/funnel.json'), `${JSON.stringify(result, null, 2)}\n`);

async function run(model) {
  const out = mkdtempSync(join(tmpdir(), 'polytask-funnel-'));
  try {
    const { result: run, model: fitted } = await fit({
      data,
      tasks: { visit: binary(), conversion: binary() },
      exclude: ['spend'],
      split: { ratio: '0.6/0.2/0.2', stratify: 'conversion' },
      model: { hidden: [64, 32], dropout: 0.2, ...model },
      training: { maxEpochs: 30, patience: 5, batchSize: 1024 },
      seeds: Number(count),
      baseline: false,
      out: join(out, 'run'),
    });
    const outputs = await fitted.predictTable(table);
    await fitted.close();
    const [visit, conversion] = ['visit', 'conversion'].map((task) => outputs.get(task).data);
    const at = (task) => run.tasks.findIndex((own) => own.task.name === task);
    return {
      auc: Object.fromEntries(
        ['visit', 'conversion'].map((task) => [task, run.multi.test.map((seed) => seed[at(task)])]),
      ),
      rows: table.rows,
      aboveVisit: conversion.reduce((sum, value, row) => sum + (value > visit[row]), 0),
      mean: { visit: mean(visit), conversion: mean(conversion) },
    };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function mean(values) {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
