/**
 * Does z help with tasks that were never seen? Exam scores of pupils in 139 schools, a school being a task: a fifth of
 * the schools is held out, models are trained on the others, and predict the held-out schools' pupils from what is known
 * of each pupil (year, gender, ability band, ethnicity) and of the school as a whole (its shares of free meals and of
 * the upper ability band), which enters as z. Every split is drawn anew, and all models of a split see the same rows.
 *
 * What it also shows: mean inputs as z are too many numbers for some 90 training schools, and a model that has the
 * schools' columns among the inputs of its rows needs no z.
 *
 *   node benchmarks/learning/unseen.mjs [DATA-FOLDER] [SPLITS]
 *
 * Writes benchmarks/results/unseen.json.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { paired, uniforms } from './lib.mjs';

const root = resolve(import.meta.dirname, '../..');
const [folder = join(root, '../shared/data'), count = '20'] = process.argv.slice(2);
const { fit, regression } = await import(process.env.POLYTASK ?? '../../dist/index.mjs');

const columns = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => `x${from + i}`);
const PUPIL = [...columns(0, 2), ...columns(5, 20)];
const SCHOOL = ['x3', 'x4'];
const described = { name: 'columns', columns: SCHOOL };
const POOLED = 'no z';
const MODELS = {
  [POOLED]: {},
  'concat, school columns': { conditioning: 'concat', descriptor: described },
  'gate:at=input+0, school columns': { conditioning: 'gate:at=input+0', descriptor: described },
  'film:at=input+0, school columns': { conditioning: 'film:at=input+0', descriptor: described },
  'concat, means': { conditioning: 'concat', descriptor: 'means' },
  'no z, school columns among the inputs': { inputs: [...PUPIL, ...SCHOOL] },
};

const file = join(folder, 'school/school.csv.gz');
if (!existsSync(file)) {
  console.log(`No ${file}: nothing to measure.`);
  process.exit(0);
}
const table = readTable(file);
const results = Object.fromEntries(Object.keys(MODELS).map((name) => [name, []]));
for (let split = 0; split < Number(count); split++) {
  const rows = divided(split);
  for (const [name, model] of Object.entries(MODELS)) results[name].push(await learn(rows, model, split));
  console.log(
    split,
    JSON.stringify(Object.fromEntries(Object.entries(results).map(([name, all]) => [name, all.at(-1)]))),
  );
}
const report = {
  data: 'school: 15,362 pupils of 139 schools, 28 schools held out in each split',
  metric: 'explained variance on the pupils of schools that were held out',
  splits: Number(count),
  models: Object.entries(results).map(([name, values]) => ({
    name,
    mean: values.reduce((a, b) => a + b, 0) / values.length,
    gain: paired(values.map((value, i) => value - results[POOLED][i])),
    values,
  })),
};
writeFileSync(join(root, 'benchmarks/results/unseen.json'), `${JSON.stringify(report, null, 2)}\n`);
const percent = (value) => (100 * value).toFixed(2);
console.log('| model | explained variance, % | gain over no z, 95 % interval |\n|---|---|---|');
for (const { name, mean, gain } of report.models)
  console.log(
    `| ${name} | ${percent(mean)} | ${name === POOLED ? '' : `${percent(gain.mean)} (${percent(gain.low)} to ${percent(gain.high)})`} |`,
  );

function readTable(path) {
  const [header, ...lines] = gunzipSync(readFileSync(path)).toString().trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, Number(cells[i])]));
  });
}

/** A fifth of the schools to test, a fifth of the others to validate. */
function divided(split) {
  const draw = uniforms(split + 1);
  const schools = [...new Set(table.map(({ school }) => school))].map((school) => ({ school, at: draw() }));
  schools.sort((a, b) => a.at - b.at);
  const test = Math.round(schools.length / 5);
  const validation = test + Math.round((schools.length - test) / 5);
  const sides = new Map(
    schools.map(({ school }, i) => [school, i < test ? 'test' : i < validation ? 'validation' : 'train']),
  );
  return table.map((row) => ({ ...row, side: sides.get(row.school) }));
}

async function learn(rows, { inputs = PUPIL, ...model }, seed) {
  const temporary = mkdtempSync(join(tmpdir(), 'polytask-unseen-'));
  try {
    const { result, model: loaded } = await fit({
      data: rows,
      tasks: { exam_score: regression() },
      by: 'school',
      inputs,
      split: { column: 'side' },
      model: { sharing: 'shared-bottom:heads=shared', hidden: [32], ...model },
      seeds: 1,
      seed,
      out: join(temporary, 'run'),
    });
    await loaded.close();
    return result.multi.pooled['explained-variance'];
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
