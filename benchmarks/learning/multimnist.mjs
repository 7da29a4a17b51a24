/**
 * MultiMNIST, the usual test of gradient methods: which digit lies towards the top left of an image, and which towards
 * the bottom right? Objectives on the same images, seeds and budget, so that differences from equal weights are paired.
 *
 *   node benchmarks/learning/multimnist.mjs [DATA-FOLDER] [--methods equal,pcgrad] [--seeds 5] [--seed 0]
 *     [--epochs 30] [--images 40000] [--rounds 5] [--out FILE]
 *
 * What the results hold of the same settings is kept, so that a stopped run goes on. Time is measured afterwards, in
 * rounds in which all methods take turns.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fit, multiclass, openSource, PolytaskError } from '../../dist/index.mjs';
import { checkPairs, digitPairs, readDigits } from './digit-pairs.mjs';
import { paired } from './lib.mjs';

const root = resolve(import.meta.dirname, '../..');
const METHODS =
  'equal,uncertainty,stch,famo,mgda,pcgrad,cagrad,nash,imtl-g,aligned,fairgrad,upgrad,db-mtl,independent';
const NUMBERS = { seeds: '5', seed: '0', epochs: '30', images: '40000', rounds: '5' };
const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    methods: { type: 'string', default: METHODS },
    out: { type: 'string', default: join(root, 'benchmarks/results/multimnist.json') },
    ...Object.fromEntries(
      Object.entries(NUMBERS).map(([name, value]) => [name, { type: 'string', default: value }]),
    ),
  },
});
const [folder = join(root, '../shared/data')] = positionals;
const [seeds, seed, epochs, images, rounds] = Object.keys(NUMBERS).map((name) => Number(options[name]));
const TASKS = ['left', 'right'];

/** Pairs that validate are made of digits that training does not see. */
const SIDES = {
  train: { digits: 7000, pairs: images },
  validation: { digits: 1000, pairs: 3000 },
  test: { digits: 2000, pairs: 4000 },
};
const BATCH = 256;
/** Chosen with equal weights on the validation images, with the seeds 100 and 101; the same for all. */
const SETTINGS = {
  model: { hidden: [256, 128], dropout: 0.2 },
  training: {
    batchSize: BATCH,
    maxEpochs: epochs,
    patience: 10,
    epochsPerEvaluation: 1,
    learningRate: 0.004,
    optimiser: { kind: 'adamw', weightDecay: 0.3 },
    schedule: { kind: 'cosine', steps: epochs * Math.ceil(images / BATCH) },
  },
};

async function main() {
  for (const name of Object.keys(NUMBERS))
    if (!/^\d+$/.test(options[name]))
      throw new PolytaskError('usage-invalid', {
        path: `--${name}`,
        expected: 'a whole number',
        found: options[name],
        help: 'The head of this script shows its options.',
      });
  checkPairs();
  const digits = readDigits(join(resolve(folder), 'mnist-10k'));
  const asked = { sides: SIDES, seeds, seed, ...SETTINGS };
  const known = existsSync(options.out) ? JSON.parse(readFileSync(options.out, 'utf8')) : {};
  const same = JSON.stringify(known.settings) === JSON.stringify(asked);
  const found = {
    settings: asked,
    methods: same ? known.methods : {},
    times: same ? known.times : undefined,
  };
  const keep = () => writeFileSync(options.out, `${JSON.stringify(report(found), null, 2)}\n`);
  const names = options.methods.split(',');
  const table = await tableOf(digits, SIDES);
  for (const name of names) {
    found.methods[name] ??= await learn(table, name);
    const { accuracy, validation } = found.methods[name];
    const means = TASKS.map(
      (task) => `${percent(mean(accuracy[task]))} (validation ${percent(mean(validation[task]))})`,
    );
    console.log(`${name}: ${means.join(', ')}`);
    keep();
  }
  if (rounds > 0) found.times = await timesOf(digits, names);
  keep();
  console.log(markdown(report(found)));
}

/** Pixels that are dark in all training images are left out. */
async function tableOf(digits, sides) {
  const columns = digitPairs(digits, sides, 0);
  const dark = Object.keys(columns).filter(
    (name) => isPixel(name) && columns[name].subarray(0, sides.train.pairs).every((value) => value === 0),
  );
  for (const name of dark) delete columns[name];
  return openSource(columns);
}

const isPixel = (name) => /^p\d+$/.test(name);

async function learn(data, name) {
  const { tasks, multi } = await run(data, name, SETTINGS.training);
  const of = (metrics) =>
    Object.fromEntries(
      TASKS.map((task) => {
        const at = tasks.findIndex((own) => own.task.name === task);
        return [task, metrics.map((all) => Number(all[at].toPrecision(6)))];
      }),
    );
  const { steps, parameters } = multi;
  return { accuracy: of(multi.test), validation: of(multi.validation), steps, parameters: parameters.total };
}

/** Milliseconds a step, [round] of each method: steps of all seeds together, of few images, without evaluation. */
async function timesOf(digits, names) {
  const data = await tableOf(digits, { ...SIDES, train: { ...SIDES.train, pairs: 20 * BATCH } });
  const training = { ...SETTINGS.training, maxEpochs: 10, epochsPerEvaluation: 10 };
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const name of names) {
      const { multi } = await run(data, name, training);
      times[name].push(Number(((1000 * multi.trainSeconds) / multi.steps).toPrecision(4)));
    }
  return times;
}

async function run(data, name, training) {
  const out = mkdtempSync(join(tmpdir(), 'polytask-multimnist-'));
  const alone = name === 'independent';
  const pixels = [...data.columns.keys()].filter(isPixel);
  try {
    const { result, model } = await fit({
      data,
      tasks: Object.fromEntries(TASKS.map((task) => [task, multiclass()])),
      split: { column: 'side' },
      encoders: Object.fromEntries(pixels.map((p) => [p, { kind: 'numeric', transform: 'standard' }])),
      model: { ...SETTINGS.model, sharing: alone ? 'independent' : 'shared-bottom' },
      objective: alone ? 'equal' : name,
      training,
      seeds,
      seed,
      baseline: false,
      out: join(out, 'run'),
    });
    await model.close();
    return result;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function report({ settings, methods, times }) {
  const { equal } = methods;
  const each = (make) =>
    Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, make(method)]));
  const byTask = (make) => Object.fromEntries(TASKS.map((task) => [task, make(task)]));
  const less = equal && {
    'accuracy less that of equal': each(({ accuracy }) =>
      byTask((task) => paired(accuracy[task].map((value, i) => value - equal.accuracy[task][i]))),
    ),
  };
  const ratio = (all) => median(all.map((time, round) => time / times.equal[round]));
  const relative = times?.equal && {
    'time of a step, equal = 1': Object.fromEntries(
      Object.entries(times).map(([name, all]) => [name, Number(ratio(all).toPrecision(3))]),
    ),
  };
  return {
    about:
      'accuracy on the test images, by seed; means with 95 % intervals, differences paired over seeds; times in milliseconds a step of all seeds together, by round',
    node: process.version,
    cpu: cpus()[0].model,
    cores: availableParallelism(),
    settings,
    mean: each(({ accuracy }) => byTask((task) => paired(accuracy[task]))),
    ...less,
    ...relative,
    methods,
    times,
  };
}

/** As it stands in the documentation. */
function markdown(found) {
  const less = found['accuracy less that of equal'];
  const time = found['time of a step, equal = 1'];
  const interval = (value, show) => `${show(value.mean)} [${show(value.low)}, ${show(value.high)}]`;
  const signed = (value) =>
    `${Math.abs(value) < 5e-4 ? '' : value < 0 ? '−' : '+'}${percent(Math.abs(value))}`;
  const rows = Object.entries(found.mean).map(([name, accuracy]) => [
    name,
    ...TASKS.map((task) => interval(accuracy[task], percent)),
    ...TASKS.map((task) => (less && name !== 'equal' ? interval(less[name][task], signed) : '')),
    time?.[name]?.toFixed(1) ?? '',
  ]);
  const head = ['objective', 'left', 'right', 'left less equal', 'right less equal', 'time'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function percent(share) {
  return (100 * share).toFixed(1);
}

function mean(values) {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof PolytaskError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
