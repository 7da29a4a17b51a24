/**
 * The one model that a search within a time limit exports, on the rows on which trees.py measures boosted trees.
 *
 *   node benchmarks/trees/trees.mjs [DATA-FOLDER] [--seconds 300] [--split 0,1,2] [--seeds 3] [--no-committee] [--only NAME,…]
 *
 * Needs a build (`npm run build`). Writes benchmarks/results/trees-polytask.json after each search, keeps what is there of
 * the same settings, and prints the table of both.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from '../lib/machine.mjs';
import { writeSides } from './split.mjs';
import { table } from './table.mjs';

const root = resolve(import.meta.dirname, '../..');
const { fit } = await import(process.env.POLYTASK_BUILD ?? join(root, 'dist/index.mjs'));
const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '300' },
    split: { type: 'string', default: '0,1,2' },
    seeds: { type: 'string', default: '3' },
    'no-committee': { type: 'boolean', default: false },
    only: { type: 'string' },
    out: { type: 'string', default: join(root, 'benchmarks/results/trees-polytask.json') },
  },
});
const folder = resolve(positionals[0] ?? join(root, '../shared/data'));
const [seconds, seeds] = [Number(options.seconds), Number(options.seeds)];
const committee = !options['no-committee'];
const problems = JSON.parse(readFileSync(join(import.meta.dirname, 'problems.json'), 'utf8'));
const KINDS = { auc: 'binary', r2: 'regression', accuracy: undefined };
const results = existsSync(options.out) ? JSON.parse(readFileSync(options.out, 'utf8')).results : [];

for (const [name, problem] of Object.entries(problems)) {
  if (options.only && !options.only.split(',').includes(name)) continue;
  if (!existsSync(join(folder, problem.file))) {
    console.log(`No ${problem.file}: not measured.`);
    continue;
  }
  for (const split of options.split.split(',').map(Number)) {
    const same = (one) =>
      one.problem === name &&
      one.split === split &&
      one.limit === seconds &&
      one.seeds === seeds &&
      one.committee === committee;
    if (results.some(same)) continue;
    results.push(await measure(name, problem, split));
    console.log(JSON.stringify(results.at(-1)));
    writeFileSync(options.out, `${JSON.stringify({ machine: describeMachine(), results }, null, 2)}\n`);
  }
}
const trees = join(root, 'benchmarks/results/trees.json');
if (existsSync(trees)) console.log(table(problems, JSON.parse(readFileSync(trees, 'utf8')).results, results));

async function measure(name, problem, split) {
  const temporary = mkdtempSync(join(tmpdir(), 'polytask-trees-'));
  try {
    const data = join(temporary, 'rows.csv');
    writeSides(join(folder, problem.file), data, split);
    const [started, cpu] = [performance.now(), process.cpuUsage()];
    const { result, model } = await fit({
      data,
      tasks: Object.fromEntries(
        Object.entries(problem.tasks).map(([task, metric]) => [
          task,
          KINDS[metric] ? { kind: KINDS[metric] } : {},
        ]),
      ),
      exclude: problem.exclude,
      ...(problem.by && { by: problem.by }),
      split: { column: 'side' },
      seed: split,
      seeds,
      committee,
      timeLimit: seconds,
      out: join(temporary, 'run'),
    });
    await model.close();
    const { user, system } = process.cpuUsage(cpu);
    const { search, multi, exported, data: seen } = result;
    const best = search.leaderboard.find(
      (one) => one.side === 'together' && one.name === search.best.together,
    );
    const values = valuesOf(problem, result.tasks, exported);
    const { independent: alone } = result;
    return {
      problem: name,
      split,
      limit: seconds,
      seeds,
      committee,
      rows: seen.rows,
      figures: figuresOf(problem, values),
      values,
      joint: figuresOf(problem, valuesOf(problem, result.tasks, multi)),
      ...(alone && { alone: figuresOf(problem, valuesOf(problem, result.tasks, alone)) }),
      model: { name: best.name, settings: best.settings, parameters: multi.parameters.total },
      exported: search.chosen.way,
      candidates: search.leaderboard.length,
      seconds: Math.round((performance.now() - started) / 1000),
      cpuSeconds: Math.round((user + system) / 1e6),
    };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * {target: metric} on the test rows, as trees.py judges: of a long problem R² over all rows, AUC the mean over tasks.
 *
 * @param trained the exported model, the joint one (mean over seeds), or those of each task alone
 */
function valuesOf({ tasks, by }, facts, trained) {
  const read = (metrics, metric) =>
    metrics[metric === 'r2' && !('r2' in metrics) ? 'explained-variance' : metric];
  if (by === undefined)
    return Object.fromEntries(
      Object.entries(tasks).map(([task, metric]) => {
        const t = facts.findIndex((one) => one.task.name === task);
        return [task, read(trained.allMetrics[t], metric)];
      }),
    );
  const [[task, metric]] = Object.entries(tasks);
  if (metric === 'r2') return { [task]: read(trained.pooled, metric) };
  const known = trained.allMetrics.map((metrics) => metrics[metric]).filter((value) => value !== null);
  return { [task]: mean(known) };
}

function figuresOf({ figures }, values) {
  return Object.fromEntries(
    Object.entries(figures).map(([name, of]) => [name, mean(of.map((task) => values[task]))]),
  );
}

function mean(values) {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
