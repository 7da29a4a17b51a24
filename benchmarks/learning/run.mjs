/**
 * Does it learn? Runs the documented commands on real data sets, one seed each, through the built command line, and
 * writes what came out as data and as a table.
 *
 *   node benchmarks/learning/run.mjs DATA-FOLDER [NAME …]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { betterThanConstant, PROBLEMS } from './problems.mjs';

const root = resolve(import.meta.dirname, '../..');
const output = join(root, 'benchmarks/results/learning.json');
const [folder = join(root, '../shared/data'), ...names] = process.argv.slice(2);
const known = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')).problems : [];
const results = new Map(known.map((entry) => [entry.name, entry]));

for (const problem of PROBLEMS) {
  if (names.length > 0 && !names.includes(problem.name)) continue;
  const entry = run(problem);
  results.set(problem.name, entry);
  console.log(JSON.stringify(entry));
  writeFileSync(output, `${JSON.stringify(report(), null, 2)}\n`);
}
writeFileSync(join(root, 'docs/results.md'), table(report()));

function run({ name, args, figures }) {
  const temporary = mkdtempSync(join(tmpdir(), 'polytask-learning-'));
  try {
    const given = args.map((part) => part.replaceAll('DATA', resolve(folder)));
    const seeds = ['--seeds', '1', '--out', join(temporary, 'run'), '--json', '--quiet'];
    const done = spawnSync(process.execPath, [join(root, 'dist/cli.mjs'), 'fit', ...given, ...seeds], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (done.status !== 0) return { name, command: command(args), failed: done.stderr.trim() };
    const answer = JSON.parse(done.stdout.trim().split('\n').at(-1));
    const result = JSON.parse(readFileSync(join(temporary, 'run/result.json'), 'utf8'));
    return {
      name,
      command: command(args),
      verdict: answer.verdict,
      delta: answer.delta,
      tasks: result.tasks.length,
      betterThanConstant: betterThanConstant(result),
      trainSeconds: answer.cost.trainSeconds,
      figures: figures.map(({ name: figure, read, goal, floor, lower = false }) => {
        const value = read(result);
        return { name: figure, value, goal, floor, reached: lower ? value <= goal : value >= goal };
      }),
    };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The command as a shell reads it. */
function command(args) {
  const quoted = args.map((part) =>
    /'/.test(part) ? `"${part}"` : /[\s"(){}]/.test(part) ? `'${part}'` : part,
  );
  return ['polytask fit', ...quoted, '--seeds 1'].join(' ');
}

function report() {
  return {
    node: process.version,
    cpu: cpus()[0].model,
    cores: availableParallelism(),
    problems: PROBLEMS.flatMap(({ name }) => (results.has(name) ? [results.get(name)] : [])),
  };
}

function table({ problems, cpu, cores, node }) {
  const rows = problems.flatMap(({ name, figures = [], tasks, betterThanConstant: better, failed }) => {
    if (failed) return [`| ${name} | failed | | | |`];
    const all = `${better} of ${tasks}`;
    if (figures.length === 0) return [`| ${name} | runs clean | | | ${all} |`];
    return figures.map(
      (figure) =>
        `| ${name} | ${figure.name} | ${figure.value.toFixed(4)} | ${figure.goal} (linear ${figure.floor}) | ${all} |`,
    );
  });
  const commands = problems.map(({ name, command: line }) => `**${name}**\n\n\`\`\`sh\n${line}\n\`\`\`\n`);
  return [
    '# Does it learn?',
    '',
    'Real problems, one seed each, through the command line; made by `benchmarks/learning/run.mjs`, which also keeps',
    'the figures as data in `benchmarks/results/learning.json`. "Linear" is a linear or logistic model on the same',
    'file, of many tasks the better one of pooled and per-task models. The last column counts the tasks that are better',
    'than the best constant prediction on the test rows. Where tasks have few rows a figure moves by about .01 from split',
    'to split: see [school and landmine over ten splits](../benchmarks/README.md#many-tasks-with-few-rows).',
    '',
    '| problem | figure | together | goal | better than a constant |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    `Measured on ${cores} cores (${cpu.trim()}), Node ${node}.`,
    '',
    '## Commands',
    '',
    '`DATA` is the folder of the data sets.',
    '',
    ...commands,
  ].join('\n');
}
