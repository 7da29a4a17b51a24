/**
 * Does the affinity of one training find groups that are worth training? For each problem every group of its tasks is
 * trained, which gives the gain of every partition; the grouping that one training of all tasks proposes is held against
 * the best of them. Several splits, several seeds a split; gains are Δ in per cent against each task alone.
 *
 *   node benchmarks/learning/grouping.mjs [--only star,loans] [--splits 3] [--seeds 4] [--again] [DATA-FOLDER]
 *
 * Writes benchmarks/results/grouping.json; --again trains nothing and sums up what that holds.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadPolytask } from '../lib/bundle.mjs';
import { describeMachine } from '../lib/machine.mjs';

const root = resolve(import.meta.dirname, '../..');
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    splits: { type: 'string', default: '3' },
    seeds: { type: 'string', default: '4' },
    again: { type: 'boolean', default: false },
  },
});
const folder = resolve(positionals[0] ?? join(root, '../shared/data'));
const file = join(root, 'benchmarks/results/grouping.json');

const csv = (path) => `read_csv('${folder}/${path}')`;
const tasks = (...names) => Object.fromEntries(names.map((name) => [name, {}]));
const LABELS = (count) => Array.from({ length: count }, (_, i) => `Class${i + 1}`);

const PROBLEMS = {
  emotions: {
    data: { sql: `SELECT * EXCLUDE (split) FROM ${csv('multi-label/emotions.csv.gz')}` },
    tasks: tasks('amazed-suprised', 'happy-pleased', 'relaxing-calm', 'quiet-still', 'sad-lonely'),
    exclude: ['angry-aggresive'],
  },
  yeast: {
    data: { sql: `SELECT * EXCLUDE (split) FROM ${csv('multi-label/yeast.csv.gz')}` },
    tasks: tasks(...LABELS(5)),
    exclude: LABELS(14).slice(5),
  },
  star: {
    data: {
      sql: `SELECT * EXCLUDE (rownames) FROM ${csv('star/star.csv.gz')} ORDER BY hash(rownames) LIMIT 3000`,
    },
    tasks: tasks('readk', 'read1', 'read3', 'mathk', 'math3'),
    exclude: ['read2', 'math1', 'math2'],
  },
  loans: {
    data: { sql: `SELECT * FROM ${csv('loans/loans.csv.gz')} ORDER BY hash(COLUMNS(*)::VARCHAR) LIMIT 2000` },
    tasks: {
      interest_rate: {},
      grade: { kind: 'ordinal' },
      term: { kind: 'binary' },
      loan_purpose: {},
    },
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
};

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/** Every set of some tasks, as bits. */
const sets = (count) => Array.from({ length: 2 ** count - 1 }, (_, i) => i + 1);
const members = (set, count) => Array.from({ length: count }, (_, t) => t).filter((t) => set & (1 << t));

/** Every partition of some tasks into sets. */
function partitions(all) {
  if (all === 0) return [[]];
  const first = all & -all;
  const rest = all ^ first;
  const found = [];
  for (let more = rest; ; more = (more - 1) & rest) {
    for (const others of partitions(rest ^ more)) found.push([first | more, ...others]);
    if (more === 0) return found;
  }
}

/** What every group of tasks reaches on one split, and what one training of all tasks proposes. */
async function split(polytask, runtime, problem, seed) {
  const { parseConfig, prepare, trainTrial, openPredictor, ofTasks, Scorer, diagnosis } = polytask;
  const config = parseConfig({ ...problem, seed, training: { maxEpochs: 200 } });
  const prepared = await prepare(config, root);
  const names = prepared.dataset.tasks.map(({ name }) => name);
  const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => seed + i);
  const train = async (set, affinity) => {
    const own = ofTasks(
      prepared,
      members(set, names.length).map((t) => names[t]),
    );
    const { sharing, flow } = config.model;
    const trial = { sharing, flow, config, prepared: own, seeds, ...(affinity && { affinity }) };
    const kept = await trainTrial(runtime, trial, {});
    const scores = {};
    for (const side of ['validation', 'test']) {
      const predictor = await openPredictor(runtime, trial, kept.spec, own.split[side]);
      const outputs = await predictor.predict(kept.theta).finally(() => predictor.close());
      const scorer = new Scorer(own.dataset, own.split[side]);
      scores[side] = seeds.map((_, s) => scorer.metrics(outputs, s));
    }
    return { scores, seconds: kept.checkpoint.seconds, observed: kept.checkpoint.observed };
  };
  const groups = new Map();
  for (const set of sets(names.length)) groups.set(set, await train(set));
  const whole = await train(2 ** names.length - 1, 'look-ahead');
  const higher = new Scorer(prepared.dataset, prepared.split.test).references.map(
    ({ metric }) => metric.higherIsBetter,
  );
  /** Δ of a task in a set against the task alone, the mean over seeds. */
  const gain = (t, set, side) => {
    const at = members(set, names.length).indexOf(t);
    return mean(
      seeds.map(
        (_, s) =>
          diagnosis.relativeChange(
            groups.get(set).scores[side][s][at],
            groups.get(1 << t).scores[side][s][0],
            higher[t],
          ) ?? 0,
      ),
    );
  };
  const gains = Object.fromEntries(
    sets(names.length).map((set) => [
      set,
      Object.fromEntries(
        ['validation', 'test'].map((side) => [
          side,
          members(set, names.length).map((t) => gain(t, set, side)),
        ]),
      ),
    ]),
  );
  return {
    names,
    gains,
    seconds: { every: [...groups.values()].reduce((sum, own) => sum + own.seconds, 0), one: whole.seconds },
    observed: diagnosis.ObservedGradientsRecorder.resultOf(whole.observed),
  };
}

/** The gain of a partition on one split: the mean over tasks, each in its set. */
const gainOf = ({ names, gains }, partition, side = 'test') =>
  mean(
    names.map((_, t) => {
      const set = partition.find((own) => own & (1 << t));
      return gains[set][side][members(set, names.length).indexOf(t)];
    }),
  );
const bestOf = (all, score) => all.reduce((a, b) => (score(b) > score(a) ? b : a));
const bits = (groups) => groups.map((group) => group.reduce((set, t) => set | (1 << t), 0));

/** What each way to choose a partition gains on the test rows, the mean over splits; in per cent against each task alone. */
function summarise({ diagnosis }, splits) {
  const count = splits[0].names.length;
  const all = partitions(2 ** count - 1);
  const over = (choose) => mean(splits.map((split, i) => gainOf(split, choose(split, i))));
  const { affinityFrom, agreeingGroups, chooseGroups } = diagnosis;
  const asked = { overlap: false, unknown: 0 };
  const measured = ({ observed }, by) =>
    affinityFrom(by === 'cosine' ? observed.cosine : observed.affinity.values);
  const proposed = (by) => ({
    any: over((split) => bits(agreeingGroups(measured(split, by), { unknown: 0 }).groups)),
    two: over((split) => bits(chooseGroups(measured(split, by), { most: 2, ...asked }).groups)),
    three: over((split) => bits(chooseGroups(measured(split, by), { most: 3, ...asked }).groups)),
  });
  const onTest = (own) => (partition) => mean(own.map((split) => gainOf(split, partition)));
  return {
    // Chosen by the rows that it is judged on: higher than any choice can be sure of.
    bestByTest: onTest(splits)(bestOf(all, onTest(splits))),
    // The best on the test rows of all other splits.
    bestElsewhere: over((_, i) => bestOf(all, onTest(splits.filter((_own, j) => j !== i)))),
    bestByValidation: over((split) => bestOf(all, (partition) => gainOf(split, partition, 'validation'))),
    together: over(() => [2 ** count - 1]),
    anyPartition: mean(all.map(onTest(splits))),
    // What "polytask group --verify" does: proposals, all together and each alone, by the validation rows.
    verified: over((split) => {
      const by = measured(split);
      const found = [2, 3, 4].map((most) => bits(chooseGroups(by, { most, ...asked }).groups));
      const alone = split.names.map((_, t) => 1 << t);
      const any = bits(agreeingGroups(by, { unknown: 0 }).groups);
      return bestOf([alone, [2 ** count - 1], any, ...found], (own) => gainOf(split, own, 'validation'));
    }),
    affinity: proposed('affinity'),
    cosine: proposed('cosine'),
    groups: splits.map((split) => {
      const named = (sets) => sets.map((set) => members(set, count).map((t) => split.names[t]));
      return {
        any: named(bits(agreeingGroups(measured(split), { unknown: 0 }).groups)),
        two: named(bits(chooseGroups(measured(split), { most: 2, ...asked }).groups)),
      };
    }),
    correlation: mean(splits.map((split) => correlationOf(diagnosis, split, splits))),
    cost: mean(splits.map(({ seconds }) => seconds.one / seconds.every)),
  };
}

/** Spearman's ρ of predicted scores and gains, over all tasks of all groups; gains are means over splits. */
function correlationOf({ affinityFrom, groupScore, rankCorrelation }, { names, observed }, splits) {
  const affinity = affinityFrom(observed.affinity.values);
  const pairs = sets(names.length).flatMap((set) => {
    const own = members(set, names.length);
    if (own.length < 2) return [];
    return own.map((t, i) => [
      groupScore(affinity, t, own) ?? 0,
      mean(splits.map(({ gains }) => gains[set].test[i])),
    ]);
  });
  return rankCorrelation(
    pairs.map(([score]) => score),
    pairs.map(([, gain]) => gain),
  );
}

/** What sums are made of. */
const kept = ({ looks, affinity, cosine }) => ({ looks, affinity, cosine });

/** Four digits are more than these numbers hold. */
const short = (_, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);
const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { problems: {} };
const polytask = await loadPolytask();
const { problems } = known;
if (!options.again) {
  const runtime = await polytask.openRuntime({ runtime: 'native', threads: 1 });
  for (const [name, problem] of Object.entries(PROBLEMS)) {
    if (options.only !== undefined && !options.only.split(',').includes(name)) continue;
    const splits = [];
    for (let i = 0; i < Number(options.splits); i++)
      splits.push(await split(polytask, runtime, problem, 100 * i));
    problems[name] = { seeds: Number(options.seeds), splits };
  }
  await runtime.close();
}
for (const own of Object.values(problems)) own.summary = summarise(polytask, own.splits);
console.table(
  Object.fromEntries(
    Object.entries(problems).map(([name, { summary }]) => {
      const { groups: _, affinity, cosine, ...rest } = summary;
      const shown = { ...rest, any: affinity.any, two: affinity.two, cosineTwo: cosine.two };
      return [name, Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, value.toFixed(3)]))];
    }),
  ),
);
const machine = (options.again && known.machine) || describeMachine();
for (const { splits } of Object.values(problems)) for (const own of splits) own.observed = kept(own.observed);
writeFileSync(file, `${JSON.stringify({ machine, problems }, short)}\n`);
