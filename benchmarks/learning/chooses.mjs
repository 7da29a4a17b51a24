/**
 * What `fit --time-limit` chooses, against each task alone that was searched for as long: Δ of what it exports on the test
 * rows, paired over seeds, on seven real problems.
 *
 *   node benchmarks/learning/chooses.mjs [DATA-FOLDER] [--seconds 120] [--seeds 3] [--seed 0] [--only NAME,…] [--out FILE]
 *
 * Needs a build (`npm run build`). What the results hold already for the same settings is kept, so that a stopped run goes on.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
const { fit } = await import(process.env.POLYTASK_BUILD ?? join(root, 'dist/index.mjs'));
const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '120' },
    seeds: { type: 'string', default: '3' },
    seed: { type: 'string', default: '0' },
    only: { type: 'string' },
    out: { type: 'string', default: join(root, 'benchmarks/results/chooses.json') },
  },
});
const folder = resolve(positionals[0] ?? join(root, '../shared/data'));
const csv = (path) => `read_csv('${join(folder, path).replaceAll("'", "''")}')`;
const named = (...names) => Object.fromEntries(names.map((name) => [name, {}]));

const PROBLEMS = {
  'census-income, 2,000 rows': {
    data: {
      sql: `SELECT * EXCLUDE (turn), CASE WHEN turn <= 2000 THEN 'train' WHEN turn <= 3000 THEN 'validation' ELSE 'test' END AS side
  FROM (SELECT *, row_number() OVER (ORDER BY hash(t), age) AS turn FROM ${csv('census-income/census-income.csv.gz')} AS t)
  WHERE turn <= 23000`,
    },
    tasks: named('income_over_50k', 'never_married'),
    split: { column: 'side' },
  },
  sarcos: {
    data: join(folder, 'sarcos/sarcos.csv.gz'),
    tasks: named('torque1', 'torque2', 'torque3', 'torque4', 'torque5', 'torque6', 'torque7'),
  },
  tox21: {
    data: join(folder, 'moleculenet/tox21.csv.gz'),
    tasks: named(
      ...'NR-AR NR-AR-LBD NR-AhR NR-Aromatase NR-ER NR-ER-LBD NR-PPAR-gamma SR-ARE SR-ATAD5 SR-HSE SR-MMP SR-p53'.split(
        ' ',
      ),
    ),
    exclude: ['mol_id'],
  },
  landmine: {
    data: join(folder, 'landmine/landmine.csv.gz'),
    tasks: { mine: { kind: 'binary' } },
    by: 'field',
  },
  school: {
    data: join(folder, 'school/school.csv.gz'),
    tasks: { exam_score: { kind: 'regression' } },
    by: 'school',
  },
  loans: {
    data: join(folder, 'loans/loans.csv.gz'),
    tasks: { interest_rate: {}, grade: { kind: 'ordinal' }, term: { kind: 'binary' }, loan_purpose: {} },
    exclude: [
      'installment',
      'sub_grade',
      'balance',
      'paid_total',
      'paid_principal',
      'paid_interest',
      'paid_late_fees',
    ],
  },
  yeast: {
    data: { sql: `SELECT * EXCLUDE (split) FROM ${csv('multi-label/yeast.csv.gz')}` },
    tasks: named(...Array.from({ length: 14 }, (_, i) => `Class${i + 1}`)),
  },
};

const settings = {
  seconds: Number(options.seconds),
  seeds: Number(options.seeds),
  seed: Number(options.seed),
};
const before = existsSync(options.out) ? JSON.parse(readFileSync(options.out, 'utf8')) : undefined;
const same = before !== undefined && JSON.stringify(before.settings) === JSON.stringify(settings);
const results = same ? before.results : {};
const round = (value) => (typeof value === 'number' ? Number(value.toPrecision(5)) : value);

for (const [name, problem] of Object.entries(PROBLEMS)) {
  if (options.only !== undefined && !options.only.split(',').includes(name)) continue;
  if (results[name] !== undefined) continue;
  const run = mkdtempSync(join(tmpdir(), 'polytask-chooses-'));
  const began = performance.now();
  const { result, model } = await fit({
    ...problem,
    timeLimit: settings.seconds,
    seeds: settings.seeds,
    seed: settings.seed,
    out: join(run, 'run'),
  });
  await model.close();
  const { search, tasks, multi, independent, diagnosis } = result;
  const metric = (of) =>
    Object.fromEntries(tasks.map(({ task, metric: own }, t) => [task.name, round(of.allMetrics[t][own])]));
  results[name] = {
    seconds: round((performance.now() - began) / 1000),
    chosen: { ...search.chosen, deltas: undefined },
    together: {
      delta: diagnosis.delta,
      metrics: metric(multi),
      ...(multi.pooled && { pooled: multi.pooled }),
    },
    alone: { metrics: metric(independent), ...(independent.pooled && { pooled: independent.pooled }) },
    leaders: search.leaderboard.slice(0, 8).map(({ side, name: way, score, steps, finished }) => ({
      side,
      way,
      score: round(score),
      steps,
      finished,
    })),
    tried: search.leaderboard.length,
    words: search.words,
  };
  const { mean, low, high } = search.chosen.delta;
  console.log(
    `${name}: ${search.chosen.way} (${search.chosen.parts.map((part) => part.name).join('; ')}), Δ ${mean.toFixed(2)} % [${low?.toFixed(2)}, ${high?.toFixed(2)}], ${results[name].tried} tried, ${results[name].seconds} s`,
  );
  rmSync(run, { recursive: true });
  const machine = {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0].model,
    cores: availableParallelism(),
    node: process.version,
  };
  writeFileSync(options.out, `${JSON.stringify({ settings, machine, results }, null, 2)}\n`);
}
process.exit(0);
