/**
 * Many tasks with few rows each: landmine (29 fields, 40 or 160 labelled rows a field, of which a fifth validates) and
 * school (139 schools), over several random splits. Every field or school is described by its mean inputs, which enter
 * the trunk beside the row's own. Linear floors on such splits: landmine pooled .7245 and per task .6919 at 40 rows,
 * .7359 and .7569 at 160; school pooled 33.4 %, pooled with shrunk intercepts 36.9 ± 1.0 %.
 *
 *   node benchmarks/learning/many-tasks.mjs [DATA-FOLDER]
 *
 * Writes benchmarks/results/many-tasks.json.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { paired } from './lib.mjs';

const root = resolve(import.meta.dirname, '../..');
const [folder = join(root, '../shared/data')] = process.argv.slice(2);

function learn(args) {
  const temporary = mkdtempSync(join(tmpdir(), 'polytask-many-'));
  try {
    const out = ['--no-baseline', '--out', join(temporary, 'run'), '--quiet'];
    const done = spawnSync(process.execPath, [join(root, 'dist/cli.mjs'), 'fit', ...args, ...out], {
      encoding: 'utf8',
    });
    if (done.status !== 0) throw new Error(done.stderr);
    return JSON.parse(readFileSync(join(temporary, 'run/result.json'), 'utf8')).multi;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

const DESCRIBED = ['--conditioning', 'concat', '--descriptor', 'means'];
const LANDMINE = [
  ...['--task', 'mine', '--by', 'field', '--split', 'side', '--seeds', '3', '--hidden', '64'],
  ...['--learning-rate', '0.003', '--batch-size', '1024', '--set', 'training.average=0.99'],
];

/** Rows of a field in the order of a hash: the first ones are labelled, the rest test. */
function landmine(rows, split) {
  const train = Math.round(0.8 * rows);
  return `SELECT * EXCLUDE (turn), CASE WHEN turn <= ${train} THEN 'train' WHEN turn <= ${rows} THEN 'validation' ELSE 'test' END AS side
FROM (SELECT *, row_number() OVER (PARTITION BY field ORDER BY hash(x0, x1, x2${split === 0 ? '' : `, ${split}`})) AS turn
FROM read_csv('${resolve(folder)}/landmine/landmine.csv.gz'))`;
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
/** The mean AUC over fields and seeds. */
const meanAuc = ({ test }) => mean(test.map((row) => mean(row.filter((value) => value !== null))));

const SPLITS = Array.from({ length: 10 }, (_, i) => i);
const MEASUREMENTS = {
  'landmine, 40 rows a task, mean AUC': (split) =>
    meanAuc(learn(['--sql', landmine(40, split), ...LANDMINE, ...DESCRIBED])),
  'landmine, 40 rows a task, without descriptors': (split) =>
    meanAuc(learn(['--sql', landmine(40, split), ...LANDMINE])),
  'landmine, 160 rows a task, mean AUC': (split) =>
    meanAuc(learn(['--sql', landmine(160, split), ...LANDMINE, ...DESCRIBED])),
  'landmine, 160 rows a task, without descriptors': (split) =>
    meanAuc(learn(['--sql', landmine(160, split), ...LANDMINE])),
  'school, explained variance': (split) => school(split, DESCRIBED),
  'school, without descriptors': (split) => school(split, []),
};

function school(split, args) {
  const data = [join(folder, 'school/school.csv.gz'), '--task', 'exam_score:regression', '--by', 'school'];
  const settings = ['--set', 'split={"ratio":"0.75/0.25","validation":0.08}', '--seed', `${split}`];
  return learn([...data, ...settings, '--seeds', '1', ...args]).pooled['explained-variance'];
}

if (!existsSync(folder)) console.log(`No ${folder}: nothing to measure.`);
else {
  const found = {};
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    const values = SPLITS.map(measure);
    found[name] = { ...paired(values), values };
    console.log(name, found[name].mean.toFixed(4), values.map((value) => value.toFixed(4)).join(' '));
  }
  const facts = { node: process.version, cpu: cpus()[0].model, cores: availableParallelism() };
  writeFileSync(
    join(root, 'benchmarks/results/many-tasks.json'),
    `${JSON.stringify({ about: 'means over 10 random splits with 95 % intervals', ...facts, found }, null, 2)}\n`,
  );
}
