/**
 * Does the shallow tower take the bias of positions out? Ratings of MovieLens become lists that an earlier ranker put in
 * order and that users read from the top: a click needs that the position was looked at and that the movie is liked.
 * Learned from these clicks: `youtube`, with positions, and the same mixture of experts without them; judged by what
 * users like in ratings that no list held, with the position unknown.
 *
 *   node benchmarks/learning/position-bias.mjs [DATA-FOLDER] [SEEDS]
 *
 * Writes benchmarks/results/position-bias.json.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { binary, fit, regression } from '../../dist/index.mjs';
import { normals, paired, uniforms } from './lib.mjs';

const root = resolve(import.meta.dirname, '../..');
const [folder = join(root, '../shared/data'), count = '5'] = process.argv.slice(2);
const LENGTH = 10;
/**
 * How likely a position is looked at, and how far the ranker before knew what a user likes: what it knew and the models
 * do not looks like a bias of positions, too.
 */
const WORLDS = {
  'biased: 1 / position': { examination: (position) => 1 / position, knowledge: 0 },
  'no bias': { examination: () => 1, knowledge: 0 },
  'no bias, a ranker that knew more': { examination: () => 1, knowledge: 0.3 },
};
/** Of a movie that is looked at: clicked where it is liked, and by mistake. */
const [LIKED, DISLIKED] = [0.8, 0.1];
const EXPERTS = 4;
const WAYS = {
  youtube: { sharing: `youtube:position=position,experts=${EXPERTS},bottom=1`, exclude: [] },
  ignoring: { sharing: `mmoe:experts=${EXPERTS},bottom=1`, exclude: ['position'] },
};

const ratings = readRatings();
const seeds = Array.from({ length: Number(count) }, (_, seed) => seed);
const models = [];
for (const [name, world] of Object.entries(WORLDS)) {
  const runs = [];
  for (const seed of seeds) {
    const { rows, test } = impressions(world, seed);
    const run = { seed };
    for (const [way, settings] of Object.entries(WAYS)) {
      run[way] = await learn(rows, test, settings, world, seed);
      console.log(name, seed, way, JSON.stringify(run[way]));
    }
    runs.push(run);
  }
  const difference = (metric) =>
    paired(runs.map(({ youtube, ignoring }) => youtube[metric] - ignoring[metric]));
  models.push({
    world: name,
    runs,
    correlation: runs.some(({ youtube }) => youtube.correlation === undefined)
      ? undefined
      : { least: Math.min(...runs.map(({ youtube }) => youtube.correlation)) },
    difference: { auc: difference('auc'), ndcg: difference('ndcg') },
  });
}
const result = { positions: LENGTH, seeds, ratings: ratings.length, node: process.version, models };
writeFileSync(join(root, 'benchmarks/results/position-bias.json'), `${JSON.stringify(result, null, 2)}\n`);
for (const { world, correlation, difference } of models) {
  const text = ({ mean, low, high }) => `${mean.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
  console.log(`${world}: youtube − ignoring, AUC ${text(difference.auc)}, NDCG ${text(difference.ndcg)}`);
  if (correlation !== undefined)
    console.log(`  bias recovered: correlation from ${correlation.least.toFixed(3)}`);
}

function readRatings() {
  const read = (name) =>
    gunzipSync(readFileSync(join(folder, 'movielens-small', `${name}.csv.gz`)))
      .toString('utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1);
  const movies = new Map(
    read('movies').map((line) => {
      const [, id, title, genres] = /^(\d+),(.*),([^,]*)$/.exec(line);
      return [
        id,
        { year: Number(/\((\d{4})\)/.exec(title)?.[1] ?? Number.NaN), genres: genres.replaceAll('|', ' ') },
      ];
    }),
  );
  return read('ratings').map((line) => {
    const [user, movie, rating] = line.split(',');
    return { user: `u${user}`, movie: `m${movie}`, ...movies.get(movie), rating: Number(rating) };
  });
}

/** Lists of ten from four fifths of each user's ratings, with clicks; the other fifth is what models are judged by. */
function impressions({ examination, knowledge }, seed) {
  const uniform = uniforms(1000 + seed);
  const normal = normals(2000 + seed);
  // The ranker before had its favourites, for reasons that have nothing to do with who likes what: new movies above all.
  const favour = new Map();
  for (const { movie, year } of ratings)
    if (!favour.has(movie)) favour.set(movie, (Number.isNaN(year) ? 0 : (year - 1995) / 15) + 0.5 * normal());
  const byUser = byUserOf(ratings);
  const [rows, test] = [[], []];
  for (const own of byUser.values()) {
    const shuffled = own
      .map((row) => [uniform(), row])
      .sort(([a], [b]) => a - b)
      .map(([, row]) => row);
    const held = Math.ceil(shuffled.length / 5);
    test.push(...shuffled.slice(0, held));
    for (let start = held; start + LENGTH <= shuffled.length; start += LENGTH) {
      const side = uniform() < 0.1 ? 'validation' : 'train';
      shuffled
        .slice(start, start + LENGTH)
        .map((row) => [favour.get(row.movie) + knowledge * (row.rating - 3.5) + 0.5 * normal(), row])
        .sort(([a], [b]) => b - a)
        .forEach(([, { rating, ...row }], i) => {
          const chance = examination(i + 1) * (rating >= 4 ? LIKED : DISLIKED);
          const click = uniform() < chance;
          // How satisfied a user is shows only after a click.
          rows.push({ ...row, position: i + 1, click, satisfaction: click ? rating : null, side });
        });
    }
  }
  // A run wants test rows of its own; these are judged as the models were trained, and not used here.
  rows
    .filter(({ side }) => side === 'train')
    .slice(0, 50)
    .forEach((row) => {
      row.side = 'test';
    });
  return { rows, test };
}

function byUserOf(rows) {
  const users = new Map();
  for (const row of rows) {
    if (!users.has(row.user)) users.set(row.user, []);
    users.get(row.user).push(row);
  }
  return users;
}

async function learn(rows, test, { sharing, exclude }, { examination }, seed) {
  const out = mkdtempSync(join(tmpdir(), 'polytask-position-'));
  try {
    const { result, model } = await fit({
      data: rows,
      tasks: { click: binary(), satisfaction: regression() },
      exclude,
      encoders: { user: 'categorical', movie: 'categorical', genres: 'text' },
      split: { column: 'side' },
      model: { sharing, hidden: [64, 32], embedding: 8, textEmbedding: 8, dropout: 0.2 },
      training: { maxEpochs: 20, patience: 3, learningRate: 0.002, batchSize: 512 },
      seeds: 1,
      seed,
      baseline: false,
      out: join(out, 'run'),
    });
    const predicted = await model.predict(test.map(({ rating: _, ...row }) => row));
    await model.close();
    const scored = test.map(({ user, rating }, i) => ({
      user,
      rating,
      score: predicted[i].click.probability,
    }));
    const bias = biasOf(result);
    const steep = examination(2) !== examination(1);
    return {
      auc: auc(scored.map(({ rating, score }) => ({ score, positive: rating >= 4 }))),
      ndcg: ndcg(scored),
      epochs: result.multi.curve.at(-1).epoch,
      ...(bias && { bias }),
      ...(bias &&
        steep && {
          correlation: correlation(
            bias,
            bias.map((_, i) => Math.log(examination(i + 1))),
          ),
        }),
    };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** The tower's logit at each position. */
function biasOf({ multi }) {
  const table = multi.watched?.find(({ name }) => name === 'position bias');
  return (
    table && Array.from({ length: LENGTH }, (_, i) => table.values[0][table.rows.indexOf(String(i + 1))][0])
  );
}

function auc(scored) {
  const sorted = scored.toSorted((a, b) => a.score - b.score);
  const positives = sorted.filter(({ positive }) => positive).length;
  let ranks = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && sorted[end].score === sorted[start].score) end++;
    for (let i = start; i < end; i++) if (sorted[i].positive) ranks += (start + end + 1) / 2;
    start = end;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (sorted.length - positives));
}

/** Mean over users of Σ gain / log₂(rank + 1) for the first ten, against the best order; gain 1 where liked. */
function ndcg(scored) {
  const gain = (rows) =>
    rows.slice(0, LENGTH).reduce((sum, { rating }, i) => sum + (rating >= 4) / Math.log2(i + 2), 0);
  const values = [...byUserOf(scored).values()].flatMap((own) => {
    const best = gain(own.toSorted((a, b) => b.rating - a.rating));
    return best === 0 ? [] : [gain(own.toSorted((a, b) => b.score - a.score)) / best];
  });
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function correlation(x, y) {
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const [a, b] = [x.map((value) => value - mean(x)), y.map((value) => value - mean(y))];
  const product = (u, v) => u.reduce((sum, value, i) => sum + value * v[i], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
